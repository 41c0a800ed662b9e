// The papers of the sample company: quotations, contracts, invoices, floor plans, price lists, notes. All made up.

import { pdfDocument, type Mark } from './pdf.ts';
import { Picture, type Colour } from './png.ts';

export interface Item {
  readonly text: string;
  readonly amount: number;
  /** Euro a piece. */
  readonly price: number;
}

export interface Paper {
  readonly heading: string;
  readonly number: string;
  readonly date: string;
  readonly customer: readonly string[];
  readonly items: readonly Item[];
  readonly closing: readonly string[];
}

const COMPANY = ['Hafenlicht Interiors', 'Speicherstraße 12', '20457 Hamburg'];

/** A quotation or invoice with its table of items. */
export function businessPaper(paper: Paper): Buffer {
  const marks: Mark[] = [{ kind: 'box', x: 0, y: 0, width: 595, height: 92, grey: 0.93 }];
  const text = (x: number, y: number, value: string, size = 10, bold = false): void => {
    marks.push({ kind: 'text', x, y, size, bold, text: value });
  };
  text(56, 48, COMPANY[0] ?? '', 20, true);
  text(56, 68, COMPANY.slice(1).join(' – '), 9);
  paper.customer.forEach((line, index) => text(56, 140 + index * 14, line));
  text(56, 230, `${paper.heading} ${paper.number}`, 16, true);
  text(430, 230, paper.date);
  let y = 270;
  text(56, y, 'Description', 9, true);
  text(360, y, 'Qty', 9, true);
  text(410, y, 'Price', 9, true);
  text(480, y, 'Total', 9, true);
  marks.push({ kind: 'rule', x: 56, y: y + 6, width: 483 });
  let total = 0;
  for (const item of paper.items) {
    y += 22;
    total += item.amount * item.price;
    text(56, y, item.text);
    text(360, y, String(item.amount));
    text(410, y, euro(item.price));
    text(480, y, euro(item.amount * item.price));
  }
  marks.push({ kind: 'rule', x: 56, y: y + 10, width: 483 });
  text(410, y + 30, 'Net', 10);
  text(480, y + 30, euro(total), 10);
  text(410, y + 46, 'VAT 19 %', 10);
  text(480, y + 46, euro(total * 0.19), 10);
  text(410, y + 66, 'Total', 11, true);
  text(480, y + 66, euro(total * 1.19), 11, true);
  paper.closing.forEach((line, index) => text(56, y + 110 + index * 15, line));
  return pdfDocument(`${paper.heading} ${paper.number}`, [marks]);
}

function euro(amount: number): string {
  return `${amount.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} €`;
}

/** Numbered clauses over as many pages as they need. */
export function contract(title: string, parties: readonly string[], clauses: readonly string[]): Buffer {
  const pages: Mark[][] = [];
  const perPage = 12;
  for (let start = 0; start < clauses.length; start += perPage) {
    const marks: Mark[] = [{ kind: 'text', x: 56, y: 70, size: 18, bold: true, text: title }];
    parties.forEach((party, index) => marks.push({ kind: 'text', x: 56, y: 100 + index * 15, size: 10, text: party }));
    clauses.slice(start, start + perPage).forEach((clause, index) => {
      marks.push({ kind: 'text', x: 56, y: 170 + index * 48, size: 11, bold: true, text: `§ ${start + index + 1}` });
      marks.push({ kind: 'text', x: 90, y: 170 + index * 48, size: 10, text: clause });
    });
    marks.push({ kind: 'rule', x: 56, y: 790, width: 200 }, { kind: 'rule', x: 330, y: 790, width: 200 });
    pages.push(marks);
  }
  return pdfDocument(title, pages);
}

const WALL: Colour = [54, 62, 72];
const FLOOR: Colour = [246, 243, 236];
const ACCENTS: readonly Colour[] = [
  [214, 122, 82],
  [92, 138, 168],
  [126, 160, 110],
  [204, 172, 96],
];

/** A floor plan: rooms, doors and pieces of furniture, different for each seed. */
export function floorPlan(seed: number): Buffer {
  const picture = new Picture(640, 420, [255, 255, 255]);
  picture.fill(30, 30, 580, 360, FLOOR);
  picture.frame(30, 30, 580, 360, WALL, 8);
  const split = 220 + ((seed * 37) % 160);
  picture.fill(split, 30, 6, 360, WALL);
  picture.fill(split, 170, 6, 60, FLOOR);
  const level = 150 + ((seed * 53) % 120);
  picture.fill(split, level, 610 - split, 6, WALL);
  picture.fill(split + 60, level, 60, 6, FLOOR);
  for (let index = 0; index < 5; index++) {
    const colour = ACCENTS[(seed + index) % ACCENTS.length] ?? WALL;
    const x = 60 + ((seed * 71 + index * 97) % 480);
    const y = 60 + ((seed * 29 + index * 61) % 260);
    if (index % 2 === 0) picture.fill(x, y, 56, 34, colour);
    else picture.circle(x + 20, y + 20, 18, colour);
  }
  return picture.png();
}

/** A picture of a finished room: wall, floor, window and lamp. */
export function roomPicture(seed: number): Buffer {
  const [red, green, blue] = ACCENTS[seed % ACCENTS.length] ?? WALL;
  const picture = new Picture(480, 320, [235, 230, 222]);
  for (let y = 0; y < 210; y++) {
    const light = 0.55 + (y / 210) * 0.35;
    picture.fill(0, y, 480, 1, [red * light, green * light, blue * light]);
  }
  picture.fill(0, 210, 480, 110, [150, 112, 80]);
  for (let x = 0; x < 480; x += 60) picture.fill(x, 210, 2, 110, [120, 88, 62]);
  picture.fill(60 + (seed % 3) * 40, 40, 110, 110, [214, 232, 242]);
  picture.frame(60 + (seed % 3) * 40, 40, 110, 110, [250, 250, 250], 6);
  picture.circle(360, 70, 28, [252, 236, 170]);
  picture.fill(300, 170, 140, 60, WALL);
  return picture.png();
}

export function csvText(rows: readonly (readonly (string | number)[])[]): Buffer {
  const cell = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return Buffer.from(rows.map((row) => `${row.map(cell).join(',')}\r\n`).join(''));
}
