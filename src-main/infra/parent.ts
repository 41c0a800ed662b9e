// bin/docktide.mjs on an older Node starts the real program as its child. When that starter is killed, the child must
// not go on unseen: it ends at once, as if the signal had hit it. Everything it does is safe against that.

/** Installs the watch where this process was started that way. */
export function endWithParent(): void {
  if (process.env['DOCKTIDE_PARENT'] === undefined || process.channel === undefined) return;
  const end = (): void => void process.kill(process.pid, 'SIGKILL');
  process.on('disconnect', end);
  if (!process.connected) end();
  // The channel alone shall not keep the program alive.
  process.channel?.unref();
}
