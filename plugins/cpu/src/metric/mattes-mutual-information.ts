import type { Image } from '@voxhost/sdk';
import type { Call, Subject } from './call.js';
import { executePass, MOST_GROUPS, sumSlots } from './execute-pass.js';
import { jointHistogram, jointInformation, slopeTable } from './joint-information.js';
import * as layout from './metric-layout.js';
import { judgeValidity, type Measure, NO_SAMPLES } from './outcome.js';
import { finishSink, openSink } from './sink.js';
import type { ChannelSurvey } from './survey.js';

/** Powers of the position within a cell that are summed: 0 to 3. */
const POWERS = 4;

/** Bytes of all joint histograms, at most; fewer groups share fewer of them. */
const JOINT_BYTES = 2 ** 26;

/**
 * Σ p log(p / (p_f p_m)) of a joint histogram with a box window on the fixed value and a cubic B-spline on the moving;
 * see the reference. One pass for the histogram; the slopes, quadratic in each of its cells, are then a table that a
 * second pass looks up.
 */
export const mattesMutualInformation: Measure = async (call) => {
  const { subject, held } = call;
  const { bins } = subject.options;
  const { channels } = subject.operation.fixed;
  const validity = await judgeValidity(call);
  const sink = openSink(call);
  const params = paramsOf(subject);
  const joint = await executeJoint(call, { params, ...validity, span: sink ? [0, 0.5] : [0, 1] });
  if (joint.samples === 0) return NO_SAMPLES;
  const { samples } = joint;
  const informations = joint.histograms.map((counts) => jointInformation(counts, bins, samples));
  const judgements = informations.map(({ figure }) => ({ figure }));
  if (sink === undefined) return { samples, judgements };
  const narrowest = narrowestWidth(subject);
  const length = bins * bins * layout.TABLE_CELL;
  const address = held.allocate(channels * length * (call.isWide ? 8 : 4));
  const Values = call.isWide ? Float64Array : Float32Array;
  const tables = new Values(subject.engine.heap.memory.buffer, address, channels * length);
  for (const [channel, { logs }] of informations.entries()) {
    const { width } = binningOf(subject.residents.movingSurvey.channels[channel], bins);
    tables.set(slopeTable(logs, bins, narrowest / width), channel * length);
  }
  const table = { address, bins };
  const pass = { mode: layout.MODE_TABLE, sink, params, table, ...validity };
  const slots = await executePass(call, { ...pass, span: [0.5, 1] });
  const scale = -1 / (samples * channels * narrowest);
  return { samples, judgements, derivative: await finishSink(call, sink, { slots, scale }) };
};

interface Binning {
  readonly min: number;
  readonly max: number;
  /** Of a bin; 0 or NaN for an image that is constant or has no finite voxel. */
  readonly width: number;
}

const binningOf = ({ min, max }: ChannelSurvey, bins: number): Binning => ({
  min,
  max,
  width: (max - min) / (bins - 2 * layout.PADDING),
});

/** Of the channels that are not constant; 1 when all are. */
function narrowestWidth({ residents, options }: Subject): number {
  const widths = residents.movingSurvey.channels
    .map((channel) => binningOf(channel, options.bins).width)
    .filter((width) => width > 0);
  return widths.length === 0 ? 1 : Math.min(...widths);
}

function paramsOf({ residents, options }: Subject): Float64Array {
  const width = layout.PARAM_BYTES / 8;
  const { channels } = residents.fixedSurvey;
  const params = new Float64Array(channels.length * width);
  for (const [channel, survey] of channels.entries()) {
    const fixed = binningOf(survey, options.bins);
    const moving = binningOf(residents.movingSurvey.channels[channel], options.bins);
    const isFlat = fixed.width > 0 && moving.width > 0 ? 0 : 1;
    const shifts = isFlat ? [0, 0] : [fixed.min, moving.min];
    params.set([...shifts, 0, 0, 0], channel * width);
    const bounds = [fixed.min, fixed.max, fixed.width, moving.min, moving.max, moving.width];
    params.set([...bounds, isFlat], channel * width + layout.PARAM_FIXED_MIN / 8);
  }
  return params;
}

/** The joint histogram of each channel, a row per fixed bin, and the number of samples. */
async function executeJoint(
  call: Call,
  pass: Omit<Parameters<typeof executePass>[1], 'mode' | 'table'>,
): Promise<{ readonly samples: number; readonly histograms: readonly Float64Array[] }> {
  const { subject, sites, held } = call;
  const { heap } = subject.engine;
  const { bins } = subject.options;
  const { channels } = subject.operation.fixed;
  const cells = bins * bins * POWERS;
  const fit = Math.floor(JOINT_BYTES / (cells * channels * 8));
  const most = Math.max(1, Math.min(MOST_GROUPS, fit));
  const length = Math.min(most, sites.tiles) * channels * cells;
  const address = held.allocate(length * 8);
  heap.bytes(address, length * 8).fill(0);
  const table = { address, bins };
  const slots = await executePass(call, { ...pass, mode: layout.MODE_JOINT, table }, most);
  const all = new Float64Array(heap.memory.buffer, address, length);
  const powers = Array.from({ length: channels }, () => new Float64Array(cells));
  for (let part = 0; part * cells < length; part++) {
    const into = powers[part % channels];
    for (let i = 0; i < cells; i++) into[i] += all[part * cells + i];
  }
  return {
    samples: sumSlots(slots, channels)[0][layout.SLOT_COUNT / 8],
    histograms: powers.map(jointHistogram),
  };
}

/** The fixed bin of every voxel and channel, 16 bits each: the same in every run over the grid. */
export function binFixed(
  image: Image,
  channels: readonly ChannelSurvey[],
  bins: number,
  into: Uint16Array,
): void {
  const voxels = into.length / channels.length;
  const last = bins - layout.PADDING - 1;
  for (const [channel, survey] of channels.entries()) {
    const { min, max, width } = binningOf(survey, bins);
    if (!(width > 0)) continue;
    for (let i = channel * voxels; i < (channel + 1) * voxels; i++) {
      const at = (Math.min(Math.max(image.data[i], min), max) - min) / width + layout.PADDING;
      into[i] = Math.min(Math.floor(at), last);
    }
  }
}
