/** A picture of 8 bits per component. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
  /** Rows from the top, components of a pixel together. */
  readonly data: Uint8Array;
}

/** Pictures next to each other, tops aligned, black where one is shorter. */
export function beside(rasters: readonly Raster[], gap = 0): Raster {
  return arrange(rasters, gap, (at) => [at, 0]);
}

/** Pictures below each other, left edges aligned. */
export function below(rasters: readonly Raster[], gap = 0): Raster {
  return arrange(rasters, gap, (_x, at) => [0, at]);
}

function arrange(
  rasters: readonly Raster[],
  gap: number,
  placeAt: (x: number, y: number) => readonly [x: number, y: number],
): Raster {
  const channels = rasters.some((r) => r.channels === 3) ? 3 : 1;
  let [x, y, width, height] = [0, 0, 0, 0];
  const placed = rasters.map((raster) => {
    const [left, top] = placeAt(x, y);
    x += raster.width + gap;
    y += raster.height + gap;
    width = Math.max(width, left + raster.width);
    height = Math.max(height, top + raster.height);
    return { raster, left, top };
  });
  const data = new Uint8Array(width * height * channels);
  for (const { raster, left, top } of placed) {
    for (let row = 0; row < raster.height; row++) {
      for (let column = 0; column < raster.width; column++) {
        const from = (row * raster.width + column) * raster.channels;
        const to = ((top + row) * width + left + column) * channels;
        for (let c = 0; c < channels; c++) {
          data[to + c] = raster.data[from + Math.min(c, raster.channels - 1)] ?? 0;
        }
      }
    }
  }
  return { width, height, channels, data };
}
