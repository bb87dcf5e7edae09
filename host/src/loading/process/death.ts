import type { VerdictWord } from '../../verdict.js';

/** Why a child is gone: the verdict on its plugin and a sentence of evidence. */
export interface Death {
  readonly verdict: VerdictWord;
  readonly reason: string;
}

/** How a process ended, as the system tells it. */
export interface ExitFacts {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said itself before it ended. */
  readonly lastWords?: string | undefined;
  /** End of what it wrote to standard error. */
  readonly stderr: string;
  /** What it was asked for at that time. */
  readonly during: string;
}

/** The verdict on a process that ended without being asked to. */
export function deathOf({ code, signal, lastWords, stderr, during }: ExitFacts): Death {
  const how =
    lastWords?.replace(/\s*\n\s*/g, ' | ') ??
    (signal === null ? exitText(code) : signalText(signal, stderr));
  const said = stderr === '' ? '' : `; its last lines: ${oneLine(stderr)}`;
  return { verdict: 'crashed', reason: `it ${how} ${during}${said}` };
}

const exitText = (code: number | null): string => `ended with exit code ${code ?? 'unknown'}`;

function signalText(signal: NodeJS.Signals, stderr: string): string {
  if (signal === 'SIGABRT' && stderr.includes('heap out of memory'))
    return 'ran out of JavaScript memory (SIGABRT)';
  if (signal === 'SIGKILL') return 'was killed (SIGKILL), perhaps for want of memory,';
  return `was ended by ${signal}`;
}

const oneLine = (text: string): string => text.split('\n').join(' | ').slice(-1000);
