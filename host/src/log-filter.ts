import type { LogLevel } from '@voxhost/sdk';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Which lines are shown, and how they are written. */
export interface LogFilter {
  readonly json: boolean;
  /** Least level of sources that have none of their own. */
  readonly least: LogLevel;
  /** Least level by source: `loading`, `routing`, a plugin's id. */
  readonly bySource: ReadonlyMap<string, LogLevel>;
}

/**
 * What `VOXHOST_LOG` says: words separated by commas, each `json`, a level, or `source:level`. Words that mean
 * nothing are left out: a log must not end a program. Without it, warnings and errors are shown.
 *
 * @example
 * parseLogFilter('json,loading:debug');
 */
export function parseLogFilter(text = ''): LogFilter {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const bySource = new Map<string, LogLevel>();
  let least: LogLevel = 'warn';
  for (const word of words) {
    const at = word.lastIndexOf(':');
    const level = levelOf(word.slice(at + 1));
    if (level === undefined) continue;
    if (at < 0) least = level;
    else bySource.set(word.slice(0, at), level);
  }
  return { json: words.includes('json'), least, bySource };
}

const levelOf = (word: string): LogLevel | undefined => LEVELS.find((level) => level === word);

export function isShown(filter: LogFilter, level: LogLevel, source: string): boolean {
  const least = filter.bySource.get(source) ?? filter.least;
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** One line without its end: text, or one JSON object with the time. */
export function logLine(
  filter: LogFilter,
  { level, source, text }: { level: LogLevel; source: string; text: string },
): string {
  if (!filter.json) return `voxhost: ${level}: ${source}: ${onOneLine(text)}`;
  return JSON.stringify({ time: new Date().toISOString(), level, source, text });
}

/** What a plugin says is no line of ours, and moves no cursor. */
const onOneLine = (text: string): string =>
  text
    .replace(/\s*\n\s*/g, ' | ')
    .replace(
      /\p{Cc}/gu,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
