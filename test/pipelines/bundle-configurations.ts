import type { Json } from '@voxhost/sdk';

/** Where an image comes from is not this tool's part of a bundle. */
const loading = (key: string): readonly Json[] => [
  { _target_: 'LoadImaged', keys: key },
  { _target_: 'EnsureChannelFirstd', keys: key },
];

const compose = (...transforms: readonly Json[]): Json => ({ _target_: 'Compose', transforms });

const device = "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')";

const window = (a_min: number, a_max: number): Json => ({
  _target_: 'ScaleIntensityRanged',
  keys: 'image',
  a_min,
  a_max,
  b_min: 0.0,
  b_max: 1.0,
  clip: true,
});

const spacing = (...pixdim: readonly number[]): Json => ({
  _target_: 'Spacingd',
  keys: 'image',
  pixdim,
  mode: 'bilinear',
});

const ras: Json = { _target_: 'Orientationd', keys: 'image', axcodes: 'RAS' };
const typed: Json = { _target_: 'EnsureTyped', keys: 'image' };

interface BundleCase {
  readonly bundle: string;
  readonly json: Json;
  readonly size: readonly number[];
  readonly range: readonly [number, number];
}

const UNBOUNDED = [-1e6, 1e6] as const;

/** The preprocessing of bundles of MONAI's model zoo, restated with the forms that their files use. */
export const BUNDLES: readonly BundleCase[] = [
  {
    bundle: 'spleen_ct_segmentation',
    json: {
      preprocessing: compose(
        ...loading('image'),
        ras,
        spacing(1.5, 1.5, 2),
        window(-57, 164),
        typed,
      ),
    },
    size: [16, 14, 10],
    range: [0, 1],
  },
  {
    bundle: 'swin_unetr_btcv_segmentation',
    json: {
      preprocessing: compose(
        { _target_: 'LoadImaged', keys: 'image', reader: 'ITKReader' },
        ras,
        spacing(1.5, 1.5, 2),
        window(-175, 250),
        typed,
      ),
    },
    size: [16, 14, 10],
    range: [0, 1],
  },
  {
    bundle: 'pancreas_ct_dints_segmentation',
    json: {
      preprocessing: compose(...loading('image'), ras, spacing(1, 1, 1), window(-87, 199), typed),
    },
    size: [23, 21, 19],
    range: [0, 1],
  },
  {
    bundle: 'wholeBody_ct_segmentation',
    json: {
      displayable_configs: { highres: true, sw_overlap: 0.25 },
      image_key: 'image',
      pixdim: '$[1.5, 1.5, 1.5] if @displayable_configs#highres else [3.0, 3.0, 3.0]',
      preprocessing: compose(
        { _target_: 'LoadImaged', keys: '@image_key' },
        { _target_: 'EnsureTyped', keys: '@image_key' },
        { _target_: 'EnsureChannelFirstd', keys: '@image_key' },
        { _target_: 'Orientationd', keys: '@image_key', axcodes: 'RAS' },
        { _target_: 'Spacingd', keys: '@image_key', pixdim: '@pixdim', mode: 'bilinear' },
        { _target_: 'NormalizeIntensityd', keys: '@image_key', nonzero: true },
        { _target_: 'ScaleIntensityd', keys: '@image_key', minv: -1.0, maxv: 1.0 },
      ),
    },
    size: [16, 14, 13],
    range: [-1, 1],
  },
  {
    bundle: 'prostate_mri_anatomy',
    json: {
      preprocessing: compose(
        ...loading('image'),
        ras,
        spacing(0.5, 0.5, 0.5),
        { _target_: 'ScaleIntensityd', keys: 'image', minv: 0, maxv: 1 },
        { _target_: 'NormalizeIntensityd', keys: 'image' },
        typed,
      ),
    },
    size: [45, 41, 37],
    range: UNBOUNDED,
  },
  {
    bundle: 'lung_nodule_ct_detection',
    json: {
      whether_raw_luna16: true,
      whether_resampled_luna16: '$(not @whether_raw_luna16)',
      preprocessing: compose(
        {
          _target_: 'LoadImaged',
          keys: 'image',
          meta_key_postfix: 'meta_dict',
          _disabled_: '@whether_raw_luna16',
        },
        {
          _target_: 'LoadImaged',
          keys: 'image',
          affine_lps_to_ras: true,
          _disabled_: '@whether_resampled_luna16',
        },
        { _target_: 'EnsureChannelFirstd', keys: 'image', meta_key_postfix: 'meta_dict' },
        ras,
        {
          _target_: 'Spacingd',
          keys: 'image',
          pixdim: [0.703125, 0.703125, 1.25],
          _disabled_: '@whether_resampled_luna16',
        },
        window(-1024, 300),
        typed,
      ),
    },
    size: [32, 29, 15],
    range: [0, 1],
  },
  {
    bundle: 'wholeBrainSeg_Large_UNEST_segmentation',
    json: {
      preprocessing: compose(
        ...loading('image'),
        { _target_: 'NormalizeIntensityd', keys: 'image', nonzero: 'True', channel_wise: 'True' },
        typed,
      ),
    },
    size: [12, 11, 10],
    range: UNBOUNDED,
  },
  {
    bundle: 'ventricular_short_axis_3label',
    json: {
      device,
      preprocessing: compose(
        ...loading('image'),
        { _target_: 'ScaleIntensityd', keys: 'image' },
        { _target_: 'EnsureTyped', keys: 'image', device: '@device' },
      ),
    },
    size: [12, 11, 10],
    range: [0, 1],
  },
  {
    bundle: 'spleen_ct_segmentation, train',
    json: {
      train: {
        deterministic_transforms: [
          { _target_: 'LoadImaged', keys: ['image', 'label'] },
          { _target_: 'EnsureChannelFirstd', keys: ['image', 'label'] },
          { _target_: 'Orientationd', keys: ['image', 'label'], axcodes: 'RAS' },
          {
            _target_: 'Spacingd',
            keys: ['image', 'label'],
            pixdim: [1.5, 1.5, 2.0],
            mode: ['bilinear', 'nearest'],
          },
          window(-57, 164),
          { _target_: 'EnsureTyped', keys: ['image', 'label'] },
        ],
        random_transforms: [
          {
            _target_: 'RandCropByPosNegLabeld',
            keys: ['image', 'label'],
            label_key: 'label',
            spatial_size: [8, 8, 8],
            pos: 1,
            neg: 1,
            num_samples: 4,
            image_key: 'image',
            image_threshold: 0,
          },
        ],
        preprocessing: {
          _target_: 'Compose',
          transforms: '$@train#deterministic_transforms + @train#random_transforms',
        },
      },
    },
    size: [8, 8, 8],
    range: [0, 1],
  },
];

/** What is refused, and the place that the message names. */
export const REFUSED = [
  {
    what: 'an unknown transform',
    json: [{ _target_: 'Flip' }, { _target_: 'KeepLargestConnectedComponentd', keys: 'pred' }],
    path: '1._target_',
  },
  {
    what: 'a parameter that is not supported',
    json: { transforms: [{ _target_: 'Spacing', pixdim: [1], antialias: true }] },
    path: 'transforms.0.antialias',
  },
  {
    what: 'a value of the wrong type',
    json: [{ _target_: 'Spacing', pixdim: 'fine' }],
    path: '0.pixdim',
  },
  { what: 'a parameter that is missing', json: [{ _target_: 'Rotate' }], path: '0.angle' },
  {
    what: 'a transform with a name that every object has',
    json: [{ _target_: 'constructor' }],
    path: '0._target_',
  },
  {
    what: 'the same where a prototype is meant',
    json: [{ _target_: '__proto__' }],
    path: '0._target_',
  },
  {
    what: 'a parameter with such a name',
    json: [{ _target_: 'Rotate', angle: 1, constructor: 1 }],
    path: '0.constructor: is not supported',
  },
  {
    what: 'a dtype with such a name',
    json: [{ _target_: 'CastToType', dtype: 'constructor' }],
    path: '"constructor" is none of',
  },
  {
    what: 'a number that JSON reads as infinite',
    json: [{ _target_: 'ShiftIntensity', offset: Number.POSITIVE_INFINITY }],
    path: '0.offset',
  },
  {
    what: 'a crop that begins inside a voxel',
    json: [{ _target_: 'SpatialCrop', roi_start: [1.5, 0, 0], roi_end: [4, 4, 4] }],
    path: '0.roi_start',
  },
  {
    what: 'three halves of a quarter turn',
    json: [{ _target_: 'Rotate90', k: 1.5 }],
    path: '0.k',
  },
  {
    what: 'a mode that has no equal',
    json: [{ _target_: 'Rotate', angle: 1, mode: 'cubic-ish' }],
    path: 'cubic-ish',
  },
  {
    what: 'a lambda',
    json: [{ _target_: 'Lambdad', keys: 'image', func: '$lambda x: x' }],
    path: '0._target_',
  },
  {
    what: 'an expression that nothing here runs',
    json: [{ _target_: 'Spacing', pixdim: '$numpy.ones(3)' }],
    path: '0.pixdim',
  },
  { what: 'a reference to nothing', json: { preprocessing: ['@missing'] }, path: '@missing' },
  {
    what: 'references in a circle',
    json: { a: '@b', b: '@a', preprocessing: ['@a'] },
    path: 'circle',
  },
  { what: 'what is no transform', json: [3], path: 'pipeline at 0' },
  { what: 'what is no pipeline', json: 'Spacing', path: 'no pipeline' },
] as const;
