import { intOf, textAttribute } from '../../onnx/attributes.js';
import type { Tensor } from '../../onnx/model.js';
import { floatsOf } from '../../onnx/tensor.js';
import { gradientOf, hasInput, inputOf, NoRule, type Rule, type Site } from '../rule.js';

/** Attributes that say how one axis is resized. */
const PER_AXIS = ['mode', 'coordinate_transformation_mode', 'nearest_mode', 'cubic_coeff_a'];

/**
 * Resizing is linear and works axis by axis, so its transpose is a product with the transposed matrix of
 * each axis; that matrix is what the operator itself makes of an identity.
 */
export const resize: Rule = (site) => {
  const { graph, node } = site;
  requirePlain(site);
  let gradient = gradientOf(site);
  const x = graph.shape(inputOf(site, 0));
  const y = graph.shape(gradient);
  const { rank, axes } = resizedAxes(site);
  for (const axis of axes) {
    const length = graph.part(x, axis, axis + 1);
    const square = graph.op('Concat', [length, length], { axis: 0 });
    const identity = graph.op('EyeLike', [graph.zeros(square)]);
    const target = hasInput(site, 2)
      ? [scaleOf(site, axis)]
      : ['', graph.op('Concat', [length, graph.part(y, axis, axis + 1)], { axis: 0 })];
    const attributes = Object.fromEntries(
      [...node.attributes].filter(([name]) => PER_AXIS.includes(name)),
    );
    const matrix = graph.op('Resize', [identity, '', ...target], attributes);
    const back = graph.op('Transpose', [matrix], { perm: [1, 0] });
    gradient = alongAxis(site, gradient, { axis, rank, matrix: back });
  }
  return [gradient];
};

function requirePlain({ node }: Site): void {
  const mode = textAttribute(node, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') throw new NoRule(`Resize of mode ${mode}`);
  const coordinates = textAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  if (coordinates === 'tf_crop_and_resize') throw new NoRule(`Resize with ${coordinates}`);
  for (const name of ['antialias', 'exclude_outside']) {
    if (intOf(node, name, 0) !== 0) throw new NoRule(`Resize with ${name}`);
  }
  if (node.attributes.has('axes')) throw new NoRule('Resize with axes');
}

/** Known scales tell which axes change; otherwise it is those after sample and channel. */
function resizedAxes(site: Site): { rank: number; axes: readonly number[] } {
  const scales = scalesOf(site.constant(2));
  const rank = scales?.length ?? site.rank(0);
  if (rank === undefined) throw new NoRule('Resize of a value of unknown rank');
  const all = Array.from({ length: rank }, (_, a) => a);
  return { rank, axes: all.filter((a) => (scales === undefined ? a > 1 : scales[a] !== 1)) };
}

const scalesOf = (tensor: Tensor | undefined): Float64Array | undefined =>
  tensor === undefined || tensor.dims[0] === 0 ? undefined : floatsOf(tensor);

/** Scales of the identity: 1 for its rows, the axis' own for its columns. */
function scaleOf(site: Site, axis: number): string {
  const { graph } = site;
  const own = graph.part(inputOf(site, 2), axis, axis + 1);
  return graph.op('Concat', [graph.floats([1], [1]), own], { axis: 0 });
}

function alongAxis(
  site: Site,
  value: string,
  { axis, rank, matrix }: { axis: number; rank: number; matrix: string },
): string {
  const { graph } = site;
  if (axis === rank - 1) return graph.op('MatMul', [value, matrix]);
  const perm = Array.from({ length: rank }, (_, a) => a);
  perm[axis] = rank - 1;
  perm[rank - 1] = axis;
  const moved = graph.op('MatMul', [graph.op('Transpose', [value], { perm }), matrix]);
  return graph.op('Transpose', [moved], { perm });
}
