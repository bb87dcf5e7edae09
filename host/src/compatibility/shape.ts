/**
 * What a JSON value must look like, as data: one interpreter checks it (`check-shape.ts`), another
 * writes the published JSON schema from it (`json-schema.ts`).
 */
export type Shape =
  | StringShape
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'number'; readonly min: number }
  | { readonly kind: 'boolean' }
  | ListShape
  /** `"*"`, every value, or a list of values. */
  | { readonly kind: 'axis'; readonly members: ListShape }
  | RecordShape
  | {
      readonly kind: 'variants';
      readonly by: string;
      readonly cases: Readonly<Record<string, RecordShape>>;
    };

export interface StringShape {
  readonly kind: 'string';
  /** Source of a regular expression that the whole string matches. */
  readonly pattern?: string;
  /** UTF-16 units; applied before the pattern, so that no pattern sees a long string. */
  readonly max: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly min: number;
  readonly max: number;
}

/** One field of a record: its shape and the rule that documentation and error messages state. */
export interface Field {
  readonly shape: Shape;
  readonly rule: string;
  readonly required: boolean;
}

/** Unknown fields are reported, but for those that start with `x-`. */
export interface RecordShape {
  readonly kind: 'record';
  readonly fields: Readonly<Record<string, Field>>;
}

/** Length of a string where no shorter one is stated. */
const TEXT = 1024;
/** Members of a list where no other number is stated. */
const MEMBERS = 256;

export const text = (pattern?: string, max = TEXT): StringShape =>
  pattern === undefined ? { kind: 'string', max } : { kind: 'string', pattern, max };

export const word = (...words: readonly string[]): Shape => ({ kind: 'word', words });

export const integer = (min: number, max: number): Shape => ({ kind: 'integer', min, max });

export const list = (of: Shape, min = 0, max = MEMBERS): ListShape => ({
  kind: 'list',
  of,
  min,
  max,
});

export const axis = (words: readonly string[]): Shape => ({
  kind: 'axis',
  members: list({ kind: 'word', words }, 1, words.length),
});

export const record = (fields: Readonly<Record<string, Field>>): RecordShape => ({
  kind: 'record',
  fields,
});

export const required = (shape: Shape, rule: string): Field => ({ shape, rule, required: true });

export const optional = (shape: Shape, rule: string): Field => ({ shape, rule, required: false });
