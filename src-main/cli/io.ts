// What the command line reads from and writes to; the tests of single commands bring their own.

export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether a person watches standard error on a terminal (progress bar, colours). */
  readonly terminal: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  readonly env: NodeJS.ProcessEnv;
  readonly workingFolder: string;
}

/**
 * The process's own streams. A reader that goes away (`docktide ls | head`) ends the output without a word;
 * the command itself is finished.
 */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY,
    columns: process.stderr.columns || 80,
    env: process.env,
    workingFolder: process.cwd(),
  };
}
