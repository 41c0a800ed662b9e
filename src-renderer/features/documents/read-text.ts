// The beginning of a document as text, from the address of its preview.

/** Bytes that are read. */
const LIMIT = 200_000;

/** `cut`: there is more. Throws where there is no preview. */
export async function readText(address: string, signal: AbortSignal): Promise<{ text: string; cut: boolean }> {
  const response = await fetch(address, { signal });
  if (response.status !== 200 || response.body === null) throw new Error(response.statusText);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length < LIMIT) continue;
    await reader.cancel();
    break;
  }
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  return { text: decoded(bytes.subarray(0, LIMIT)), cut: length >= LIMIT };
}

/** UTF-8, or the old encoding of Windows where it is not. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
