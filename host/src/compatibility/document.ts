import type { CapabilityBlock, Json, Manifest } from '@voxhost/sdk';
import type { Evidence, Note, VerdictWord } from '../verdict.js';
import { checkShape, isRecord, type Misfit, type Path, pathText } from './check-shape.js';
import { decodeManifest, MANIFEST_DEPTH } from './decode.js';
import { ruleBroken } from './manifest-rules.js';
import { MANIFEST_SHAPE, SCHEMA } from './manifest-shape.js';
import type { Refusal } from './outcome.js';
import type { RecordShape, Shape } from './shape.js';
import { lineAndColumn, pathKey, walkJson } from './walk-json.js';

/** A manifest that was read (stages 1 and 2), or why it was not. */
export type ManifestDocument =
  | {
      readonly ok: true;
      readonly manifest: Manifest;
      readonly declaredCapabilities: Json;
      readonly notes: readonly Note[];
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** As far as they could be read. */
      readonly id?: string;
      readonly version?: string;
    };

/** Reads a manifest's bytes: decoding, schema version, critical fields, types, ranges and rules between fields. Pure. */
export function readDocument(bytes: Uint8Array, path: string): ManifestDocument {
  const decoded = decodeManifest(bytes);
  if (!decoded.ok) {
    const where = `${path}:${decoded.line}:${decoded.column}`;
    return {
      ok: false,
      refusal: {
        stage: 'decode',
        verdict: 'malformed',
        evidence: {
          expected: 'strict JSON in UTF-8',
          found: `a text that ${decoded.reason}`,
          where,
        },
        fix: validate(path),
      },
    };
  }
  return readValue(decoded.value, { path, text: decoded.text });
}

interface Origin {
  readonly path: string;
  readonly text: string;
}

const validate = (path: string) => [
  { text: `correct ${path}`, command: `voxhost plugins check ${shellQuote(path)}` },
];

/** A word that a shell takes as one argument. */
export const shellQuote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

function readValue(value: unknown, origin: Origin): ManifestDocument {
  const known = identityOf(value);
  const newer = judgeSchemaVersion(value, origin);
  if (newer !== undefined && newer.refusal !== undefined)
    return { ok: false, refusal: newer.refusal, ...known };
  const misfits = checkShape(MANIFEST_SHAPE, value);
  const isNewer = newer !== undefined;
  const fatal = misfits.find((m) => m.kind !== 'unknown-field' && !isForeignBlock(m));
  if (fatal !== undefined)
    return { ok: false, refusal: misfitRefusal(fatal, isNewer, origin), ...known };
  const kept = withoutForeignBlocks(value as Manifest, misfits);
  if (kept.capabilities.length === 0) {
    const first = misfits.find(isForeignBlock) as Misfit;
    return { ok: false, refusal: misfitRefusal(first, true, origin), ...known };
  }
  const broken = ruleBroken(kept);
  if (broken !== undefined) {
    const evidence = { ...broken.evidence, where: place(broken.path, origin) };
    return { ok: false, refusal: schemaRefusal('malformed', evidence, origin), ...known };
  }
  return {
    ok: true,
    manifest: kept,
    declaredCapabilities: (value as { capabilities: Json }).capabilities,
    notes: misfits.map((m) => noteOf(m, origin)),
  };
}

function identityOf(value: unknown): { id?: string; version?: string } {
  if (!isRecord(value)) return {};
  const { id, version } = value;
  return {
    ...(typeof id === 'string' ? { id: id.slice(0, 80) } : {}),
    ...(typeof version === 'string' ? { version: version.slice(0, 128) } : {}),
  };
}

/** Undefined for a schema of this host; a refusal, or none for a newer minor. Anything else is left to the shape. */
function judgeSchemaVersion(value: unknown, origin: Origin): { refusal?: Refusal } | undefined {
  const stated = isRecord(value) ? value['manifest'] : undefined;
  const found =
    typeof stated === 'string' ? /^(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})$/.exec(stated) : null;
  if (!isRecord(value) || found === null) return undefined;
  if (Number(found[1]) !== SCHEMA.major) {
    const evidence = {
      expected: `manifest ${SCHEMA.major}.x`,
      found: found[0],
      where: place(['manifest'], origin),
    };
    return { refusal: schemaRefusal('incompatible-schema', evidence, origin) };
  }
  const refusal = unknownCritical(value['critical'], origin);
  if (refusal !== undefined) return { refusal };
  return Number(found[2]) > SCHEMA.minor ? {} : undefined;
}

function unknownCritical(critical: unknown, origin: Origin): Refusal | undefined {
  if (!Array.isArray(critical)) return undefined;
  const index = critical.findIndex((name) => typeof name === 'string' && !isKnownField(name));
  if (index === -1) return undefined;
  const evidence = {
    expected: 'critical fields that this host understands',
    found: String(critical[index]).slice(0, 128),
    where: place(['critical', index], origin),
  };
  return schemaRefusal('incompatible-schema', evidence, origin);
}

/** Dotted paths of all fields, lists passed over: `targets.requires.drivers.min`. */
const fieldPaths = new Set<string>();

/** A critical field is named by its path or the end of it: `requires.drivers`. */
function isKnownField(name: string): boolean {
  if (fieldPaths.size === 0) collectPaths(MANIFEST_SHAPE, '');
  return [...fieldPaths].some((path) => path === name || path.endsWith(`.${name}`));
}

function collectPaths(shape: Shape, prefix: string): void {
  if (shape.kind === 'list') collectPaths(shape.of, prefix);
  else if (shape.kind === 'record') collectFields(shape, prefix);
  else if (shape.kind === 'variants')
    for (const fields of Object.values(shape.cases)) collectFields(fields, prefix);
}

function collectFields(shape: RecordShape, prefix: string): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    fieldPaths.add(prefix + name);
    collectPaths(field.shape, `${prefix}${name}.`);
  }
}

/** An unknown word inside a capability block drops that block only. */
const isForeignBlock = ({ kind, path }: Misfit): boolean =>
  kind === 'unknown-word' && path[0] === 'capabilities' && path.length > 2;

function withoutForeignBlocks(manifest: Manifest, misfits: readonly Misfit[]): Manifest {
  const foreign = new Set(misfits.filter(isForeignBlock).map(({ path }) => path[1]));
  if (foreign.size === 0) return manifest;
  const capabilities: readonly CapabilityBlock[] = manifest.capabilities.filter(
    (_, index) => !foreign.has(index),
  );
  return { ...manifest, capabilities };
}

function misfitRefusal(misfit: Misfit, isNewer: boolean, origin: Origin): Refusal {
  const { path, expected, found } = misfit;
  const word = misfit.kind === 'unknown-word' && isNewer ? 'incompatible-schema' : 'malformed';
  return schemaRefusal(word, { expected, found, where: place(path, origin) }, origin);
}

function schemaRefusal(verdict: VerdictWord, evidence: Evidence, origin: Origin): Refusal {
  const fix =
    verdict === 'incompatible-schema'
      ? [{ text: 'use a newer voxhost, or a version of the plugin made for this one' }]
      : validate(origin.path);
  return { stage: 'schema', verdict, evidence, fix };
}

function noteOf(misfit: Misfit, origin: Origin): Note {
  const what = pathText(misfit.path);
  const text =
    misfit.kind === 'unknown-field'
      ? `unknown-field: ${what} is ignored`
      : `capability block dropped: ${what} has ${misfit.found}, which this host does not know`;
  return {
    stage: 'schema',
    text,
    evidence: { found: misfit.found, where: place(misfit.path, origin) },
  };
}

/** `file:line:column path`; what is missing is placed at what should hold it. */
function place(path: Path, { path: file, text }: Origin): string {
  const { offsets } = walkJson(text, MANIFEST_DEPTH);
  let held = path;
  while (held.length > 0 && !offsets.has(pathKey(held))) held = held.slice(0, -1);
  const { line, column } = lineAndColumn(text, offsets.get(pathKey(held)) ?? 0);
  return `${file}:${line}:${column} ${pathText(path)}`;
}

/** A refusal that names a field of the manifest, `file path`, with the line and column of that field. */
export function withLine(refusal: Refusal, bytes: Uint8Array, path: string): Refusal {
  const { where } = refusal.evidence;
  if (where === undefined || !where.startsWith(`${path} `)) return refusal;
  const steps = where.slice(path.length + 1).match(/[^.[\]]+/g) ?? [];
  const text = new TextDecoder().decode(bytes);
  const at = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return { ...refusal, evidence: { ...refusal.evidence, where: place(at, { path, text }) } };
}
