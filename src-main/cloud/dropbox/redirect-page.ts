// The page that the browser shows at the end of a login: self-contained, in the language of whoever started it. In: what
// to say; out: headers and HTML. Called by redirect-listener.ts.

import { createHash } from 'node:crypto';

import type { Speech } from '../../../src-shared/said.ts';

export interface Page {
  readonly status: number;
  readonly tone: 'good' | 'bad';
  readonly title: string;
  /** Sentences of the program, or answers of others. */
  readonly text: readonly string[];
}

const STYLE = `:root{color-scheme:light dark;--ground:#eef2f6;--card:#fff;--ink:#17212b;--soft:#52606d;--good:#1b7f4b;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#11171d;--card:#1b232b;--ink:#eef2f6;--soft:#a9b5c0;--good:#5ccf93;--bad:#ff8a80}}
*{box-sizing:border-box}
body{display:grid;place-items:center;min-height:100vh;margin:0;padding:1rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:30rem;padding:2.5rem;border-radius:1rem;background:var(--card);box-shadow:0 1px 2px #0002,0 12px 40px #0001;text-align:center}
svg{width:3.5rem;height:3.5rem;fill:none;stroke:currentColor;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.good svg{color:var(--good)}.bad svg{color:var(--bad)}
h1{margin:1rem 0 .5rem;font-size:1.5rem;line-height:1.25}
p{margin:0;color:var(--soft);overflow-wrap:anywhere}
footer{margin-top:2rem;color:var(--soft);font-size:.875rem;letter-spacing:.04em}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  connection: 'close',
} as const;

const SIGNS: Readonly<Record<Page['tone'], string>> = {
  good: '<circle cx="24" cy="24" r="20"/><path d="m15 25 6 6 12-13"/>',
  bad: '<circle cx="24" cy="24" r="20"/><path d="M24 14v13M24 33v.5"/>',
};

export function pageHtml({ title, text, tone }: Page, { say, language, direction }: Speech): string {
  const [head, body] = [say(title), text.map(say).join(' ')].map(escaped);
  return `<!doctype html>
<html lang="${escaped(language)}" dir="${direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${head} – Docktide</title><style>${STYLE}</style></head>
<body><main class="${tone}"><svg viewBox="0 0 48 48" aria-hidden="true">${SIGNS[tone]}</svg>
<h1>${head}</h1><p>${body}</p><footer>Docktide</footer></main></body></html>
`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
