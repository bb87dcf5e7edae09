import type { Compared } from './compare.js';

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = 56;
const COLOURS = ['#1b6ca8', '#c8553d', '#3a7d44', '#6b4e9b'];

/** Nanoseconds per voxel against edge length, both logarithmic, a line per program and number of threads. */
export function plotGrowth(measurements: readonly Compared[]): string {
  const series = grouped(measurements);
  const x = scale(
    measurements.map(({ n }) => n),
    [MARGIN, WIDTH - MARGIN],
  );
  const y = scale(measurements.map(cost), [HEIGHT - MARGIN, MARGIN]);
  const lines = [...series].map(([name, points], i) => {
    const colour = COLOURS[i % COLOURS.length];
    const path = points.map((p) => `${x(p.n)},${y(cost(p))}`).join(' ');
    const label = `<text x="${MARGIN + 12}" y="${MARGIN + 16 * i}" fill="${colour}">${name}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${label}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...ticks(measurements, x, y),
    ...lines,
    '</svg>\n',
  ].join('\n');
}

const cost = ({ n, ms }: Compared): number => (ms * 1e6) / n ** 3;

const seriesOf = ({ program, name, threads }: Compared): string =>
  `${program}: ${name}, ${threads === 1 ? 'one thread' : `${threads} threads`}`;

function grouped(measurements: readonly Compared[]): Map<string, Compared[]> {
  const series = new Map<string, Compared[]>();
  for (const one of measurements) {
    series.set(seriesOf(one), [...(series.get(seriesOf(one)) ?? []), one]);
  }
  return series;
}

type Scale = (value: number) => number;

function scale(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const low = Math.log(Math.min(...values));
  const span = Math.log(Math.max(...values)) - low || 1;
  return (value) => Math.round(10 * (from + ((to - from) * (Math.log(value) - low)) / span)) / 10;
}

function ticks(measurements: readonly Compared[], x: Scale, y: Scale): readonly string[] {
  const edges = [...new Set(measurements.map(({ n }) => n))];
  const values = measurements.map(cost);
  const ends = [Math.min(...values), Math.max(...values)];
  return [
    ...edges.map((n) => `<text x="${x(n)}" y="${HEIGHT - 24}" text-anchor="middle">${n}³</text>`),
    ...ends.map((v) => `<text x="8" y="${y(v)}">${v.toFixed(1)} ns</text>`),
  ];
}
