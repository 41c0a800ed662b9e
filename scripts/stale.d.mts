/** Whether the desktop app in `home` must be built: `out/` is missing or older than its sources. */
export function isStale(home: string): boolean;
