import { byMoments } from './moments.js';

/** 2 Σ f m / (Σ f + Σ m), by a moving value 2 f / S - 2 Σ f m / S². Two empty labels are alike: exactly 1, flat. */
export const dice = byMoments({
  sign: -1,
  shiftsOf: ({ subject }) =>
    Array.from({ length: subject.operation.fixed.channels }, () => ({ fixed: 0, moving: 0 })),
  betterShifts: () => undefined,
  judge({ f, m, fm }) {
    const either = f + m;
    if (either === 0) return { figure: 1, slopes: [0, 0, 0] };
    const figure = (2 * fm) / either;
    return { figure, slopes: [2 / either, 0, -figure / either] };
  },
});
