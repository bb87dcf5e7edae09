import assert from 'node:assert/strict';
import * as sdk from '@voxhost/sdk';

describe('public surface', () => {
  it('the sdk exports exactly this', () => {
    assert.deepEqual(Object.keys(sdk).sort(), [
      'ABI',
      'BOUNDARY_KINDS',
      'ERROR_CODES',
      'INTERPOLATORS',
      'MAP_SHAPES',
      'PIXEL_TYPES',
      'VoxhostError',
      'accumulate',
      'affineMap',
      'allocatePixels',
      'createGrid',
      'createImage',
      'definePlugin',
      'evaluate',
      'fieldMap',
      'fillValue',
      'gridProblem',
      'identityDirection',
      'identityMap',
      'indexToPhysical',
      'invertAffine',
      'isVoxhostError',
      'jacobian',
      'locateAll',
      'mapDimensions',
      'mapProblem',
      'mapShape',
      'matchCapabilities',
      'outputIndices',
      'pixelTypeFacts',
      'pixelTypeOf',
      'pointsMap',
      'pullback',
      'roundHalfEven',
      'sampleCount',
      'sequenceMap',
      'splineOrder',
      'then',
      'toPixelValue',
      'voxelCount',
    ]);
  });
});
