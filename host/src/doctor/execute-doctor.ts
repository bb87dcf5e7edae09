import { readMachineFacts } from '../compatibility/read-machine-facts.js';
import {
  type CatalogueSettings,
  readCatalogue,
  verifyPlugin,
} from '../composition/read-catalogue.js';
import { readPlaces } from '../composition/read-places.js';
import type { CatalogueEntry } from '../discovery/catalogue.js';
import { HostError, isHostError } from '../errors.js';
import { activatePlugin } from '../loading/activate.js';
import { readStrikes } from '../loading/quarantine/plugin-health.js';
import { strikeNote } from '../loading/quarantine/strikes.js';
import { DEFAULT_TIMEOUTS } from '../loading/timeouts.js';
import { own } from '../own.js';
import { isUsable, isVerdictWord } from '../verdict.js';
import {
  type DoctorLine,
  type DoctorReport,
  doctorReport,
  type Readiness,
} from './doctor-report.js';
import { sinceWhen } from './verdict-history.js';

/**
 * Examines every plugin: all files are read, drivers asked, and what is compatible is started once and ended again.
 *
 * @param withStart - start plugins? Default true; without it no code of any plugin runs
 */
export async function executeDoctor(
  settings: CatalogueSettings,
  signal: AbortSignal,
  withStart = true,
): Promise<DoctorReport> {
  const catalogue = await readCatalogue(settings, 'full');
  const readiness = new Map<CatalogueEntry, Readiness>();
  for (const entry of withStart ? catalogue.entries : []) {
    if (!isUsable(entry.verdict) || entry.layer === 8) continue;
    readiness.set(entry, await start(entry, settings, signal));
  }
  const report = doctorReport(catalogue, readMachineFacts({ devices: true }), readiness);
  const strikes = readStrikes(readPlaces().state);
  const since = sinceWhen(report.plugins, readPlaces().cache, new Date());
  return {
    ...report,
    plugins: report.plugins.map((line, n) => ({
      ...line,
      since: since[n] ?? '',
      notes: [...line.notes, ...notesOf(strikes, line)],
    })),
  };
}

function notesOf(strikes: ReturnType<typeof readStrikes>, line: DoctorLine): readonly string[] {
  const held = own(strikes, line.id);
  const note = strikeNote(held, line.fingerprint ?? '');
  return note === undefined ? [] : [note];
}

async function start(
  entry: CatalogueEntry,
  settings: CatalogueSettings,
  signal: AbortSignal,
): Promise<Readiness> {
  const before = performance.now();
  try {
    const active = await activatePlugin(entry, {
      signal,
      threads: 1,
      timeouts: DEFAULT_TIMEOUTS,
      log: () => {},
      verify: (each) => verifyPlugin(settings, each),
      prepare: () => Promise.reject(noRouting(entry)),
    });
    await active.dispose();
    return { outcome: 'ready', ms: performance.now() - before };
  } catch (error) {
    if (signal.aborted || !isHostError(error, 'PLUGIN_FAILED')) throw error;
    const { verdict, reason } = error.fields;
    return { outcome: 'failed', verdict: isVerdictWord(verdict) ? verdict : 'load-failed', reason };
  }
}

const noRouting = (entry: CatalogueEntry) =>
  new HostError('NO_BACKEND', {
    operation: 'an operation of a plugin that is examined',
    reason: `${entry.manifest?.id} asked for another backend while it started`,
    remedy: 'prepare operations when they are needed',
  });
