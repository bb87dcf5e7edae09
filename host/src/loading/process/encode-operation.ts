import {
  BOUNDARY_KINDS,
  type Boundary,
  type Demand,
  type Image,
  INTERPOLATORS,
  type Json,
  MAP_SHAPES,
  type Metric,
  type Operation,
  PIXEL_TYPES,
  type Resample,
} from '@voxhost/sdk';
import { BrokenContract, type Fields } from './message.js';
import { readCount, readObject, readText, readWord, readWords } from './read-fields.js';
import { fromWire, toWire } from './wire-number.js';

/** The images of an operation, each once. */
export function imagesOf(operation: Operation): readonly Image[] {
  if (operation.kind === 'resample') return [operation.source];
  const { fixed, moving, fixedMask, movingMask } = operation;
  return [...new Set([fixed, moving, fixedMask, movingMask])].filter(
    (image) => image !== undefined,
  );
}

/** An operation with its images replaced by their numbers. */
export function encodeOperation(operation: Operation, numberOf: (image: Image) => number): Fields {
  const { demand } = operation;
  if (operation.kind === 'resample') {
    const { kind, source, interpolator, boundary, pixelType, gradient } = operation;
    return {
      ...{ kind, source: numberOf(source), interpolator, boundary: encodeBoundary(boundary) },
      ...{ pixelType, gradient, demand },
    };
  }
  const { kind, name, options, fixed, moving, fixedMask, movingMask } = operation;
  return {
    ...{ kind, name, options, fixed: numberOf(fixed), moving: numberOf(moving) },
    ...(fixedMask === undefined ? {} : { fixedMask: numberOf(fixedMask) }),
    ...(movingMask === undefined ? {} : { movingMask: numberOf(movingMask) }),
    fixedInterpolator: operation.fixedInterpolator,
    movingInterpolator: operation.movingInterpolator,
    derivative: operation.derivative,
    demand,
  };
}

const encodeBoundary = (boundary: Boundary): Fields =>
  'value' in boundary ? { kind: boundary.kind, value: toWire(boundary.value) } : boundary;

/** Throws `BrokenContract` naming the field that no operation has so. */
export function decodeOperation(fields: Fields, imageOf: (number: number) => Image): Operation {
  const kind = readWord(fields, 'kind', ['resample', 'metric']);
  return kind === 'resample' ? decodeResample(fields, imageOf) : decodeMetric(fields, imageOf);
}

function decodeResample(fields: Fields, imageOf: (number: number) => Image): Resample {
  return {
    kind: 'resample',
    source: imageOf(readCount(fields, 'source')),
    interpolator: readWord(fields, 'interpolator', INTERPOLATORS),
    boundary: decodeBoundary(readObject(fields, 'boundary')),
    pixelType: readWord(fields, 'pixelType', PIXEL_TYPES),
    gradient: fields['gradient'] === true,
    demand: decodeDemand(readObject(fields, 'demand')),
  };
}

function decodeMetric(fields: Fields, imageOf: (number: number) => Image): Metric {
  const mask = (name: 'fixedMask' | 'movingMask') =>
    fields[name] === undefined ? {} : { [name]: imageOf(readCount(fields, name)) };
  return {
    kind: 'metric',
    name: readText(fields, 'name'),
    options: (fields['options'] ?? null) as Json,
    fixed: imageOf(readCount(fields, 'fixed')),
    moving: imageOf(readCount(fields, 'moving')),
    ...mask('fixedMask'),
    ...mask('movingMask'),
    fixedInterpolator: readWord(fields, 'fixedInterpolator', INTERPOLATORS),
    movingInterpolator: readWord(fields, 'movingInterpolator', INTERPOLATORS),
    derivative: fields['derivative'] === true,
    demand: decodeDemand(readObject(fields, 'demand')),
  };
}

function decodeBoundary(fields: Fields): Boundary {
  const kind = readWord(fields, 'kind', BOUNDARY_KINDS);
  if (kind === 'constant' || kind === 'grid-constant' || kind === 'buffer')
    return { kind, value: fromWire(fields['value'], 'value') };
  return { kind };
}

function decodeDemand(fields: Fields): Demand {
  const { perRun, runs } = fields as { perRun: unknown; runs: unknown };
  if (typeof perRun !== 'number' || typeof runs !== 'number')
    throw new BrokenContract('demand has no number of samples or runs');
  return {
    maps: readWords(fields, 'maps', MAP_SHAPES),
    samples: readWord(fields, 'samples', ['grid', 'points']),
    perRun,
    runs,
  };
}
