// link: making, listing, copying and taking back links; and whether a client makes any (client links).

import {
  audienceSentence,
  type LinkView,
  type LinksMode,
  type RevokedLinksView,
} from '../../../src-shared/link-views.ts';
import { EXIT, UsageError } from '../context.ts';
import { secretFrom } from '../secret-input.ts';
import { count, printable, table, timeText } from '../text.ts';
import { word } from './words.ts';
import type { LinkOptions } from '../../app/links-service.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export interface CreateArguments {
  readonly expires?: string;
  readonly passwordEnv?: string;
  readonly passwordStdin?: boolean;
  readonly audience?: 'public' | 'team';
}

export async function linkCreate(context: Context, words: Words, options: CreateArguments): Promise<void> {
  const password = await secretFrom(context, 'password', '--password-', {
    env: options.passwordEnv,
    stdin: options.passwordStdin,
  });
  const wish: LinkOptions = {
    ...(options.expires === undefined ? {} : { expires: options.expires }),
    ...(password === null ? {} : { password }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  };
  await context.withService(async (service) => {
    const link = await service.createLink(word(words, 0), wish);
    for (const note of link.notes) context.note(note);
    if (link.expires !== null) context.note(`It works until ${timeText(link.expires)}.`);
    context.answer(link, () => `${link.url}\n`);
  });
}

export async function linkCopy(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const link = await service.createLink(word(words, 0));
    context.answer(link, () => `${link.url}\n`);
  });
}

export interface ListArguments {
  readonly all?: boolean;
  readonly client?: string;
  readonly offline?: boolean;
}

export async function linkList(context: Context, words: Words, options: ListArguments): Promise<number> {
  const path = words[0];
  return context.withService(async (service) => {
    const list = await service.links({
      ...(path === undefined ? {} : { path }),
      ...(options.client === undefined ? {} : { client: options.client }),
      ...(options.all === undefined ? {} : { everywhere: options.all }),
      ...(options.offline === undefined ? {} : { offline: options.offline }),
    });
    for (const { client, message } of list.unchecked) {
      context.io.stderr(`docktide: ${printable(client)}: ${message} Its links are shown as they were known last.\n`);
    }
    context.answer(list.links, () => linkTable(list.links) + elsewhereText(list.elsewhere));
    return list.unchecked.length > 0 ? EXIT.attention : EXIT.done;
  });
}

function linkTable(links: readonly LinkView[]): string {
  return table<LinkView>(
    links,
    [
      { title: 'Path', value: (link) => link.path ?? link.remotePath ?? link.name },
      { title: 'Client', value: (link) => link.client },
      { title: 'Who', value: whoText },
      { title: 'Until', value: (link) => (link.expires === null ? '' : timeText(link.expires)) },
      { title: 'Made', value: (link) => (link.madeAt === null ? '' : timeText(link.madeAt)) },
      { title: 'Address', value: (link) => link.url },
    ],
    'No links are out.',
  );
}

const WHO: Readonly<Record<LinkView['audience'], string>> = {
  public: 'anybody',
  team: 'the team',
  members: 'members',
  nobody: 'nobody',
  other: 'see Dropbox',
};

function whoText(link: LinkView): string {
  if (link.expired) return 'nobody (expired)';
  return link.password ? `${WHO[link.audience]}, with a password` : WHO[link.audience];
}

function elsewhereText(number: number): string {
  if (number === 0) return '';
  return `${count(number, 'more link')} of these accounts ${number === 1 ? 'leads' : 'lead'} to something outside of the root folders; see --all.\n`;
}

export interface RevokeArguments {
  readonly all?: boolean;
  readonly client?: string;
}

export async function linkRevoke(context: Context, words: Words, options: RevokeArguments): Promise<number> {
  const path = words[0];
  if ((path === undefined) !== (options.all ?? false)) {
    throw new UsageError('Name a document, a folder or the address of a link, or give --all.');
  }
  if (path !== undefined && options.client !== undefined) throw new UsageError('--client goes with --all only.');
  return context.withService(async (service) => {
    const result = path === undefined ? await service.revokeAllLinks(options.client) : await service.revokeLink(path);
    for (const failure of result.failed) {
      context.io.stderr(`docktide: ${printable(failure.path ?? failure.client)}: ${failure.message}\n`);
    }
    context.done(result, () => revokedText(result));
    return result.failed.length > 0 ? EXIT.attention : EXIT.done;
  });
}

function revokedText({ revoked }: RevokedLinksView): string {
  if (revoked.length === 0) return 'No link was taken back.\n';
  const named = revoked.map((link) => `${printable(link.path ?? link.url)}\n`).join('');
  return `${named}${count(revoked.length, 'link')} taken back: nobody can open ${revoked.length === 1 ? 'it' : 'them'} any more.\n`;
}

const MODES: readonly string[] = ['on', 'on-request', 'off'];

export async function clientLinks(context: Context, words: Words): Promise<void> {
  const choice = word(words, 1);
  if (!MODES.includes(choice)) throw new UsageError(`"${choice}" is none of "on", "on-request" and "off".`);
  await context.withService((service) => {
    const view = service.setLinks(word(words, 0), choice as LinksMode);
    if (view.mode !== 'off') for (const risk of service.linkRisks(view.client)) context.note(risk);
    context.done(view, () => modeText(printable(view.client), view.mode));
  });
}

function modeText(client: string, mode: LinksMode): string {
  switch (mode) {
    case 'on':
      return `Every document of ${client} gets a shared link with the next sync.\n`;
    case 'on-request':
      return `Documents of ${client} get a link when somebody asks for one ("docktide link create"), not by themselves.\n`;
    case 'off':
      return (
        `Documents of ${client} open by their address on dropbox.com. ${audienceSentence('members')} ` +
        'Links made before stay valid until they are taken back ("docktide link revoke").\n'
      );
  }
}
