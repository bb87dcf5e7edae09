/** Most characters of what a plugin says at once: more helps nobody, and would bury what else is said. */
const MOST_CHARACTERS = 2000;

/** The beginning of an error's or a log's text, and how much more there was. */
export const clipped = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)} ... (${text.length - MOST_CHARACTERS} more characters)`;
