// The sentences that a piece of TypeScript can say: its string and template literals, with every way that a `+` or a `? :`
// in them can go. A value that is only known when it runs is `VALUE`. For the tests of src-shared/said.ts.

import { parseSync } from 'vite';

export const VALUE = 'Ξ';
/** More ways than this are not followed. */
const MOST = 64;

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Every text that an expression can be; null where it is none. */
function ways(node: Node): readonly string[] | null {
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : null;
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return ways(node['expression'] as Node);
    case 'ConditionalExpression': {
      const [yes, no] = [ways(node['consequent'] as Node), ways(node['alternate'] as Node)];
      return yes === null && no === null ? null : [...(yes ?? [VALUE]), ...(no ?? [VALUE])];
    }
    case 'LogicalExpression': {
      const right = ways(node['right'] as Node);
      return right === null ? null : [VALUE, ...right];
    }
    case 'BinaryExpression': {
      if (node['operator'] !== '+') return null;
      const [left, right] = [ways(node['left'] as Node), ways(node['right'] as Node)];
      return left === null && right === null ? null : joined([left ?? [VALUE], right ?? [VALUE]]);
    }
    case 'TemplateLiteral': {
      const texts = (node['quasis'] as { readonly value: { readonly cooked: string } }[]).map(({ value }) => [
        value.cooked,
      ]);
      const values = (node['expressions'] as Node[]).map((one) => ways(one) ?? [VALUE]);
      return joined(texts.flatMap((text, at) => [text, ...(values[at] === undefined ? [] : [values[at]])]));
    }
    default:
      return null;
  }
}

function joined(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce<readonly string[]>(
    (before, part) => before.flatMap((start) => part.map((end) => start + end)).slice(0, MOST),
    [''],
  );
}

export function sentencesOf(code: string): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    if (!isNode(value)) return;
    if (/^(Import|ExportAll|TSType|TSLiteralType|TaggedTemplate)/.test(value.type)) return;
    const texts = ways(value);
    if (texts !== null && value.type !== 'LogicalExpression') found.push(...texts);
    // What stands inside of a text is told as a part of it; what is computed there may say more.
    visit(texts === null ? Object.values(value) : within(value));
  };
  visit(parseSync('code.ts', code).program);
  return found;
}

/** What is computed inside of a text. */
function within(node: Node): readonly unknown[] {
  const inside = node.type === 'TemplateLiteral' ? (node['expressions'] as unknown[]) : Object.values(node);
  return inside.flatMap((one) => (isNode(one) && ways(one) !== null ? within(one) : [one]));
}
