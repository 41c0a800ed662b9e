// Draws the program's icon and the tray's icons: `node build/draw-icons.mjs` after the mark below was changed.
// The PNG files are kept with the sources, so that nobody needs chromium to build the app.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';

const GROUNDS = { synced: '#0d7680', syncing: '#0d6f8f', paused: '#6b767c', attention: '#c26a00', idle: '#8a959b' };

/** A dock, as the letter D, and the tide in it: the same mark as in src-renderer/ui/Logo.tsx. */
function mark(ground, tide, extra = '') {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="100%" height="100%">
    <rect width="32" height="32" rx="8" fill="${ground}"/>
    <path d="M10 7.5h5.5a8.5 8.5 0 0 1 0 17H10z" fill="none" stroke="#fff" stroke-width="2.6" stroke-linejoin="round"/>
    <path d="M10 17.6q1.75-1.7 3.5 0t3.5 0 3.5 0 3.3-.5a8.5 8.5 0 0 1-8.3 7.4H10z" fill="${tide}" stroke="#fff" stroke-width="1.2" stroke-linejoin="round"/>
    ${extra}
  </svg>`;
}

/** Colour alone says nothing to many people: each state has a sign in the corner too. */
const SIGNS = {
  synced:
    '<path d="M20.5 25.5l3 3 6-6.5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>',
  syncing:
    '<path d="M25 29.5v-9m-3.6 3.6L25 20.5l3.6 3.6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>',
  paused: '<path d="M22.5 21v8m5-8v8" stroke="#fff" stroke-width="3" stroke-linecap="round"/>',
  attention: '<path d="M25 20v5.4m0 3.6v.2" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>',
  idle: '',
};

function tray(state) {
  const sign = SIGNS[state];
  const disc =
    sign === ''
      ? ''
      : `<circle cx="25" cy="25" r="8.5" fill="${GROUNDS[state]}" stroke="#fff" stroke-width="1.4"/>${sign}`;
  return mark(GROUNDS[state], state === 'synced' || state === 'syncing' ? '#8fe3ea' : '#e6eaec', disc);
}

/** For the menu bar of macOS, which gives the colour itself: only what is opaque counts, so that the mark is cut out. */
function template(state) {
  const sign = SIGNS[state].replaceAll('#fff', '#000');
  const room = sign === '' ? '' : '<circle cx="25" cy="25" r="9.5" fill="#000"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="100%" height="100%">
    <mask id="cut">
      <rect width="32" height="32" rx="8" fill="#fff"/>
      <path d="M10 7.5h5.5a8.5 8.5 0 0 1 0 17H10z" fill="none" stroke="#000" stroke-width="3" stroke-linejoin="round"/>
      ${room}
    </mask>
    <rect width="32" height="32" rx="8" fill="#000" mask="url(#cut)"/>
    ${sign}
  </svg>`;
}

const path = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const browser = await chromium.launch({ ...(path && { executablePath: path }), args: ['--no-sandbox'] });
const page = await browser.newPage();

async function draw(svg, size, file) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<body style="margin:0;display:flex">${svg}</body>`);
  writeFileSync(join(import.meta.dirname, file), await page.screenshot({ omitBackground: true }));
}

await draw(mark('#0d7680', '#8fe3ea'), 1024, 'icon.png');
for (const state of Object.keys(GROUNDS)) {
  await draw(tray(state), 32, `tray-${state}.png`);
  await draw(tray(state), 64, `tray-${state}@2x.png`);
  await draw(template(state), 16, `tray-${state}Template.png`);
  await draw(template(state), 32, `tray-${state}Template@2x.png`);
}
await browser.close();
