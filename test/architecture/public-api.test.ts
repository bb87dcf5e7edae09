import assert from 'node:assert/strict';
import * as sdk from '@voxhost/sdk';
import * as reference from '@voxhost/sdk/reference';
import * as testing from '@voxhost/sdk/testing';

describe('public surface', () => {
  it('the sdk exports exactly this', () => {
    assert.deepEqual(Object.keys(sdk).sort(), [
      'ABI',
      'BOUNDARY_KINDS',
      'ERROR_CODES',
      'INTERPOLATORS',
      'MAP_SHAPES',
      'METRIC_BOUNDARY',
      'PIXEL_TYPES',
      'VoxhostError',
      'accumulate',
      'affineMap',
      'allocatePixels',
      'createBreather',
      'createGrid',
      'createImage',
      'createRunQueue',
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
      'outputOf',
      'pixelTypeFacts',
      'pixelTypeOf',
      'pointsMap',
      'pullback',
      'requireFiniteForSpline',
      'requireMetric',
      'requireMetricRun',
      'requireResampleRun',
      'roundHalfEven',
      'sampleCount',
      'samplePositions',
      'sequenceMap',
      'splineOrder',
      'then',
      'toPixelValue',
      'voxelCount',
    ]);
  });

  it('its reference exports exactly this', () => {
    assert.deepEqual(Object.keys(reference), ['createReference']);
  });

  it('its testing kit exports exactly this', () => {
    assert.deepEqual(Object.keys(testing).sort(), [
      'DIFFERENCE_STEP',
      'JUMP_MARGIN',
      'LOOSEST_RELATIVE',
      'RULES',
      'SLOPE_FACTOR',
      'checkerboard',
      'conformanceCases',
      'createFakeContext',
      'describeBackend',
      'gaussianBlobs',
      'headPhantom',
      'imageOfIndex',
      'imageOfPoint',
      'quadratic',
      'ramp',
      'toleranceOf',
    ]);
  });
});
