import { assertNotSheared, type PlacedGrid, placeGrid } from '../affine-grid.js';
import { faultIn } from '../bad-file.js';
import type { HeaderOptions } from '../format.js';
import type { Scale, StoredType } from '../stored-type.js';
import { assertSizes, type VolumeHeader } from '../volume-header.js';
import { bestAffine } from './affine.js';
import { DATATYPES, decodeFields, HEADER_BYTES, type NiftiFields } from './fields.js';

/** NIFTI_INTENT_DISPVECT: by the standard along the axes of its affine, so RAS. */
const DISPLACEMENT_INTENT = 1006;
/** With NIFTI_INTENT_VECTOR, whose components are what the writer says: LPS from ITK and ANTs. */
const VECTOR_INTENTS = [1007, DISPLACEMENT_INTENT];

/** Millimetres per unit, by the low three bits of xyzt_units: unknown, metre, millimetre, micrometre. */
const MILLIMETRES = [1, 1000, 1, 0.001];

/** Reads a NIfTI-1 or -2 header, the front of a .nii or all of a .hdr. Throws its fault. */
export function parseNifti(bytes: Uint8Array, options: HeaderOptions): VolumeHeader {
  const fields = decodeFields(bytes);
  const axes = axesOf(fields);
  const placed = place(fields, axes);
  if (options.shear !== 'keep')
    assertNotSheared(placed.sheared, bestAffine(fields, axes.size).field);
  const { stored, components } = typeOf(fields.datatype);
  const rgb = components > 1;
  if (rgb && axes.components > 1) throw faultIn('dim[5]', 'gives a colour file a vector axis');
  return {
    format: `NIfTI-${fields.version}`,
    ...placed,
    components: rgb ? components : axes.components,
    frames: axes.frames,
    frameSpacing: fields.pixdim[4] > 0 ? fields.pixdim[4] : 1,
    stored,
    littleEndian: fields.littleEndian,
    interleaved: rgb,
    scale: rgb ? undefined : scaleOf(fields),
    rasVectors: fields.intent === DISPLACEMENT_INTENT,
    place: placeOf(fields, options.name),
    compressed: !fields.single && /\.gz$/i.test(options.name),
  };
}

interface Axes {
  readonly size: readonly number[];
  readonly frames: number;
  readonly components: number;
}

/** dim[1..3] are space, dim[4] frames, dim[5..7] components. A file of one axis is a row of a picture. */
function axesOf({ dim, intent }: NiftiFields): Axes {
  const used = dim[0];
  if (!(used >= 1 && used <= 7)) throw faultIn('dim[0]', `is ${used}, not 1 to 7 axes`);
  const sizes = dim.slice(1, 1 + used);
  assertSizes('dim', sizes);
  const [nx, ny = 1, nz = 1, frames = 1, ...rest] = sizes;
  const components = rest.reduce((product, n) => product * n, 1);
  const flatVector = components > 1 && nz === 1 && VECTOR_INTENTS.includes(intent);
  return { size: used <= 2 || flatVector ? [nx, ny] : [nx, ny, nz], frames, components };
}

function typeOf(datatype: number): { stored: StoredType; components: number } {
  const type = DATATYPES[datatype];
  if (type?.stored !== undefined) return { stored: type.stored, components: type.components ?? 1 };
  const reason = `${datatype} (${type?.name ?? 'unknown'}) is not supported`;
  throw faultIn('datatype', reason, 'convert it to an integer or real type');
}

/** As nibabel: a slope of 0 or one that is not finite means no scaling. */
function scaleOf({ slope, intercept }: NiftiFields): Scale | undefined {
  if (slope === 0 || !Number.isFinite(slope)) return undefined;
  if (!Number.isFinite(intercept)) throw faultIn('scl_inter', `is ${intercept}`);
  return slope === 1 && intercept === 0 ? undefined : { slope, intercept };
}

/** RAS to LPS happens here and nowhere else: the first two rows change sign. */
function place(fields: NiftiFields, { size }: Axes): PlacedGrid {
  const { matrix, field } = bestAffine(fields, size);
  const unit = MILLIMETRES[fields.units & 7] ?? 1;
  const lps = Float64Array.from(matrix, (v, i) => (i < 8 ? -v : v) * unit);
  if (size.length === 3) return placeGrid(size, lps, field);
  return isInPlane(lps)
    ? placeGrid(size, Float64Array.of(lps[0], lps[1], lps[3], lps[4], lps[5], lps[7]), field)
    : placeGrid([...size, 1], lps, field);
}

/** A picture stays 2-D unless its header lifts or tilts it out of the plane z = 0. */
function isInPlane(m: Float64Array): boolean {
  return m[8] === 0 && m[9] === 0 && m[11] === 0 && m[2] === 0 && m[6] === 0;
}

function placeOf(fields: NiftiFields, name: string): VolumeHeader['place'] {
  if (!fields.single) return { kind: 'files', names: pixelNames(name), skip: voxOffset(fields, 0) };
  const smallest = HEADER_BYTES[fields.version] + 4;
  return { kind: 'inline', offset: voxOffset(fields, smallest) };
}

function voxOffset({ voxOffset: offset }: NiftiFields, smallest: number): number {
  if (offset === 0) return smallest;
  if (Number.isSafeInteger(offset) && offset >= smallest) return offset;
  throw faultIn('vox_offset', `is ${offset}, not a whole number of at least ${smallest}`);
}

/** head.hdr keeps its pixels in head.img, compressed like itself. */
const pixelNames = (name: string): string[] => [name.replace(/\.hdr(\.gz)?$/i, '.img$1')];
