import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrid, createImage } from '@voxhost/sdk';
import { isHostError } from 'voxhost';
import { displacementField, type Transform, transformPoint } from 'voxhost/geometry';
import { readTransform, writeImage, writeTransform } from 'voxhost/io';
import { fixture, inFolder, largestDifference } from '../support.js';

const names = readdirSync(fixture('itk', 'transforms')).filter((name) => name.endsWith('.tfm'));

async function readText(text: string, name = 't.txt'): Promise<Transform> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, name), text);
    return readTransform(join(folder, name));
  });
}

describe('an ITK text transform', () => {
  for (const name of names) {
    it(`${name} is written as ITK wrote it, number for number`, () =>
      inFolder(async (folder) => {
        const path = fixture('itk', 'transforms', name);
        await writeTransform(await readTransform(path), join(folder, 'out.tfm'));
        const tokens = async (file: string) => (await readFile(file, 'utf8')).split(/\s+/);
        const [ours, itks] = [await tokens(join(folder, 'out.tfm')), await tokens(path)];
        assert.equal(ours.length, itks.length);
        ours.forEach((token, i) => {
          if (token !== itks[i]) assert.equal(Number(token), Number(itks[i]));
        });
      }));
  }
});

const ELASTIX = `(Transform "EulerTransform")
(NumberOfParameters 6)
(TransformParameters 0.1 -0.2 0.3 4 5 6)
(InitialTransformParametersFileName "NoInitialTransform")
(HowToCombineTransforms "Compose")
// a comment
(FixedImageDimension 3)
(MovingImageDimension 3)
(CenterOfRotationPoint 10 20 30)
(ComputeZYX "false")
`;

describe('a matrix of text', () => {
  const matrix = '1 0 0 5\n0 1 0 6\n0 0 1 7\n0 0 0 1\n';

  it('is LPS, and RAS when its comment says so', async () => {
    assert.deepEqual([...transformPoint(await readText(matrix), [0, 0, 0])], [5, 6, 7]);
    const ras = await readText(`# RAS\n${matrix}`);
    assert.deepEqual([...transformPoint(ras, [0, 0, 0])], [-5, -6, 7]);
  });

  it('is refused in FSL coordinates, which depend on two images', async () => {
    await assert.rejects(readText(`# flirt\n${matrix}`), /FSL coordinates.*c3d_affine_tool/);
  });
});

describe('a displacement field', () => {
  const grid = createGrid({ size: [3, 3, 3], spacing: [10, 10, 10], origin: [-10, -10, -10] });
  const vectors = Float32Array.from({ length: 81 }, (_, i) => Math.floor(i / 27) + 1);

  it('is any volume with a vector per voxel, written and read', () =>
    inFolder(async (folder) => {
      for (const extension of ['.nii.gz', '.mha', '.nrrd']) {
        const path = join(folder, `field${extension}`);
        await writeTransform(displacementField(createImage(grid, vectors, 3)), path);
        const back = await readTransform(path);
        assert.deepEqual([...transformPoint(back, [0, 0, 0])], [1, 2, 3]);
        assert.deepEqual([...transformPoint(back, [99, 0, 0])], [99, 0, 0]);
      }
    }));

  it("of NIfTI's displacement intent is along RAS, as ITK takes it", () =>
    inFolder(async (folder) => {
      const path = join(folder, 'field.nii');
      await writeImage(createImage(grid, vectors, 3), path, { channelsAs: 'components' });
      const bytes = await readFile(path);
      bytes.writeInt16LE(1006, 68);
      await writeFile(path, bytes);
      assert.deepEqual([...transformPoint(await readTransform(path), [0, 0, 0])], [-1, -2, 3]);
    }));
});

describe('a chain of elastix transforms', () => {
  it('is found beside the file, and its initial transform is applied first', () =>
    inFolder(async (folder) => {
      const affine = ELASTIX.replace('EulerTransform', 'AffineTransform')
        .replace('0.1 -0.2 0.3 4 5 6', '2 0 0 0 2 0 0 0 2 0 0 0')
        .replace('10 20 30', '0 0 0')
        .replace('NoInitialTransform', '/home/somebody/run/first.txt');
      const first = ELASTIX.replace('EulerTransform', 'TranslationTransform').replace(
        '0.1 -0.2 0.3 4 5 6',
        '1 0 0',
      );
      await writeFile(join(folder, 'first.txt'), first);
      await writeFile(join(folder, 'second.txt'), affine);
      const chain = await readTransform(join(folder, 'second.txt'));
      assert.deepEqual([...transformPoint(chain, [1, 1, 1])], [4, 2, 2]);
    }));

  it('without end is refused', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'loop.txt');
      await writeFile(path, ELASTIX.replace('NoInitialTransform', 'loop.txt'));
      await assert.rejects(readTransform(path), /initial transforms have no end/);
    }));
});

const TFM = `#Insight Transform File V1.0
#Transform 0
Transform: Euler3DTransform_double_3_3
Parameters: 0 0 0 1 2 3
FixedParameters: 0 0 0 0
`;

describe('a bad transform file gives one clear error', () => {
  const cases: readonly (readonly [name: string, text: string, says: RegExp])[] = [
    ['empty', '', /no transform/],
    ['words', 'I am no transform, only words\n', /no transform/],
    ['no transforms', '#Insight Transform File V1.0\n', /transforms are none/],
    [
      'an unknown class',
      TFM.replace('Euler3D', 'Kernel'),
      /"KernelTransform_double_3_3" is not supported/,
    ],
    ['a class without dimensions', TFM.replace('_double_3_3', ''), /is unknown/],
    ['five dimensions', TFM.replace('_3_3', '_5_5'), /is not 2-D or 3-D/],
    ['too few parameters', TFM.replace('0 0 0 1 2 3', '1 2 3'), /parameters has 3 numbers, not 6/],
    ['NaN', TFM.replace('1 2 3', '1 nan 3'), /Parameters has something that is no number/],
    ['an overflow', TFM.replace('1 2 3', '1 1e999 3'), /Parameters \[4\] is Infinity/],
    ['a center too long', TFM.replace('0 0 0 0', '0 0 0 0 0'), /FixedParameters has 5/],
    ['parameters before a transform', 'Parameters: 1\n', /no transform/],
    ['two without composite', TFM + TFM.slice(29), /no composite joins/],
    [
      'a lattice without parameters',
      TFM.replace('Euler3D', 'BSpline'),
      /FixedParameters has 4 numbers, not the 18/,
    ],
    [
      'an unknown elastix type',
      ELASTIX.replace('EulerT', 'AffineLogT'),
      /"AffineLogTransform" is not supported/,
    ],
    [
      'elastix without parameters',
      ELASTIX.replace(/\(TransformP.*\n/, ''),
      /parameters has 0 numbers/,
    ],
    ['elastix without center', ELASTIX.replace(/\(Center.*\n/, ''), /center has 0 numbers/],
    [
      'elastix that adds',
      ELASTIX.replace('"Compose"', '"Add"').replace('NoInitialTransform', 'a.txt'),
      /HowToCombineTransforms is "Add"/,
    ],
    ['elastix with a broken line', `${ELASTIX}(Size 1 2\n`, /line 11 is not/],
    [
      'a missing initial transform',
      ELASTIX.replace('NoInitialTransform', 'a.txt'),
      /a\.txt: does not exist/,
    ],
    ['a matrix with a word', '1 0 0\n0 x 0\n0 0 1\n', /matrix has no number/],
    ['a projective matrix', '1 0 0\n0 1 0\n0 1 1\n', /last row/],
  ];
  for (const [name, text, says] of cases) {
    it(name, async () => {
      await assert.rejects(readText(text), (error: unknown) => {
        assert.ok(isHostError(error, 'BAD_FILE'), String(error));
        assert.match(error.message, says);
        return true;
      });
    });
  }

  it('absent, a folder, or a field with a wrong number of components', () =>
    inFolder(async (folder) => {
      await assert.rejects(readTransform(join(folder, 'none.tfm')), /does not exist/);
      await mkdir(join(folder, 'a.tfm'));
      await assert.rejects(readTransform(join(folder, 'a.tfm')), /is a folder/);
      const scalar = fixture('nifti', 'type-f4.nii');
      await assert.rejects(readTransform(scalar), /image has 1 channel\(s\), not the 3/);
    }));

  it('cannot be written under another extension, or as a volume', () =>
    inFolder(async (folder) => {
      const transform = await readText(TFM);
      for (const name of ['a.xfm', 'a.nii']) {
        await assert.rejects(writeTransform(transform, join(folder, name)), {
          code: 'CANNOT_WRITE',
        });
      }
    }));
});

it('an elastix rotation turns about its center as ITK does', async () => {
  const elastix = await readText(ELASTIX);
  const itk = await readText(
    TFM.replace('0 0 0 1 2 3', '0.1 -0.2 0.3 4 5 6').replace('0 0 0 0', '10 20 30 0'),
  );
  const point = [7, -8, 9];
  assert.ok(largestDifference(transformPoint(elastix, point), transformPoint(itk, point)) < 1e-12);
});
