// Where Dropbox traffic goes: the four hosts of Dropbox, or one loopback origin that stands for all of them.
// `loopbackOrigin` checks the option; `addressFor` gives the address of a request. Called by the transport and OAuth.

import { Fault } from '../../engine/ports.ts';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** `text` as an origin; anything that is not plain http(s) on 127.0.0.1, ::1 or localhost is refused ('bad-request'). */
export function loopbackOrigin(text: string): string {
  const refused = (): Fault =>
    new Fault(
      'bad-request',
      `The Dropbox origin "${withoutLogin(text)}" is refused: only http://127.0.0.1:PORT, http://[::1]:PORT or ` +
        'http://localhost:PORT is allowed. Correct it, or leave it unset to use Dropbox itself.',
    );
  if (!URL.canParse(text)) throw refused();
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const http = url.protocol === 'http:' || url.protocol === 'https:';
  if (!http || !plain || url.pathname !== '/' || !LOOPBACK_HOSTS.has(url.hostname)) throw refused();
  return url.origin;
}

/** `address` at Dropbox, or the same path at `origin` where one is given. */
export function addressFor(address: string, origin: string | null): string {
  if (origin === null) return address;
  const { pathname, search } = new URL(address);
  return `${origin}${pathname}${search}`;
}

function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@');
}
