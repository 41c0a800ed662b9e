// The door between window and main process: one channel for calls, one for dropped files. Only the app's own page in the
// app's own window is heard; arguments and results are checked against the contract; an error crosses as a code and a
// sentence, never as an exception with a stack.

import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { CHANNELS, calls, type Answer, type CallName, type CallResult } from '../../src-shared/ipc-contract.ts';
import { dropSchema } from '../../src-shared/ipc/documents.ts';
import { uploadSchema, type UploadResult } from '../../src-shared/ipc/files.ts';
import { AppError } from '../app/service.ts';
import { PAGE_ORIGIN } from '../shell/page-protocol.ts';

export type Handlers = {
  readonly [Name in CallName]: (args: z.output<(typeof calls)[Name]['args']>) => Promise<CallResult<Name>>;
};

type DropHandler = (drop: z.output<typeof dropSchema>) => Promise<UploadResult>;

interface RouterOptions {
  readonly handlers: Handlers;
  readonly drop: DropHandler;
  /** True for the contents of the app's own window. */
  readonly isOwn: (contentsId: number) => boolean;
  /** Errors that are not the person's to solve. */
  readonly onUnexpected: (error: unknown) => void;
}

export function serveCalls({ handlers, drop, isOwn, onUnexpected }: RouterOptions): void {
  const answered = async (event: IpcMainInvokeEvent, work: () => Promise<unknown>): Promise<Answer> => {
    if (!isTrusted(event, isOwn)) return refusal('untrusted-sender', 'This page may not use Docktide.');
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      if (error instanceof AppError) return refusal(error.code, error.message);
      if (error instanceof z.ZodError) return refusal('wrong-argument', z.prettifyError(error));
      onUnexpected(error);
      return refusal('unexpected', error instanceof Error ? error.message : 'Something unexpected went wrong.');
    }
  };

  ipcMain.handle(CHANNELS.call, (event, name: unknown, args: unknown) =>
    answered(event, () => {
      if (!isCallName(name)) throw new AppError('unknown-call', 'The window asked for something that does not exist.');
      return run(handlers, name, args);
    }),
  );
  ipcMain.handle(CHANNELS.drop, (event, args: unknown) =>
    answered(event, async () => uploadSchema.parse(await drop(dropSchema.parse(args)))),
  );
}

async function run<Name extends CallName>(handlers: Handlers, name: Name, args: unknown): Promise<unknown> {
  const contract = calls[name];
  // The handler's argument type follows from the schema of the same name, which TypeScript cannot see for a union.
  const handler = handlers[name] as (checked: unknown) => Promise<unknown>;
  return contract.result.parse(await handler(contract.args.parse(args)));
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

function isTrusted(event: IpcMainInvokeEvent, isOwn: (contentsId: number) => boolean): boolean {
  const frame = event.senderFrame;
  return isOwn(event.sender.id) && frame?.parent === null && frame.url.startsWith(`${PAGE_ORIGIN}/`);
}

function refusal(code: string, message: string): Answer {
  return { ok: false, error: { code, message } };
}
