// Opens an address in the system's browser; used where a person logs in from the command line.

import { spawn } from 'node:child_process';

/** Resolves when the browser was asked; rejects where there is none. Only web addresses are opened. */
export async function openInBrowser(address: string): Promise<void> {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error('Only web addresses can be opened.');
  const { command, before } = browserCommand(process.platform);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, [...before, url.href], { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function browserCommand(platform: NodeJS.Platform): { command: string; before: readonly string[] } {
  if (platform === 'darwin') return { command: 'open', before: [] };
  // Not `cmd /c start`: the shell there would read `&` in an address as its own.
  if (platform === 'win32') return { command: 'rundll32', before: ['url.dll,FileProtocolHandler'] };
  return { command: 'xdg-open', before: [] };
}
