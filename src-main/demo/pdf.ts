// Draws small, valid PDF documents (PDF 1.4): text in Helvetica, rules and tables, as business papers look.
// In: lines and boxes; out: bytes. The same input makes the same bytes. Used for the documents of the sample company.

export type Mark =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly bold?: boolean;
      readonly text: string;
    }
  | { readonly kind: 'rule'; readonly x: number; readonly y: number; readonly width: number }
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly grey: number;
    };

/** Points; A4. Marks are placed from the top left corner. */
const WIDTH = 595;
const HEIGHT = 842;

/** One page for each list of marks. Letters outside of Western European ones are shown as `?`. */
export function pdfDocument(title: string, pages: readonly (readonly Mark[])[]): Buffer {
  const objects: string[] = [];
  const pageIds = pages.map((_, index) => 5 + index * 2);
  objects.push('<< /Type /Catalog /Pages 2 0 R >>');
  objects.push(`<< /Type /Pages /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] /Count ${pages.length} >>`);
  objects.push(font('Helvetica'), font('Helvetica-Bold'));
  for (const [index, marks] of pages.entries()) {
    const content = marks.map(drawn).join('\n');
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] ` +
        `/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${6 + index * 2} 0 R >>`,
      `<< /Length ${latin(content).length} >>\nstream\n${content}\nendstream`,
    );
  }
  objects.push(`<< /Title (${escaped(title)}) /Producer (Docktide) >>`);
  return assembled(objects);
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

function drawn(mark: Mark): string {
  if (mark.kind === 'text') {
    const face = mark.bold ? 'F2' : 'F1';
    return `BT /${face} ${mark.size} Tf ${mark.x} ${HEIGHT - mark.y} Td (${escaped(mark.text)}) Tj ET`;
  }
  if (mark.kind === 'rule') {
    return `0.6 G 0.7 w ${mark.x} ${HEIGHT - mark.y} m ${mark.x + mark.width} ${HEIGHT - mark.y} l S`;
  }
  return `${mark.grey} g ${mark.x} ${HEIGHT - mark.y - mark.height} ${mark.width} ${mark.height} re f 0 g`;
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, (sign) => `\\${sign}`);
}

/** Windows-1252: Latin-1 with the euro sign and the long dash. */
function latin(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (letter) => {
      if (letter === '€') return 0x80;
      if (letter === '–') return 0x96;
      const code = letter.codePointAt(0) ?? 0x3f;
      return code < 0x100 ? code : 0x3f;
    }),
  );
}

/** Objects with header, table of their places, and trailer. */
function assembled(objects: readonly string[]): Buffer {
  const parts: Buffer[] = [latin('%PDF-1.4\n%âãÏÓ\n')];
  let length = parts[0]?.length ?? 0;
  const places: number[] = [];
  for (const [index, body] of objects.entries()) {
    const object = latin(`${index + 1} 0 obj\n${body}\nendobj\n`);
    places.push(length);
    parts.push(object);
    length += object.length;
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    latin(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
