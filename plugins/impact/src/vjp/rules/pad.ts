import { textAttribute } from '../../onnx/attributes.js';
import { integersOfTensor } from '../../onnx/tensor.js';
import { positionsOf, scatterBack } from '../gather-rule.js';
import { gradientOf, hasInput, inputOf, NoRule, type Rule, type Site } from '../rule.js';

const END = Number.MAX_SAFE_INTEGER;

/**
 * Padding with a constant is undone by cropping, which is padding by the negative. What the edge was
 * repeated into adds to the edge; other modes pick elements, whose gradients go back where they came from.
 */
export const pad: Rule = (site) => {
  if (site.isActive(2)) throw new NoRule('Pad with a value from the image');
  const { graph, node } = site;
  const mode = textAttribute(node, 'mode', 'constant');
  if (mode === 'constant') {
    const inputs = [gradientOf(site), graph.op('Neg', [inputOf(site, 1)])];
    return [graph.op('Pad', hasInput(site, 3) ? [...inputs, '', inputOf(site, 3)] : inputs)];
  }
  const amounts = site.constant(1);
  const pads = amounts === undefined ? undefined : integersOfTensor(amounts);
  if (mode === 'edge' && pads !== undefined && !hasInput(site, 3)) return [foldEdges(site, pads)];
  const source = inputOf(site, 0);
  const [, ...others] = node.inputs;
  const padded = graph.op('Pad', [positionsOf(graph, source), ...others], { mode });
  return [scatterBack(site, source, padded, gradientOf(site))];
};

function foldEdges(site: Site, pads: readonly number[]): string {
  const rank = pads.length / 2;
  let gradient = gradientOf(site);
  for (let axis = 0; axis < rank; axis++) {
    gradient = foldAxis(site, gradient, {
      axis,
      rank,
      before: pads[axis],
      after: pads[axis + rank],
    });
  }
  return gradient;
}

/** The middle, plus the sum of what lies before at its first and of what lies after at its last element. */
function foldAxis(
  site: Site,
  gradient: string,
  { axis, rank, before, after }: { axis: number; rank: number; before: number; after: number },
): string {
  if (before === 0 && after === 0) return gradient;
  if (before < 0 || after < 0) throw new NoRule('Pad that repeats one edge and crops another');
  const { graph } = site;
  const slice = (from: number, to: number) =>
    graph.op('Slice', [gradient, ...[from, to, axis].map((n) => graph.integers([n]))]);
  const middle = slice(before, after === 0 ? END : -after);
  const rest = graph.op('Sub', [
    graph.op('Gather', [graph.shape(middle), graph.integers([axis])]),
    graph.integers([1]),
  ]);
  const parts = [middle];
  if (before > 0) parts.push(placed(site, slice(0, before), { axis, rank, rest, isFirst: true }));
  if (after > 0) parts.push(placed(site, slice(-after, END), { axis, rank, rest, isFirst: false }));
  return graph.op('Sum', parts);
}

/** The sum along the axis, at its first or last element, zeros elsewhere. */
function placed(site: Site, part: string, { axis, rank, rest, isFirst }: Place): string {
  const { graph } = site;
  const sum = graph.reduce('ReduceSum', part, [axis]);
  const zeros = (count: number) => graph.integers(Array<number>(count).fill(0));
  const at = isFirst ? rank + axis : axis;
  const amounts = [zeros(at), rest, zeros(2 * rank - at - 1)];
  return graph.op('Pad', [sum, graph.op('Concat', amounts, { axis: 0 })]);
}

interface Place {
  readonly axis: number;
  readonly rank: number;
  /** Length of the axis less one, a vector of one number of the graph. */
  readonly rest: string;
  readonly isFirst: boolean;
}
