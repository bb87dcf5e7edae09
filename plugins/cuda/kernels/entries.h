// Every kernel that the plugin can launch, as a list: ENTRY1 to ENTRY4, by the number of parameters, make of a name,
// parameters and a body what the including file needs (a __global__ function, a function called per thread, a table).

#define RESAMPLE(name, Map, ...) \
  ENTRY4(name, Source, source, Rules, rules, Map, map, Output, output, \
         (resample<__VA_ARGS__, Map>(source, rules, map, output)))

#define BOTH_MAPS(name, ...) \
  RESAMPLE(affine_##name, AffineMap, __VA_ARGS__) \
  RESAMPLE(steps_##name, StepsMap, __VA_ARGS__)

#define LINEAR(name, T, PIXEL) \
  ENTRY4(affine_##name, Source, source, Rules, rules, AffineMap, map, Output, output, \
         (resample_columns<T, PIXEL>(source, rules, map, output))) \
  RESAMPLE(steps_##name, StepsMap, LinearOf<T>)

// What is asked for every day has a kernel of its own for affine maps; the others take them as steps too, with fewer
// threads at a time, since the driver's compiler needs time for each.
LINEAR(linear_uint8, uint8_t, UINT8)
LINEAR(linear_int8, int8_t, INT8)
LINEAR(linear_uint16, uint16_t, UINT16)
LINEAR(linear_int16, int16_t, INT16)
LINEAR(linear_float32, float, FLOAT32)
BOTH_MAPS(nearest_f32, Nearest<float>)
BOTH_MAPS(taps4_f32, Weighted<float, 4>)
RESAMPLE(steps_nearest_f64, StepsMap, Nearest<double>)
RESAMPLE(steps_label_f64, StepsMap, Label)
RESAMPLE(steps_taps2_f64, StepsMap, Weighted<double, 2>)
RESAMPLE(steps_taps3_f32, StepsMap, Weighted<float, 3>)
RESAMPLE(steps_taps3_f64, StepsMap, Weighted<double, 3>)
RESAMPLE(steps_taps4_f64, StepsMap, Weighted<double, 4>)
RESAMPLE(steps_taps5_f32, StepsMap, Weighted<float, 5>)
RESAMPLE(steps_taps5_f64, StepsMap, Weighted<double, 5>)
RESAMPLE(steps_taps6_f32, StepsMap, Weighted<float, 6>)
RESAMPLE(steps_taps6_f64, StepsMap, Weighted<double, 6>)

ENTRY3(extend_samples, Source, source, Rules, rules, Output, output, (extend(source, rules, output)))
ENTRY1(prefilter_lines, Lines, lines, (prefilter(lines)))
ENTRY1(prefilter_neighbours, Lines, lines, (prefilter_rows(lines)))

ENTRY1(metric_validate, Planes, planes, (validate(planes)))
ENTRY3(metric_moments, Planes, planes, Channel, channel, Sums, sums, (sum_moments(planes, channel, sums)))
ENTRY2(metric_cotangents, Planes, planes, Channel, channel, (add_cotangents(planes, channel)))
ENTRY3(metric_affine, Planes, planes, Output, sites, Sums, sums, (sum_affine(planes, sites, sums)))
ENTRY4(metric_lattice, Planes, planes, Output, sites, Step, step, Scatter, into,
       (add_to_lattice(planes, sites, step, into)))
ENTRY3(metric_histogram, Planes, planes, Bins, bins, Sums, sums, (fill_histogram(planes, bins, sums)))
ENTRY2(metric_information, Planes, planes, Bins, bins, (add_information(planes, bins)))
ENTRY3(metric_windows, Planes, planes, Windows, windows, Sums, sums, (correlate_windows(planes, windows, sums)))
ENTRY2(metric_window_cotangents, Planes, planes, Windows, windows, (add_window_cotangents(planes, windows)))
ENTRY2(metric_box_moments, Planes, planes, Boxes, boxes, (sum_box_moments(planes, boxes)))
ENTRY2(metric_box_along, Boxes, boxes, Along, along, (sum_along(boxes, along)))
ENTRY2(metric_box_windows, Planes, planes, Boxes, boxes, (judge_boxes(planes, boxes)))
ENTRY3(metric_box_figures, Planes, planes, Boxes, boxes, Sums, sums, (sum_figures(planes, boxes, sums)))
ENTRY2(metric_box_cotangents, Planes, planes, Boxes, boxes, (add_box_cotangents(planes, boxes)))
WIDE_ENTRY3(pair_squares, Pair, pair, AffineMap, map, Chunks, chunks, (sum_squares<false>(pair, map, chunks)))
WIDE_ENTRY3(pair_squares_slopes, Pair, pair, AffineMap, map, Chunks, chunks, (sum_squares<true>(pair, map, chunks)))
WIDE_ENTRY3(pair_products, Pair, pair, AffineMap, map, Chunks, chunks, (sum_products<false>(pair, map, chunks)))
WIDE_ENTRY3(pair_products_slopes, Pair, pair, AffineMap, map, Chunks, chunks, (sum_products<true>(pair, map, chunks)))
ENTRY3(pair_fixed, Source, fixed, Source, mask, Output, output, (count_fixed(fixed, mask, output)))
ENTRY4(pair_bins, Source, fixed, Source, mask, Bins, bins, Output, output, (find_rows(fixed, mask, bins, output)))
WIDE_ENTRY4(pair_histogram, Pair, pair, AffineMap, map, Chunks, chunks, Bins, bins,
            (count_chunk(pair, map, chunks, bins)))
WIDE_ENTRY4(pair_information, Pair, pair, AffineMap, map, Chunks, chunks, Bins, bins,
            (inform_chunk(pair, map, chunks, bins)))
WIDE_ENTRY3(pair_values, Pair, pair, AffineMap, map, Output, output, (sample_moving(pair, map, output)))
WIDE_ENTRY2(pair_windows, Pair, pair, PairWindows, windows, (judge_tile<ANY>(pair, windows)))
WIDE_ENTRY2(pair_windows_of_2, Pair, pair, PairWindows, windows, (judge_tile<2>(pair, windows)))
WIDE_ENTRY3(pair_window_slopes, Pair, pair, AffineMap, map, PairWindows, windows,
            (sum_tile_slopes<ANY>(pair, map, windows)))
WIDE_ENTRY3(pair_window_slopes_of_2, Pair, pair, AffineMap, map, PairWindows, windows,
            (sum_tile_slopes<2>(pair, map, windows)))
ENTRY1(pair_rows, Rows, rows, (add_rows(rows)))
ENTRY1(metric_clear, Scatter, sums, (clear(sums)))
ENTRY1(metric_resolve, Scatter, sums, (resolve(sums)))

#undef RESAMPLE
#undef BOTH_MAPS
#undef LINEAR
