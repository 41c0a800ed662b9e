// Streams one large file into an upload session and takes an interrupted one up again: pieces side by side, or, where the
// line is slow, one after the other. In: an upload request; out: the id of a closed session that holds all of it, ready to
// be committed. Called by upload.ts.

import type { UploadRequest } from '../../engine/ports.ts';
import { isConcurrent, streamConcurrently } from './concurrent-upload.ts';
import { streamInOrder } from './sequential-upload.ts';
import { sessionKey, type StreamHooks, type UploadContext } from './upload-context.ts';

/** Answers the session's id. Faults: changed (content is not what the request promised), and those of transfer. */
export async function streamToSession(
  context: UploadContext,
  request: UploadRequest,
  hooks: StreamHooks,
): Promise<string> {
  const known = context.sessions.get(sessionKey(request));
  const sideBySide = known === null ? !context.speed.isSlow : isConcurrent(known);
  const session = sideBySide ? await streamConcurrently(context, request, hooks) : null;
  return session ?? streamInOrder(context, request, hooks);
}
