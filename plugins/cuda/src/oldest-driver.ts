/** The first CUDA that loads a version of PTX, and the first driver of it. */
export interface OldestDriver {
  readonly ptx: string;
  /** 1000 · major + 10 · minor, as cuDriverGetVersion has it. */
  readonly cuda: number;
  readonly linux: string;
  readonly windows: string;
}

/**
 * PTX ISA, "Release Notes" (version of PTX by version of CUDA), joined with the CUDA Toolkit's release notes, "CUDA
 * Toolkit and Corresponding Driver Versions". Versions that know compute capability 7.5.
 */
const OLDEST_DRIVERS: readonly OldestDriver[] = [
  { ptx: '6.3', cuda: 10000, linux: '410.48', windows: '411.31' },
  { ptx: '6.4', cuda: 10010, linux: '418.39', windows: '418.96' },
  { ptx: '6.5', cuda: 10020, linux: '440.33', windows: '441.22' },
  { ptx: '7.0', cuda: 11000, linux: '450.36.06', windows: '451.22' },
];

export const oldestDriver = (ptx: string): OldestDriver | undefined =>
  OLDEST_DRIVERS.find((each) => each.ptx === ptx);
