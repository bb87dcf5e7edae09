import assert from 'node:assert/strict';
import { isVoxhostError } from '@voxhost/sdk';
import { parseParameterMap } from '#impact/elastix/parameter-map.js';
import { optionsFromElastix } from '#impact/elastix/to-options.js';
import { parseOptions } from '#impact/options/parse-options.js';

const refused = (pattern: RegExp) => (error: unknown) =>
  (isVoxhostError(error, 'BAD_ARGUMENT') || isVoxhostError(error, 'BAD_IMAGE')) &&
  pattern.test((error as Error).message);

describe('an elastix parameter map', () => {
  const text = `
    // a comment "with quotes"
    (FixedImageDimension 3)
    (ImpactMode "Jacobian" "Static")
    (ImpactModelsPath0 "a.pt" "b.onnx") // two models
    (ImpactDimension0 3 2)
    (ImpactNumberOfChannels0 1 3)
    (ImpactPatchSize0 5 6 7 9 8)
    (ImpactVoxelSize0 3 3 3 1 1.5)
    (ImpactLayersMask0 "01" "10x")
    (ImpactSubsetFeatures0 32 4)
    (ImpactPCA0 0 2)
    (ImpactDistance0 "L2" "Cosine")
    (ImpactLayersWeight0 1 0.5 9)
    (ImpactGPU -1)
    (RandomSeed 42)
  `;
  const read = (content: string, level = 0, lenient = false) =>
    optionsFromElastix(parseParameterMap(content, 'map.txt'), { level, lenient });

  it('becomes options, with a note for each difference', () => {
    const { options, notes } = read(text);
    const parsed = parseOptions(options);
    assert.equal(parsed.mode, 'jacobian');
    assert.deepEqual(
      parsed.models.map((m) => m.patchSize),
      [
        [5, 6, 7],
        [9, 8],
      ],
    );
    assert.deepEqual(
      parsed.models.map((m) => m.layers),
      [[1], [0]],
    );
    assert.deepEqual(
      parsed.models.map((m) => m.channels),
      [1, 3],
    );
    assert.deepEqual(
      parsed.layers.map((l) => [l.distance, l.weight, l.subset, l.pca]),
      [
        ['L2', 1, 32, 0],
        ['Cosine', 0.5, 4, 0],
      ],
    );
    for (const word of [
      'a.onnx',
      'LayersWeight0: entries after 2',
      'PCA',
      'seed: 42',
      'Cosine',
      'details.scales',
    ]) {
      assert.ok(
        notes.some((note) => note.includes(word)),
        word,
      );
    }
  });

  it('must be complete at every level, unless leniency is asked for and told', () => {
    assert.throws(() => read(text, 1), refused(/ImpactModelsPath1.*missing/));
    const lenient = read(`${text}\n(ImpactVoxelSize1 2 2 2 1)`, 1, true);
    assert.equal(lenient.options['mode'], 'static');
    assert.ok(lenient.notes.some((n) => n.includes('that of level 0 is used')));
    assert.ok(lenient.notes.some((n) => n.includes('the last is repeated')));
    const short = text.replace('5 6 7 9 8', '5');
    assert.throws(() => read(short), refused(/does not exist at entry number 1 of 5/));
  });

  it('that is none is refused by line', () => {
    assert.throws(() => parseParameterMap('(Name)', 'm'), refused(/line 1/));
    assert.throws(() => parseParameterMap('(A 1)\nB 2', 'm'), refused(/line 2/));
    assert.throws(() => parseParameterMap('(A 1)\n(A 2)', 'm'), refused(/gives A again/));
    assert.throws(
      () => read(text.replace('"Jacobian"', '"jacobi"')),
      refused(/"Static" or "Jacobian"/),
    );
    assert.throws(() => read(text.replace('5 6 7', '5 x 7')), refused(/"x", which is no number/));
  });
});
