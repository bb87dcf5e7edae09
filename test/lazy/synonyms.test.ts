import assert from 'node:assert/strict';
import { isHostError } from 'voxhost';
import { boundaryNamed, interpolatorNamed, type Vocabulary } from 'voxhost/lazy';

describe('names of other programs', () => {
  const boundaries: readonly (readonly [Vocabulary, string, string])[] = [
    ['torch', 'zeros', 'grid-constant'],
    ['torch', 'border', 'nearest'],
    ['torch', 'reflection', 'reflect'],
    ['scipy', 'reflect', 'reflect'],
    ['scipy', 'grid-mirror', 'reflect'],
    ['scipy', 'mirror', 'mirror'],
    ['scipy', 'wrap', 'wrap'],
    ['scipy', 'grid-wrap', 'grid-wrap'],
    ['pad', 'reflect', 'mirror'],
    ['pad', 'symmetric', 'reflect'],
    ['pad', 'wrap', 'grid-wrap'],
    ['pad', 'edge', 'nearest'],
    ['itk', 'DefaultPixelValue', 'buffer'],
    ['itk', 'Mirror', 'reflect'],
    ['onnx', 'reflection', 'reflect'],
    ['voxhost', 'buffer', 'buffer'],
  ];
  for (const [vocabulary, name, ours] of boundaries) {
    it(`${vocabulary} "${name}" is ${ours}`, () => {
      assert.equal(boundaryNamed(name, {}, vocabulary).kind, ours);
      assert.equal(boundaryNamed(`${vocabulary}:${name}`).kind, ours);
    });
  }

  it('align_corners selects the whole-sample reflection and nothing else', () => {
    assert.deepEqual(boundaryNamed('reflection', { alignCorners: true }, 'torch'), {
      kind: 'mirror',
    });
    assert.deepEqual(boundaryNamed('border', { alignCorners: true }, 'torch'), { kind: 'nearest' });
  });

  it('a value goes to the kinds that have one', () => {
    assert.deepEqual(boundaryNamed('constant', { value: 3 }, 'scipy'), {
      kind: 'constant',
      value: 3,
    });
    assert.deepEqual(boundaryNamed('edge', { value: 3 }, 'pad'), { kind: 'nearest' });
  });

  const interpolators: readonly (readonly [Vocabulary, string, string])[] = [
    ['torch', 'nearest', 'nearest-even'],
    ['torch', 'bilinear', 'linear'],
    ['torch', 'bicubic', 'keys-0.75'],
    ['scipy', '0', 'nearest'],
    ['scipy', '3', 'bspline3'],
    ['itk', 'BSpline', 'bspline3'],
    ['itk', 'NearestNeighbor', 'nearest'],
    ['onnx', 'cubic', 'keys-0.75'],
    ['voxhost', 'lanczos3', 'lanczos3'],
  ];
  for (const [vocabulary, name, ours] of interpolators) {
    it(`${vocabulary} "${name}" is ${ours}`, () => {
      assert.equal(interpolatorNamed(name, vocabulary), ours);
    });
  }

  for (const [what, ask] of [
    ['averaging', () => interpolatorNamed('area', 'torch')],
    ['smoothing', () => interpolatorNamed('Gaussian', 'itk')],
    ['an unknown name', () => interpolatorNamed('cubic')],
    ['a name of another program', () => boundaryNamed('zeros')],
    ['a ramp', () => boundaryNamed('linear_ramp', {}, 'pad')],
    ['a name that objects inherit', () => boundaryNamed('toString')],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(ask, (error) => isHostError(error, 'NOT_EXPRESSIBLE'));
    });
  }
});
