// The page's side of the contract: typed calls, checked answers, checked events. Nothing else touches `window.docktide`.

import { z } from 'zod';
import {
  answerSchema,
  calls,
  pushSchema,
  type Bridge,
  type CallArgs,
  type CallName,
  type CallResult,
  type Push,
} from '../../src-shared/ipc-contract.ts';
import { uploadSchema, type UploadResult } from '../../src-shared/ipc/files.ts';
import { said } from '../ui/words.ts';

// zod would compile its checks with `new Function`, which the policy of the page forbids.
z.config({ jitless: true });

declare global {
  interface Window {
    readonly docktide: Bridge;
  }
}

/** What the main process refused: `code` for the program, `message` a sentence for the person. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function open(answer: unknown): unknown {
  const checked = answerSchema.parse(answer);
  if (!checked.ok) throw new CallError(checked.error.code, checked.error.message);
  return checked.value;
}

export async function call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<CallResult<Name>> {
  const contract = calls[name];
  const value = open(await window.docktide.call(name, contract.args.parse(args)));
  return contract.result.parse(value) as CallResult<Name>;
}

/** Puts files that were dropped on the window into a folder; their paths never reach this page. */
export async function dropFiles(folderId: number, files: readonly File[]): Promise<UploadResult> {
  return uploadSchema.parse(open(await window.docktide.dropFiles(folderId, files)));
}

const batchSchema = z.array(pushSchema);

export function onPush(listener: (push: Push) => void): () => void {
  return window.docktide.onPush((batch) => {
    for (const push of batchSchema.parse(batch)) listener(push);
  });
}

/** What went wrong, in the language of the window. */
export function sentence(error: unknown): string {
  return said(error instanceof Error ? error.message : String(error));
}
