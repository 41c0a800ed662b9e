// Links that are out: some of every kind, none, very many, Dropbox out of reach.

import type { LinkLine } from '../../../../src-shared/ipc/links.ts';
import { before, office } from '../../../gallery/company.ts';
import { found, never, Refusal, type Scene } from '../../../gallery/scene.ts';

const DAY = 24 * 60;

function link(name: string, more: Partial<LinkLine> = {}): LinkLine {
  return {
    url: `https://www.dropbox.com/scl/fi/${encodeURIComponent(name)}`,
    path: `Quotations/SO001 Müller/${name}`,
    name,
    kind: 'file',
    client: 'Office',
    record: 'sale.order/SO001',
    audience: 'public',
    password: false,
    expires: null,
    expired: false,
    madeAt: before(3 * DAY),
    ...more,
  };
}

const SOME: readonly LinkLine[] = [
  link('Offer SO001.pdf'),
  link('Signed contract.pdf', { password: true, expires: before(-30 * DAY) }),
  link('Old plan.dwg', { expires: before(2 * DAY), expired: true }),
  link('Drawings', { kind: 'folder', audience: 'team', client: 'Berlin' }),
  link('Catalogue 2026.pdf', { path: null, madeAt: null }),
  link('Prices.xlsx', { audience: 'members' }),
];

const answer = (links: readonly LinkLine[], unchecked: { client: string; message: string }[] = []) => ({
  'links.list': () => ({ links: [...links], unchecked }),
});

export const scenes: readonly Scene[] = [
  {
    id: 'links-some',
    title: 'Links of every kind',
    screen: 'links',
    app: { clients: [office, { ...office, name: 'Berlin' }] },
    answers: answer(SOME),
  },
  { id: 'links-none', title: 'No link', screen: 'links', answers: answer([]) },
  {
    id: 'links-huge',
    title: '30,000 links',
    screen: 'links',
    answers: answer(Array.from({ length: 30_000 }, (_, n) => link(`Scan ${n + 1}.pdf`))),
  },
  {
    id: 'links-unchecked',
    title: 'An account that cannot be asked',
    screen: 'links',
    answers: answer(SOME, [{ client: 'Berlin', message: 'Dropbox cannot be reached. Check the network.' }]),
  },
  {
    id: 'links-revoke',
    title: 'Taking all back is asked once more',
    screen: 'links',
    answers: answer(SOME),
    after: async () => (await found('button', 'Take all back…')).click(),
  },
  { id: 'links-waits', title: 'Still asking', screen: 'links', answers: { 'links.list': never } },
  {
    id: 'links-fails',
    title: 'The list cannot be had',
    screen: 'links',
    answers: {
      'links.list': () => {
        throw new Refusal('closed', 'Docktide is closing. Start it again.');
      },
    },
  },
];
