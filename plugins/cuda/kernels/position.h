#pragma once

#include "launch.h"
#include "parameters.h"

struct Point {
  double x, y, z;
};

/** One row of an affine, summed in the reference's order. */
DEVICE double apply_row(const double *row, const Point &p) {
  return plus(plus(plus(times(row[0], p.x), times(row[1], p.y)), times(row[2], p.z)), row[3]);
}

DEVICE Point apply_affine(const double *matrix, const Point &p) {
  return {apply_row(matrix, p), apply_row(matrix + 4, p), apply_row(matrix + 8, p)};
}

/** What the sums of apply_affine begin with for all points of one x and y; of the map's third column and last is the rest. */
DEVICE Point begin_affine(const double *matrix, double x, double y) {
  return {plus(times(matrix[0], x), times(matrix[1], y)), plus(times(matrix[4], x), times(matrix[5], y)),
          plus(times(matrix[8], x), times(matrix[9], y))};
}

/** The same bits as apply_affine. */
DEVICE Point end_affine(const double *matrix, const Point &begun, double z) {
  return {plus(plus(begun.x, times(matrix[2], z)), matrix[3]), plus(plus(begun.y, times(matrix[6], z)), matrix[7]),
          plus(plus(begun.z, times(matrix[10], z)), matrix[11])};
}

/** The control points of one axis that a lattice's value depends on. */
struct Stencil {
  int index[4];
  double weight[4];
};

/** False where the lattice is worth 0. The last cell is closed. */
DEVICE bool fill_stencil(Stencil &taps, double x, int n, int order, int outside) {
  if (!(fabs(x) < 1e9)) {
    if (outside != OUTSIDE_EDGE) return false;
    x = x < 0 ? -9 : n + 8;
  }
  if (outside == OUTSIDE_BUFFER && !(x >= -0.5 && x < n - 0.5)) return false;
  const double cell = x == n - 1 && n > 1 ? n - 2 : floor(x);
  const double t = x - cell;
  const int support = order + 1;
  if (order == 1) {
    taps.weight[0] = 1 - t;
    taps.weight[1] = t;
  } else {
    const double s = 1 - t;
    taps.weight[0] = s * s * s / 6;
    taps.weight[1] = (t * t * (3 * t - 6) + 4) / 6;
    taps.weight[2] = (s * s * (3 * s - 6) + 4) / 6;
    taps.weight[3] = t * t * t / 6;
  }
  const int first = (int)cell - (order == 1 ? 0 : 1);
  for (int k = 0; k < support; k++) {
    const int index = first + k;
    if (outside == OUTSIDE_ZERO && (index < 0 || index >= n) && taps.weight[k] != 0) return false;
    taps.index[k] = index < 0 ? 0 : index >= n ? n - 1 : index;
  }
  return true;
}

template <class T>
DEVICE void sum_taps(const Step &step, int dims, const Stencil (&axes)[3], double (&vector)[3]) {
  const T *data = (const T *)step.lattice;
  const int64_t plane = step.plane_stride;
  const int support = step.order + 1;
  for (int k = 0; k < (dims == 3 ? support : 1); k++) {
    for (int j = 0; j < support; j++) {
      const int64_t row = (dims == 3 ? axes[2].index[k] * step.slice_stride : 0) + axes[1].index[j] * step.row_stride;
      const double outer = axes[1].weight[j] * (dims == 3 ? axes[2].weight[k] : 1);
      for (int i = 0; i < support; i++) {
        const double weight = axes[0].weight[i] * outer;
        const T *at = data + row + axes[0].index[i];
        vector[0] += weight * read(at);
        vector[1] += weight * read(at + plane);
        if (dims == 3) vector[2] += weight * read(at + 2 * plane);
      }
    }
  }
}

/** matrix [x; 1] + vectors u(lookup [x; 1]) */
OUT_OF_LINE Point apply_field(const Step &step, int dims, const Point &p) {
  const Point there = apply_affine(step.lookup, p);
  const double at[3] = {there.x, there.y, there.z};
  Stencil axes[3];
  double u[3] = {0, 0, 0};
  bool inside = true;
  for (int a = 0; a < dims; a++)
    inside = inside && fill_stencil(axes[a], at[a], step.size[a], step.order, step.outside);
  if (inside && step.wide) sum_taps<double>(step, dims, axes, u);
  else if (inside) sum_taps<float>(step, dims, axes, u);
  const Point q = apply_affine(step.matrix, p);
  const double *v = step.vectors;
  return {q.x + v[0] * u[0] + v[1] * u[1] + v[2] * u[2], q.y + v[3] * u[0] + v[4] * u[1] + v[5] * u[2],
          q.z + v[6] * u[0] + v[7] * u[1] + v[8] * u[2]};
}

/** Where a voxel of the output looks. */
DEVICE Point locate(const AffineMap &map, const Point &voxel, int64_t, int) {
  return apply_affine(map.matrix, voxel);
}

DEVICE Point locate(const StepsMap &map, const Point &voxel, int64_t sample, int dims) {
  Point p = voxel;
  if (map.points != 0) {
    const double *at = (const double *)map.points + sample * dims;
    p = {read(at), read(at + 1), dims == 3 ? read(at + 2) : 0};
    // No map takes it anywhere, and lattices may be there only in part.
    if (!(fabs(p.x) < INFINITY && fabs(p.y) < INFINITY && fabs(p.z) < INFINITY)) return {NAN, NAN, NAN};
  }
  const Step *steps = (const Step *)map.steps;
  for (int s = 0; s < map.count; s++)
    p = steps[s].kind == STEP_AFFINE ? apply_affine(steps[s].matrix, p) : apply_field(steps[s], dims, p);
  return p;
}
