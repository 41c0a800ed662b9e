// Connecting a client from the window's form: the client is added, the person agrees in the system's browser (or has
// given an access token, which Dropbox is asked about), and a client whose login did not come about leaves nothing behind.

import type { z } from 'zod';
import type { connectFormSchema } from '../../src-shared/ipc/setup.ts';
import type { Speech } from '../../src-shared/said.ts';
import type { ClientView } from '../../src-shared/views.ts';
import type { AppService, ClientOptions, Credentials } from '../app/service.ts';

type Form = z.infer<typeof connectFormSchema>;

export interface LoginParts {
  readonly announce: (address: string) => void;
  readonly openBrowser: (address: string) => Promise<void>;
  readonly speech: () => Speech;
}

export async function connectClient(
  service: AppService,
  form: Form,
  login: LoginParts,
  signal: AbortSignal,
): Promise<ClientView> {
  const draft = service.clients().find((client) => client.name === form.name && client.state === 'draft');
  if (draft) service.removeClient(draft.name);
  const team = form.teamMemberEmail?.trim() ?? '';
  const options: ClientOptions = team === '' ? {} : { teamMemberEmail: team };
  const appSecret = form.appSecret?.trim() ?? '';
  const secret = appSecret === '' ? {} : { appSecret };
  const byToken = form.method === 'access-token';
  const credentials: Credentials = byToken
    ? { kind: 'access-token', token: form.secret }
    : { kind: 'app-key', appKey: form.secret, ...secret };
  service.addClient(form.name, form.root, credentials, options);
  try {
    if (byToken) return await service.replaceToken(form.name, form.secret);
    return await service.connectClient(form.name, { ...login, signal });
  } catch (error) {
    service.removeClient(form.name);
    throw error;
  }
}
