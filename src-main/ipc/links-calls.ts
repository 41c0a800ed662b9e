// Links that are out in the world.

import { linkListSchema, type linkCalls, type RevokedLinks } from '../../src-shared/ipc/links.ts';
import { done, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

export function linkHandlers(parts: CallParts): HandlersOf<typeof linkCalls> {
  const service = serviceOf(parts);
  return {
    // The schema leaves out what the window does not show.
    'links.list': async ({ ask }) => linkListSchema.parse(await service().links({ offline: !ask })),
    'links.copy': async ({ url }) => done(await parts.desktop.copyText(url)),
    'links.revoke': async ({ urls }) => {
      let revoked = 0;
      const failed: RevokedLinks['failed'] = [];
      for (const url of urls) {
        try {
          const answer = await service().revokeLink(url);
          revoked += answer.revoked.length;
          failed.push(...answer.failed.map(({ url: one, message }) => ({ url: one, message })));
        } catch (error) {
          failed.push({ url, message: error instanceof Error ? error.message : String(error) });
        }
      }
      return { revoked, failed };
    },
  };
}
