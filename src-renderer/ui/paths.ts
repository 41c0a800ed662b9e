// Paths as people read them: `Quotations/SO001` is `Quotations › SO001`.

export function shownPath(path: string): string {
  return path.replaceAll('/', ' › ');
}

/** The folder that it lies in, as people read it; empty at the top. */
export function shownFolder(path: string): string {
  return shownPath(path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
}

export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
