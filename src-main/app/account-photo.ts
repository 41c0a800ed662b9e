// The picture of a connected account, fetched for the window, which may load nothing itself: small, from Dropbox only, and
// handed on as an address that holds its bytes. No picture is no error: initials stand in its place.

/** Bytes beyond which it is no picture of a face. */
const LARGEST = 512 * 1024;
const PATIENCE_MS = 8_000;
const PICTURES = /^image\/(png|jpeg|gif|webp)$/;
const HOSTS = ['dropbox.com', 'dropboxusercontent.com'];

type Fetch = (address: string, init: { readonly signal: AbortSignal; readonly redirect: 'error' }) => Promise<Response>;

/** `origin`: the emulator's, where one stands in for Dropbox. */
export async function accountPhoto(
  address: string | null,
  origin: string | null,
  get: Fetch = fetch,
): Promise<string | null> {
  if (address === null || !isDropbox(address, origin)) return null;
  try {
    const response = await get(address, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    if (!response.ok || !PICTURES.test(type)) return null;
    const bytes = await bounded(response);
    return bytes === null ? null : `data:${type};base64,${bytes.toString('base64')}`;
  } catch {
    return null;
  }
}

function isDropbox(address: string, origin: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (origin !== null && url.origin === new URL(origin).origin) return true;
  return url.protocol === 'https:' && HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}

async function bounded(response: Response): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST) return null;
    chunks.push(chunk);
  }
  return size === 0 ? null : Buffer.concat(chunks);
}
