// The pictures of the user manual, from the gallery's scenes: every screen, light and dark, in two sizes. Called by
// gallery.mjs with `--pictures`; `--only NAME` takes those whose names begin so.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from 'playwright';
import { withPalette } from './png-palette.mjs';

/** Name of the picture, and the scene that it shows. */
export const PICTURES = {
  'first-run': 'setup-start',
  'first-sync': 'frame-first-sync',
  documents: 'documents-record',
  preview: 'documents-preview',
  grid: 'documents-grid',
  search: 'documents-search',
  share: 'documents-share',
  palette: 'frame-palette',
  shortcuts: 'frame-shortcuts',
  'attachment-box': 'box-record',
  'quick-drop': 'quick-record',
  sync: 'sync-working',
  plan: 'sync-preview',
  held: 'sync-held',
  conflicts: 'conflicts-text',
  trash: 'trash-some',
  dashboard: 'dashboard-good',
  'dashboard-trouble': 'dashboard-trouble',
  log: 'log-some',
  backups: 'backups-some',
  restore: 'backups-restore',
  links: 'links-some',
  'settings-accounts': 'settings-accounts',
  'settings-rules': 'settings-rules',
  'settings-sync': 'settings-sync',
  'settings-notifications': 'settings-notifications',
  trouble: 'frame-trouble',
};

/** Scenes of a window that is smaller than the picture. */
const SMALL = { 'quick-drop': { x: 0, y: 0, width: 420, height: 520 } };

const SIZES = [
  { width: 1280, height: 800, suffix: '' },
  { width: 1920, height: 1080, suffix: '-1920' },
];
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

/** Taken when nothing is on its way any more and two pictures in a row are the same. */
async function settled(page, name) {
  let before = null;
  for (let look = 0; look < 60; look++) {
    await page.waitForTimeout(150);
    const busy = await page.locator('[role="status"][aria-busy="true"]').count();
    const picture = await page.screenshot(SMALL[name] && { clip: SMALL[name] });
    if (busy === 0 && before?.equals(picture)) return picture;
    before = picture;
  }
  throw new Error(`The scene of the picture "${name}" does not come to rest.`);
}

/** `build` writes the gallery to a folder. */
export async function takePictures(folder, build, beginning = '') {
  const built = mkdtempSync(join(tmpdir(), 'docktide-pictures-'));
  await build(built);
  const server = createServer((request, response) => {
    const file = join(built, new URL(request.url ?? '/', 'http://gallery').pathname);
    if (!file.startsWith(built) || !existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  try {
    for (const { width, height, suffix } of SIZES) {
      const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce', timezoneId: 'UTC' });
      // The day of the sample company: what happened today shows its time.
      await page.addInitScript((today) => {
        window.Date = class extends Date {
          constructor(...parts) {
            super(...(parts.length === 0 ? [today] : parts));
          }
          static now = () => today;
        };
      }, Date.parse('2026-11-20T12:02:00Z'));
      await page.goto(`http://127.0.0.1:${server.address().port}/gallery/index.html?empty`);
      for (const [name, scene] of Object.entries(PICTURES)) {
        if (!name.startsWith(beginning)) continue;
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.evaluate((id) => window.showScene(id, 'en'), scene);
          const file = join(folder, `${name}-${colorScheme}${suffix}.png`);
          writeFileSync(file, withPalette(await settled(page, name)));
          bytes += statSync(file).size;
        }
      }
      await page.close();
    }
  } finally {
    await browser.close();
    server.close();
    rmSync(built, { recursive: true, force: true });
  }
  return bytes;
}
