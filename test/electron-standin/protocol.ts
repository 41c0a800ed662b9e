// protocol.handle: a custom scheme is mapped to an https host below .localhost, whose requests chromium hands over
// (Fetch domain) and the app's handler answers.

import { command } from './chromium.ts';

type SchemeHandler = (request: Request) => Response | Promise<Response>;

const schemes = new Map<string, SchemeHandler>();
const SUFFIX = '.localhost';

export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle(scheme: string, handler: SchemeHandler): void {
    if (schemes.has(scheme)) throw new Error(`The scheme ${scheme} is already handled.`);
    schemes.set(scheme, handler);
  },
  unhandle: (scheme: string): void => void schemes.delete(scheme),
  isProtocolHandled: (scheme: string): boolean => schemes.has(scheme),
};

/** The address that chromium is given for an address of the app. */
export function toChromium(address: string): string {
  const url = new URL(address);
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.has(scheme)) return address;
  return `https://${url.host}.${scheme}${SUFFIX}${url.pathname}${url.search}${url.hash}`;
}

/** The app's address for one that chromium shows. */
export function fromChromium(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  for (const scheme of schemes.keys()) {
    const ending = `.${scheme}${SUFFIX}`;
    if (url.protocol !== 'https:' || !url.hostname.endsWith(ending)) continue;
    return `${scheme}://${url.hostname.slice(0, -ending.length)}${url.pathname}${url.search}${url.hash}`;
  }
  return address;
}

/** The patterns of requests to hand over: our schemes, and every navigation (for `will-navigate`). */
export function interceptionPatterns(): readonly object[] {
  const own = [...schemes.keys()].map((scheme) => ({ urlPattern: `https://*.${scheme}${SUFFIX}/*` }));
  return [...own, { urlPattern: '*', resourceType: 'Document' }];
}

export interface PausedRequest {
  readonly requestId: string;
  readonly resourceType: string;
  readonly frameId: string;
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** Answers one request that chromium handed over. */
export async function answer(paused: PausedRequest, sessionId: string): Promise<void> {
  const address = fromChromium(paused.request.url);
  const handler = schemes.get(new URL(address).protocol.slice(0, -1));
  if (!handler) {
    await command('Fetch.continueRequest', { requestId: paused.requestId }, sessionId);
    return;
  }
  try {
    const response = await handler(new Request(address, { method: paused.request.method }));
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
    await command(
      'Fetch.fulfillRequest',
      { requestId: paused.requestId, responseCode: response.status, responseHeaders, body },
      sessionId,
    );
  } catch (error) {
    console.error(`The handler of ${address} failed:`, error);
    await command('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Failed' }, sessionId);
  }
}
