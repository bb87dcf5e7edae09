import {
  type AffineMap,
  type ContinuousMap,
  type FieldMap,
  type IndexMap,
  type Json,
  type Lattice,
  type MetricRun,
  mapMembers,
  type Operation,
  type ResampleRun,
  type Samples,
} from '@voxhost/sdk';
import { BrokenContract, type Fields } from './message.js';
import { readCount, readCounts, readObject, readWord } from './read-fields.js';
import { fromWireList, toWireList } from './wire-number.js';

/** What a run is asked for: its JSON part and the float64 values of its blob. */
export interface EncodedRun {
  readonly fields: Fields;
  readonly blob: readonly Float64Array[];
}

/** The lattices of a map, each once. */
export function latticesOf(map: IndexMap): readonly Lattice[] {
  if (map.kind === 'points') return map.of === undefined ? [] : latticesOf(map.of);
  return [...new Set(mapMembers(map).flatMap((m) => (m.kind === 'field' ? [m.lattice] : [])))];
}

export function encodeRun(
  map: IndexMap,
  run: ResampleRun | MetricRun,
  numberOf: (lattice: Lattice) => number,
): EncodedRun {
  const positions = map.kind === 'points' ? [map.positions] : [];
  const points = pointsOf(run);
  const asked = 'samples' in run ? encodeSamples(run.samples) : encodeMetricRun(run);
  const progress = run.progress === undefined ? {} : { progress: true };
  return {
    fields: { map: encodeMap(map, numberOf), ...asked, ...progress },
    blob: points === undefined ? positions : [...positions, points],
  };
}

function pointsOf(run: ResampleRun | MetricRun): Float64Array | undefined {
  if (!('samples' in run)) return run.points;
  return 'points' in run.samples ? run.samples.points : undefined;
}

function encodeSamples(samples: Samples): Fields {
  if ('points' in samples) return { samples: { points: samples.points.length } };
  const { size, start } = samples;
  return { samples: start === undefined ? { size } : { size, start } };
}

function encodeMetricRun({ points, derivative, options }: MetricRun): Fields {
  return {
    derivative,
    ...(points === undefined ? {} : { points: points.length }),
    ...(options === undefined ? {} : { options }),
  };
}

function encodeMap(map: IndexMap, numberOf: (lattice: Lattice) => number): Fields {
  switch (map.kind) {
    case 'affine':
      return { kind: 'affine', matrix: toWireList(map.matrix) };
    case 'field':
      return {
        kind: 'field',
        matrix: toWireList(map.matrix),
        vectors: toWireList(map.vectors),
        lookup: toWireList(map.lookup),
        lattice: numberOf(map.lattice),
      };
    case 'sequence':
      return { kind: 'sequence', maps: map.maps.map((member) => encodeMap(member, numberOf)) };
    case 'points':
      return {
        kind: 'points',
        count: map.positions.length,
        ...(map.of && { of: encodeMap(map.of, numberOf) }),
      };
    default:
      return map satisfies never;
  }
}

/** What a run message asks of a Prepared. */
export interface DecodedRun {
  readonly map: IndexMap;
  readonly run: ResampleRun | MetricRun;
}

/** Throws `BrokenContract` where the message is no run of such an operation. Whether it fits, the backend says. */
export function decodeRun(
  kind: Operation['kind'],
  message: { readonly fields: Fields; readonly blob: ArrayBuffer },
  latticeOf: (number: number) => Lattice,
): DecodedRun {
  const { fields } = message;
  const blob = float64Reader(message.blob);
  const map = decodeMap(readObject(fields, 'map'), latticeOf, blob.take);
  const run = kind === 'resample' ? decodeResampleRun(fields, blob) : decodeMetricRun(fields, blob);
  if (blob.left() !== 0) throw new BrokenContract('the blob of a run is longer than its points');
  return { map, run };
}

interface Float64Reader {
  take(count: number): Float64Array;
  left(): number;
}

function float64Reader(blob: ArrayBuffer): Float64Reader {
  let at = 0;
  const take = (count: number): Float64Array => {
    if (count * 8 > blob.byteLength - at)
      throw new BrokenContract('the blob of a run is shorter than its points');
    at += count * 8;
    return new Float64Array(blob, at - count * 8, count);
  };
  return { take, left: () => blob.byteLength - at };
}

function decodeResampleRun(fields: Fields, blob: Float64Reader): ResampleRun {
  const samples = readObject(fields, 'samples');
  if (samples['points'] !== undefined)
    return { samples: { points: blob.take(readCount(samples, 'points')) } };
  const size = readCounts(samples, 'size');
  if (samples['start'] === undefined) return { samples: { size } };
  return { samples: { size, start: fromWireList(samples['start'], 'start') } };
}

function decodeMetricRun(fields: Fields, blob: Float64Reader): MetricRun {
  return {
    derivative: fields['derivative'] === true,
    ...(fields['points'] === undefined ? {} : { points: blob.take(readCount(fields, 'points')) }),
    ...(fields['options'] === undefined ? {} : { options: fields['options'] as Json }),
  };
}

function decodeMap(
  fields: Fields,
  latticeOf: (number: number) => Lattice,
  take: (count: number) => Float64Array,
): IndexMap {
  if (readWord(fields, 'kind', ['affine', 'field', 'sequence', 'points']) !== 'points')
    return decodeContinuous(fields, latticeOf);
  const positions = take(readCount(fields, 'count'));
  if (fields['of'] === undefined) return { kind: 'points', positions };
  return { kind: 'points', positions, of: decodeContinuous(readObject(fields, 'of'), latticeOf) };
}

function decodeContinuous(fields: Fields, latticeOf: (number: number) => Lattice): ContinuousMap {
  if (readWord(fields, 'kind', ['affine', 'field', 'sequence']) === 'sequence')
    return { kind: 'sequence', maps: decodeMembers(fields['maps'], latticeOf) };
  return decodeMember(fields, latticeOf);
}

function decodeMembers(
  maps: unknown,
  latticeOf: (number: number) => Lattice,
): readonly (AffineMap | FieldMap)[] {
  if (!Array.isArray(maps)) throw new BrokenContract('maps is no list');
  return maps.map((_, at) =>
    decodeMember(readObject(maps as unknown as Fields, String(at)), latticeOf),
  );
}

function decodeMember(
  fields: Fields,
  latticeOf: (number: number) => Lattice,
): AffineMap | FieldMap {
  const matrixOf = (name: string) => Float64Array.from(fromWireList(fields[name], name));
  if (readWord(fields, 'kind', ['affine', 'field']) === 'affine')
    return { kind: 'affine', matrix: matrixOf('matrix') };
  return {
    kind: 'field',
    matrix: matrixOf('matrix'),
    vectors: matrixOf('vectors'),
    lookup: matrixOf('lookup'),
    lattice: latticeOf(readCount(fields, 'lattice')),
  };
}
