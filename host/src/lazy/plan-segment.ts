import {
  type Boundary,
  type ContinuousMap,
  type Interpolator,
  identityMap,
  then,
} from '@voxhost/sdk';
import { boundsThrough, kernelReach, wholeBounds } from './bounds.js';
import { exactRules, keepsVoxels } from './exact-map.js';
import { translation } from './matrices.js';
import { type ResolvedOperation, sameBoundary, type Wishes } from './overrides.js';
import type { PadPending } from './pending.js';
import { type PlanStart, resultType, type Segment, settled } from './segments.js';
import { pixelTypeAfter, type Step, type Tail } from './step.js';
import { gridOf, sizeOf } from './viewport.js';

/** Where nothing was declared nothing is interpolated, and only what was cut off can be outside. */
export const UNDECLARED = {
  interpolator: 'linear',
  boundary: { kind: 'grid-constant', value: 0 },
} as const satisfies { interpolator: Interpolator; boundary: Boundary };

/** Steps of one segment: a sampling, split where a pad with a fill of its own can be seen. */
export function planSegment(segment: Segment, start: PlanStart): readonly Step[] {
  const [only] = segment.operations;
  if (only?.kind === 'pointwise') return [{ kind: 'pointwise', operation: only, why: segment.why }];
  if (only?.kind === 'spatial' && only.wishes.interpolator === 'area') {
    const why = 'an average over each new voxel';
    const pixelType = resultType(segment, start);
    return [{ kind: 'average', output: gridOf(only.after), pixelType, why }];
  }
  const at = lastVisiblePad(segment);
  if (at === undefined) {
    const step = sampleStep(segment, start);
    return changesNothing(step, start) ? [] : [step];
  }
  const { operations } = segment;
  const pad = operations[at.index] as PadPending;
  const before = { ...segment, operations: operations.slice(0, at.index) };
  const behind = { ...segment, operations: operations.slice(at.index + 1) };
  const first = planPart(before, start);
  const viewport = settled(pad.after);
  return [
    ...first,
    { kind: 'pad', before: pad.before, fill: pad.fill, output: gridOf(pad.after), why: at.why },
    ...planPart(behind, {
      ...start,
      viewport,
      pixelType: pixelTypeAfter(first, start.pixelType),
    }),
  ];
}

/** Would the step give its source again? */
function changesNothing(step: SampleStep, start: PlanStart): boolean {
  const { size } = step.output;
  if (step.copies === 'never' || step.tails.length > 0) return false;
  if (!keepsVoxels(step.modes.interpolator)) return false;
  if (step.modes.pixelType !== start.pixelType) return false;
  if (size.join() !== sizeOf(start.viewport).join()) return false;
  const rules = exactRules(step.map, size);
  return (
    rules?.every(({ axis, step, shift }, a) => axis === a && step === 1 && shift === 0) ?? false
  );
}

const planPart = (part: Segment, start: PlanStart): readonly Step[] =>
  part.operations.length === 0 ? [] : planSegment(part, start);

interface VisiblePad {
  readonly index: number;
  readonly why: string;
}

/** The last pad whose own fill the output can see and that the segment's boundary does not stand for. */
function lastVisiblePad({ operations, wishes }: Segment): VisiblePad | undefined {
  for (let index = operations.length - 1; index >= 0; index--) {
    const pad = operations[index];
    if (pad.kind !== 'pad') continue;
    const rest = operations.slice(index + 1);
    if (isFolded(pad, rest) || !isVisible(pad, rest, wishes)) continue;
    const why =
      rest.length === 0
        ? 'the pad comes last: the inside is placed into a filled buffer'
        : 'the output sees a fill that is not the boundary: an exact copy before going on';
    return { index, why };
  }
  return undefined;
}

/** A later operation of the segment goes on with the same fill, so the pad only moves the frame. */
function isFolded(pad: PadPending, rest: readonly ResolvedOperation[]): boolean {
  const next = rest.find((o) => o.kind === 'spatial' && o.wishes.boundary !== undefined);
  const boundary = next?.kind === 'spatial' ? next.wishes.boundary : undefined;
  const { fill } = pad;
  if (boundary === undefined) return false;
  if (fill.kind === 'grid-constant' || fill.kind === 'nearest') return sameBoundary(fill, boundary);
  return false;
}

/** Can the output see beyond what lay there before the pad? */
function isVisible(pad: PadPending, rest: readonly ResolvedOperation[], wishes: Wishes): boolean {
  const map = composed(rest, pad.before.length);
  const output = sizeOf((rest.at(-1) ?? pad).after);
  const { low, high } = boundsThrough(map, wholeBounds(output));
  const size = sizeOf(pad.after);
  const interpolator = interpolatorOf(wishes);
  const exact = keepsVoxels(interpolator) && exactRules(map, output) !== undefined;
  const reach = exact ? 0 : kernelReach(interpolator);
  return pad.before.some((before, a) => {
    const inside = size[a] - before - pad.behind[a];
    return low[a] - reach < before || high[a] + reach > before + inside - 1;
  });
}

const interpolatorOf = ({ interpolator }: Wishes): Interpolator =>
  interpolator === undefined || interpolator === 'area' ? UNDECLARED.interpolator : interpolator;

/** Output index of the last of the operations to input index of the first. */
export function composed(operations: readonly ResolvedOperation[], dims: number): ContinuousMap {
  return operations.reduce<ContinuousMap>((map, operation) => {
    if (operation.kind === 'spatial') return then(operation.map, map);
    if (operation.kind === 'pad') return then(translation(operation.before.map((n) => 0 - n)), map);
    return map;
  }, identityMap(dims));
}

type SampleStep = Step & { readonly kind: 'sample' };

function sampleStep(segment: Segment, start: PlanStart): SampleStep {
  const { operations, wishes } = segment;
  const dims = start.viewport.extent.length;
  const after = operations.at(-1)?.after ?? start.viewport;
  return {
    kind: 'sample',
    map: composed(operations, dims),
    output: gridOf(after),
    modes: {
      interpolator: interpolatorOf(wishes),
      boundary: beforeIntensity(wishes.boundary ?? UNDECLARED.boundary, operations),
      pixelType: resultType(segment, start),
    },
    copies: wishes.copies ?? 'allowed',
    tails: tailsOf(operations, dims),
    why: segment.why,
  };
}

/** The value that becomes the boundary's once the changes of intensity that stand before it are made. */
function beforeIntensity(boundary: Boundary, operations: readonly ResolvedOperation[]): Boundary {
  if (!('value' in boundary)) return boundary;
  const declared = operations.findIndex(
    (o) => o.kind === 'spatial' && o.wishes.boundary !== undefined,
  );
  const changes = operations.slice(0, Math.max(declared, 0)).reverse();
  const value = changes.reduce(
    (v, o) => (o.kind === 'intensity' ? (v - o.shift) / o.scale : v),
    boundary.value,
  );
  return { ...boundary, value };
}

function tailsOf(operations: readonly ResolvedOperation[], dims: number): readonly Tail[] {
  return operations.flatMap((operation, i): readonly Tail[] => {
    if (operation.kind === 'intensity') {
      return [{ kind: 'intensity', scale: operation.scale, shift: operation.shift }];
    }
    if (operation.kind !== 'noise') return [];
    const map = composed(operations.slice(i + 1), dims);
    return [{ kind: 'noise', noise: operation.noise, map, size: sizeOf(operation.after) }];
  });
}
