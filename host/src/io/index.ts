/**
 * Volumes from and to files. Everything is LPS and millimetres here; what a format means otherwise is
 * converted once, at the file.
 *
 * @module
 */
export { knownExtensions } from './formats.js';
export { headPhantom } from './head-phantom.js';
export { machineMemory } from './machine-memory.js';
export { readGrid, readHeader } from './read-header.js';
export type { FrameGroup, FrameOptions } from './read-image.js';
export { readFrameGroups, readImage, readVolume } from './read-image.js';
export type { ReadOptions } from './read-pixels.js';
export type { Scale, StoredType } from './stored-type.js';
export { readTransform } from './transforms/read-transform.js';
export { writeTransform } from './transforms/write-transform.js';
export type { Volume } from './volume.js';
export type { PixelPlace, VolumeHeader } from './volume-header.js';
export type { FrameSequence, WriteOptions } from './write-image.js';
export { assertWritable, writeFrames, writeImage } from './write-image.js';
