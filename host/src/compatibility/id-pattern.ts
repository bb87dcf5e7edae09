/** A glob on ids: `x`, `x*`, `*x`, `*x*` or `*`, whatever the case. */
export interface IdPattern {
  /** As it was written. */
  readonly text: string;
  readonly kind: 'exact' | 'start' | 'end' | 'part';
  readonly word: string;
}

/** Parses one pattern; undefined where a star stands inside or nothing is there. Several stars are one. */
export function parseIdPattern(text: string): IdPattern | undefined {
  const found = /^(\**)([^*]*)(\**)$/.exec(text.trim().toLowerCase());
  if (found === null || found[0] === '') return undefined;
  const [, before = '', word = '', after = ''] = found;
  if (before === '') return { text, kind: after === '' ? 'exact' : 'start', word };
  return { text, kind: after === '' && word !== '' ? 'end' : 'part', word };
}

export function matchesId({ kind, word }: IdPattern, id: string): boolean {
  const lower = id.toLowerCase();
  switch (kind) {
    case 'exact':
      return lower === word;
    case 'start':
      return lower.startsWith(word);
    case 'end':
      return lower.endsWith(word);
    case 'part':
      return lower.includes(word);
    default:
      return kind satisfies never;
  }
}
