// Shapes of route arguments: strict reading of JSON as the API reads it. Unknown fields, wrong types, missing fields and
// unknown tags are refused with the sentence that becomes the plain-text 400 (ShapeProblem).
// Each routes/ file declares its arguments with these; http.ts applies them.

export class ShapeProblem extends Error {}

/** Reads a JSON value; `where` is the field path for the message, '' at the top. */
export interface Shape<T> {
  readonly read: (value: unknown, where: string) => T;
  /** What a missing field stands for; null where the field is required. */
  readonly missing: (() => T) | null;
}

export type Read<S> = S extends Shape<infer T> ? T : never;

function problem(where: string, text: string): never {
  throw new ShapeProblem(where === '' ? text : `${where}: ${text}`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return typeof value;
}

export function text(limits: { pattern?: string; min?: number; max?: number } = {}): Shape<string> {
  // The specification writes "any character" as an alternation, which a long path would turn into deep backtracking.
  const source = limits.pattern?.replaceAll('(.|[\\r\\n])', '[\\s\\S]');
  const pattern = source === undefined ? null : new RegExp(`^(?:${source})$`, 'su');
  return {
    missing: null,
    read(value, where) {
      if (typeof value !== 'string') problem(where, `expected string, got ${kindOf(value)}`);
      if (limits.min !== undefined && value.length < limits.min) {
        problem(where, `'${value}' must be at least ${limits.min} characters, got ${value.length}`);
      }
      if (limits.max !== undefined && value.length > limits.max) {
        problem(where, `must be at most ${limits.max} characters, got ${value.length}`);
      }
      if (pattern !== null && !pattern.test(value)) {
        problem(where, `'${value}' did not match pattern '${limits.pattern}'`);
      }
      return value;
    },
  };
}

export function integer(min: number, max: number): Shape<number> {
  return {
    missing: null,
    read(value, where) {
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        problem(where, `expected integer, got ${kindOf(value)}`);
      }
      if (value < min) problem(where, `${value} is less than the minimum allowed value ${min}`);
      if (value > max) problem(where, `${value} is greater than the maximum allowed value ${max}`);
      return value;
    },
  };
}

export const size: Shape<number> = integer(0, Number.MAX_SAFE_INTEGER);

export const flag: Shape<boolean> = {
  missing: null,
  read(value, where) {
    if (typeof value !== 'boolean') problem(where, `expected boolean, got ${kindOf(value)}`);
    return value;
  },
};

/** `YYYY-MM-DDTHH:MM:SSZ`; read as milliseconds since the epoch. */
export const timestamp: Shape<number> = {
  missing: null,
  read(value, where) {
    if (typeof value !== 'string') problem(where, `expected timestamp, got ${kindOf(value)}`);
    const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time)) problem(where, `time data '${value}' does not match format '%Y-%m-%dT%H:%M:%SZ'`);
    return time;
  },
};

export function list<T>(item: Shape<T>, limits: { min?: number; max?: number } = {}): Shape<readonly T[]> {
  return {
    missing: null,
    read(value, where) {
      if (!Array.isArray(value)) problem(where, `expected list, got ${kindOf(value)}`);
      if (limits.min !== undefined && value.length < limits.min) {
        problem(where, `list must have at least ${limits.min} items, got ${value.length}`);
      }
      if (limits.max !== undefined && value.length > limits.max) {
        problem(where, `list must have at most ${limits.max} items, got ${value.length}`);
      }
      return value.map((one: unknown, index) => item.read(one, `${where}[${index}]`));
    },
  };
}

export function struct<F extends Readonly<Record<string, Shape<unknown>>>>(
  fields: F,
): Shape<{ readonly [K in keyof F]: Read<F[K]> }> {
  return {
    missing: null,
    read(value, where) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        problem(where, `expected object, got ${kindOf(value)}`);
      }
      const given = value as Readonly<Record<string, unknown>>;
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(fields, name)) problem(where, `unknown field '${name}'`);
      }
      const result: Record<string, unknown> = {};
      for (const [name, shape] of Object.entries(fields)) {
        if (given[name] !== undefined) result[name] = shape.read(given[name], where === '' ? name : `${where}.${name}`);
        else if (shape.missing !== null) result[name] = shape.missing();
        else problem(where, `missing required field '${name}'`);
      }
      return result as { [K in keyof F]: Read<F[K]> };
    },
  };
}

/** A union whose members hold nothing, or one value; sent as the bare tag or as an object with `.tag`. */
export function union<M extends Readonly<Record<string, Shape<unknown> | null>>>(
  members: M,
): Shape<{ [K in keyof M & string]: { tag: K; value: M[K] extends Shape<infer T> ? T : null } }[keyof M & string]> {
  type Result = { [K in keyof M & string]: { tag: K; value: M[K] extends Shape<infer T> ? T : null } }[keyof M &
    string];
  return {
    missing: null,
    read(value, where) {
      if (typeof value !== 'string' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
        problem(where, `expected union, got ${kindOf(value)}`);
      }
      const given: Readonly<Record<string, unknown>> =
        typeof value === 'string' ? { '.tag': value } : (value as Readonly<Record<string, unknown>>);
      const name = given['.tag'];
      if (typeof name !== 'string') problem(where, `missing '.tag' key`);
      if (!Object.hasOwn(members, name)) problem(where, `unknown tag '${name}'`);
      const member = members[name];
      if (member === null || member === undefined) return { tag: name, value: null } as Result;
      const { '.tag': _, ...rest } = given;
      // A member that is a struct lies beside the tag; any other value lies under the tag's name.
      const inner = Object.hasOwn(given, name) ? given[name] : rest;
      if (!Object.hasOwn(given, name) && Object.keys(rest).length === 0) {
        problem(where, `missing required field '${name}'`);
      }
      return { tag: name, value: member.read(inner, where === '' ? name : `${where}.${name}`) } as Result;
    },
  };
}

/** A union of bare tags, read as the tag itself. */
export function choice<const N extends string>(...names: readonly N[]): Shape<N> {
  const inner = union(Object.fromEntries(names.map((name) => [name, null])));
  return { missing: null, read: (value, where) => inner.read(value, where).tag as N };
}

export function optional<T, D>(shape: Shape<T>, fallback: D): Shape<T | D> {
  return { missing: () => fallback, read: (value, where) => shape.read(value, where) };
}

/** May be absent or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return { missing: () => null, read: (value, where) => (value === null ? null : shape.read(value, where)) };
}

/** For fields that are read and have no effect here. */
export const anything: Shape<unknown> = { missing: () => null, read: (value) => value };

/** Routes without an argument: nothing, or `null`. */
export const nothing: Shape<null> = {
  missing: () => null,
  read(value, where) {
    if (value !== null && value !== undefined) problem(where, `expected null, got ${kindOf(value)}`);
    return null;
  },
};
