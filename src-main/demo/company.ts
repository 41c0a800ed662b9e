// The sample company, an interior designer: its document types, records, folder rules and documents, here and in
// Dropbox. Plain values; start.ts and terminal.ts put them in place. The same in every run.

import { businessPaper, contract, csvText, floorPlan, roomPicture, type Item } from './papers.ts';

export interface SampleRecord {
  readonly type: string;
  readonly ref: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface SampleFile {
  readonly record: string;
  readonly sub: string | null;
  readonly name: string;
  readonly bytes: Buffer;
}

export const CLIENT_NAME = 'Office';
export const ROOT_NAME = 'ERP Documents';

export const TYPES: readonly {
  readonly name: string;
  readonly label: string;
  readonly subfolders: readonly string[];
}[] = [
  { name: 'sale.order', label: 'Quotations', subfolders: ['Contracts', 'Drawings'] },
  { name: 'account.move', label: 'Invoices', subfolders: [] },
  { name: 'res.partner', label: 'Contacts', subfolders: [] },
  { name: 'project.project', label: 'Projects', subfolders: ['Photos', 'Minutes'] },
];

export const RECORDS: readonly SampleRecord[] = [
  { type: 'sale.order', ref: 'SO001', name: 'SO001', fields: { partner: 'Café Möwe', state: 'sent' } },
  { type: 'sale.order', ref: 'SO002', name: 'SO002', fields: { partner: 'Brandt Architects', state: 'sent' } },
  { type: 'sale.order', ref: 'SO003', name: 'SO003', fields: { partner: 'Hotel Alster', state: 'draft' } },
  {
    type: 'account.move',
    ref: 'INV-2026-014',
    name: 'INV-2026-014',
    fields: { partner: 'Café Möwe', state: 'posted' },
  },
  {
    type: 'account.move',
    ref: 'INV-2026-015',
    name: 'INV-2026-015',
    fields: { partner: 'Hotel Alster', state: 'posted' },
  },
  { type: 'res.partner', ref: 'moewe', name: 'Café Möwe', fields: { city: 'Hamburg' } },
  { type: 'res.partner', ref: 'brandt', name: 'Brandt Architects', fields: { city: 'Lübeck' } },
  { type: 'project.project', ref: 'P-07', name: 'Lobby Hotel Alster', fields: { manager: 'Nina' } },
];

const ITEMS: readonly Item[] = [
  { text: 'Oak counter, oiled, 4.20 m', amount: 1, price: 3850 },
  { text: 'Pendant lamp "Lotse", brass', amount: 6, price: 214 },
  { text: 'Wall panel, felt, sand', amount: 18, price: 79.5 },
  { text: 'Planning and site supervision (hours)', amount: 24, price: 95 },
];

const CLAUSES = [
  'The company designs and furnishes the rooms named in the quotation.',
  'Drawings are agreed upon before work begins; changes afterwards are charged by the hour.',
  'Half of the price is due on signing, the rest on acceptance.',
  'Delivery takes eight weeks from signing.',
  'Hidden defects are mended free of charge for two years.',
  'Drawings and pictures stay the property of the company.',
];

export function filesHere(): readonly SampleFile[] {
  const moewe = ['Café Möwe', 'Jana Petersen', 'Elbstraße 3', '22767 Hamburg'];
  const alster = ['Hotel Alster GmbH', 'Purchasing', 'Lange Reihe 40', '20099 Hamburg'];
  return [
    file('sale.order/SO001', null, 'Quotation SO001.pdf', paper('Quotation', 'SO001', moewe, ITEMS)),
    file('sale.order/SO001', 'Contracts', 'Contract Café Möwe.pdf', contract('Contract SO001', moewe, CLAUSES)),
    file('sale.order/SO001', 'Drawings', 'Floor plan ground floor.png', floorPlan(1)),
    file('sale.order/SO001', 'Drawings', 'Floor plan gallery.png', floorPlan(2)),
    file(
      'sale.order/SO002',
      null,
      'Quotation SO002.pdf',
      paper('Quotation', 'SO002', ['Brandt Architects'], ITEMS.slice(1)),
    ),
    file('sale.order/SO002', 'Drawings', 'Reception.png', floorPlan(5)),
    file('sale.order/SO003', null, 'Quotation SO003.pdf', paper('Quotation', 'SO003', alster, ITEMS.slice(0, 3))),
    file('account.move/INV-2026-014', null, 'Invoice INV-2026-014.pdf', paper('Invoice', 'INV-2026-014', moewe, ITEMS)),
    file(
      'account.move/INV-2026-015',
      null,
      'Invoice INV-2026-015.pdf',
      paper('Invoice', 'INV-2026-015', alster, ITEMS.slice(0, 2)),
    ),
    file('account.move/INV-2026-015', null, 'Items.csv', itemList(ITEMS.slice(0, 2))),
    file(
      'res.partner/moewe',
      null,
      'Opening hours.txt',
      Buffer.from('Tue–Sun 9:00–18:00\nDeliveries by the back door.\n'),
    ),
    file('res.partner/brandt', null, 'Price list 2026.csv', itemList(ITEMS)),
    file('project.project/P-07', 'Photos', 'Lobby before.png', roomPicture(1)),
    file(
      'project.project/P-07',
      'Minutes',
      'Kick-off.txt',
      Buffer.from('Kick-off, 3 November\n\n- Felt panels: sand\n- Lamps: six\n'),
    ),
  ];
}

/** What lies in Dropbox before Docktide comes: it is found and brought here. */
export function filesThere(): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return [
    { path: 'Quotations/SO001/Drawings/Counter detail.png', bytes: floorPlan(9) },
    { path: 'Projects/Lobby Hotel Alster/Photos/Lobby evening.png', bytes: roomPicture(2) },
    { path: 'Projects/Lobby Hotel Alster/Photos/Lamp sample.png', bytes: roomPicture(3) },
    { path: 'Marketing/Slogans.txt', bytes: Buffer.from('Rooms that feel like an open window.\n') },
  ];
}

function file(record: string, sub: string | null, name: string, bytes: Buffer): SampleFile {
  return { record, sub, name, bytes };
}

function paper(heading: string, number: string, customer: readonly string[], items: readonly Item[]): Buffer {
  const closing = ['Payable within 14 days without deduction.', 'Thank you for your trust.'];
  return businessPaper({ heading, number, date: '12 November 2026', customer, items, closing });
}

function itemList(items: readonly Item[]): Buffer {
  return csvText([
    ['Item', 'Quantity', 'Price'],
    ...items.map((item) => [item.text, item.amount, item.price.toFixed(2)]),
  ]);
}
