import type { Manifest } from '@voxhost/sdk';
import type { Catalogue, CatalogueEntry } from '../discovery/catalogue.js';
import { type Evidence, type Fix, STAGES } from '../verdict.js';
import { visible } from './one-line.js';
import { textTable } from './text-table.js';

/** Where an entry was found, by number. */
export const LAYER_NAMES: { readonly [L in CatalogueEntry['layer']]: string } = {
  1: 'command line',
  2: 'environment',
  3: 'project lock',
  4: 'user',
  5: 'npm',
  6: 'machine',
  7: 'bundled',
  8: 'built in',
};

/** One line per entry in order of precedence, then the first fix of each that is not usable. */
export function renderCatalogue({ entries, notes }: Catalogue): string {
  const head = ['NAME', 'ID', 'VERSION', 'VERDICT', 'LAYER', 'FIX'];
  const rows = entries.map((entry) => [
    entry.manifest?.name ?? '-',
    entry.verdict.id ?? '-',
    entry.verdict.version ?? '-',
    entry.verdict.verdict,
    LAYER_NAMES[entry.layer],
    firstFix(entry),
  ]);
  return textTable([head, ...rows]) + notes.map((note) => `note: ${visible(note)}\n`).join('');
}

function firstFix({ verdict }: CatalogueEntry): string {
  const fix = verdict.severity === 'ok' ? undefined : verdict.fix[0];
  return fix === undefined ? '' : (fix.command ?? fix.text);
}

/** An entry as `--json` has it. */
export function entryJson({
  manifest,
  verdict,
  layer,
  path,
  root,
  sealed,
  trusted,
}: CatalogueEntry): object {
  return {
    id: verdict.id,
    name: manifest?.name,
    version: verdict.version,
    layer,
    path,
    root,
    sealed,
    trusted,
    verdict,
    capabilities: manifest?.capabilities,
  };
}

/** With the fingerprint of the circumstances, which asks the machine: for one entry, not for a list of them. */
export function wholeEntryJson(entry: CatalogueEntry): object {
  const fingerprint = entry.fingerprint?.();
  return { ...entryJson(entry), verdict: { ...entry.verdict, fingerprint } };
}

/** Everything known of one entry. */
export function renderEntry(entry: CatalogueEntry): string {
  const { manifest, verdict, path, layer, root, sealed } = entry;
  const rows: (readonly string[])[] = [
    ['id', verdict.id ?? '-'],
    ['version', verdict.version ?? '-'],
    ['manifest', path],
    ['root', root ?? '-'],
    ['layer', `${layer} (${LAYER_NAMES[layer]})`],
    ['sealed', sealed ? 'yes' : 'no: files are not checked'],
    ['verdict', `${verdict.verdict}, decided at stage ${verdict.stage} (${STAGES[verdict.stage]})`],
    ...evidenceRows(verdict.evidence),
    ...verdict.fix.map(fixRow),
    ...verdict.notes.flatMap((note) => [
      ['note', `${STAGES.indexOf(note.stage)} ${note.text}`],
      ...(note.fix ?? []).map(fixRow),
    ]),
    ...verdict.unchecked.map((stage) => ['unchecked', stage]),
    ...(manifest === undefined ? [] : manifestRows(manifest)),
  ];
  return textTable(rows);
}

const fixRow = ({ text, command }: Fix): readonly string[] => [
  'fix',
  command === undefined ? text : `${text}: ${command}`,
];

function evidenceRows(evidence: Evidence): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  if (evidence.expected !== undefined) rows.push(['expected', JSON.stringify(evidence.expected)]);
  if (evidence.found !== undefined) rows.push(['found', JSON.stringify(evidence.found)]);
  if (evidence.where !== undefined) rows.push(['where', evidence.where]);
  return rows;
}

function manifestRows(manifest: Manifest): readonly (readonly string[])[] {
  const { displayName, license, publisher, abi, engines, capabilities } = manifest;
  return [
    ['name', manifest.name],
    ...(displayName === undefined ? [] : [['title', displayName]]),
    ['license', license],
    ...(publisher === undefined ? [] : [['publisher', publisher.name]]),
    ['abi', `${abi.name} ${abi.min} to ${abi.max}`],
    ['needs', `host ${engines.host}, node ${engines.node ?? '*'}`],
    ...capabilities.map((block) => ['can', capabilityLine(block)]),
  ];
}

function capabilityLine(block: Manifest['capabilities'][number]): string {
  const list = (axis: readonly unknown[] | '*'): string => (axis === '*' ? 'all' : axis.join(' '));
  const dims = block.dims.map((n) => `${n}-D`).join(' ');
  const common = `${dims}; pixels ${list(block.pixelTypes)}; maps ${list(block.maps)}; samples ${list(block.samples)}`;
  if (block.op === 'metric') return `metric ${block.name}: ${common}`;
  return `resample: ${list(block.interpolators)}; boundaries ${list(block.boundaries)}; ${common}`;
}
