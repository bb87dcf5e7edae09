/** Control characters, and those that turn the direction of writing around. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const EVERY_UNSEEN = new RegExp(UNSEEN, 'gu');

/** Text of strangers as a terminal may show it: it moves no cursor, breaks no line, turns nothing around. */
export function visible(text: string): string {
  if (!UNSEEN.test(text)) return text;
  return text.replace(EVERY_UNSEEN, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** A file name may hold line breaks and escape sequences; a message is one line and moves no cursor. */
export const oneLine = (text: string): string => visible(text.replace(/\s*\n\s*/g, '; '));
