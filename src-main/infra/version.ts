// The version of this program, from its package.json.

import { existsSync, readFileSync } from 'node:fs';

let known: string | null = null;

export function programVersion(): string {
  if (known !== null) return known;
  // Beside src-main/ in the sources, above out/main/ in the built app.
  for (const place of ['../../package.json', '../package.json', '../../../package.json']) {
    const url = new URL(place, import.meta.url);
    if (!existsSync(url)) continue;
    const { name, version } = JSON.parse(readFileSync(url, 'utf8')) as { name?: string; version?: string };
    if (name === 'docktide' && version !== undefined) return (known = version);
  }
  return (known = 'unknown');
}
