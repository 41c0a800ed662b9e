// `docktide emulator`: runs the Dropbox emulator until SIGINT or SIGTERM. Called by the command line.

import { startEmulator } from './server.ts';

export interface EmulatorCommandOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Folder that keeps the state; null keeps nothing. */
  readonly data: string | null;
  /** The only token accepted; null accepts any. */
  readonly token: string | null;
}

/** Prints one JSON line when ready; resolves with the exit code when a signal ended it. */
export async function runEmulatorCommand(options: EmulatorCommandOptions): Promise<number> {
  const emulator = await startEmulator({ port: options.port, dataFolder: options.data, token: options.token });
  const ready = {
    ready: true,
    origin: emulator.origin,
    port: emulator.port,
    token: options.token,
    control: `${emulator.origin}/_control/`,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await emulator.close();
  return 0;
}
