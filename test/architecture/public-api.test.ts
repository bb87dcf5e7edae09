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
      'allocatePixels',
      'createGrid',
      'createImage',
      'definePlugin',
      'fillValue',
      'gridProblem',
      'identityDirection',
      'indexToPhysical',
      'isVoxhostError',
      'mapDimensions',
      'mapShape',
      'matchCapabilities',
      'pixelTypeFacts',
      'pixelTypeOf',
      'roundHalfEven',
      'splineOrder',
      'toPixelValue',
      'voxelCount',
    ]);
  });
});
