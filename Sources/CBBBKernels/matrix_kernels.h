// Matrices, compiled once per instruction set by matrices.c.
// Written with clang's vector extensions, which SwiftPM's C compiler has
// everywhere; a product and a sum in one expression become one instruction.

// The sums of ROW_VECTORS vectors for each row of a slice, of PANEL_ROWS outputs
// by two vectors of a tile, and of PANELS_AT_ONCE panels fit the registers.
#if KERNEL_LANES == 16
#define ROW_VECTORS 2
#define PANEL_ROWS 8
#define PANELS_AT_ONCE 8
#define COMPRESSES_INDICES 1
#elif KERNEL_LANES == 8
#define ROW_VECTORS 2
#define PANEL_ROWS 4
#define PANELS_AT_ONCE 4
#else
#define ROW_VECTORS 4
#define PANEL_ROWS 8
#define PANELS_AT_ONCE 4
#endif

#define VECTOR KERNEL(vector)
#define FOUR KERNEL(four)
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float VECTOR
    __attribute__((vector_size(4 * KERNEL_LANES), aligned(4), may_alias));
typedef float FOUR __attribute__((vector_size(16), aligned(4), may_alias));

INLINE VECTOR KERNEL(activation)(const bbb_matrix *matrix, VECTOR sums) {
  return matrix->rectifies ? __builtin_elementwise_max(sums, (VECTOR){}) : sums;
}

/// Where a band stands among those of its matrix.
typedef struct {
  int is_first, is_last;
} KERNEL(band);

/// Writes the first lanes of a row's sums.
INLINE void KERNEL(store_lanes)(const VECTOR *sums, int vectors, size_t lanes,
                                float *result) {
  if (lanes == (size_t)vectors * KERNEL_LANES) {
    UNROLLED for (int v = 0; v < vectors; v++) {
      ((VECTOR *)result)[v] = sums[v];
    }
  } else {
    memcpy(result, sums, lanes * sizeof *result);
  }
}

/// One slice on `vectors` vectors at one place. From one number to the next it is
/// `width` floats, from one row of the output to the next `stride`; `lanes` floats of
/// each row's sums are kept.
INLINE void KERNEL(slice)(const bbb_matrix *matrix, const bbb_sliced_rows *rows,
                          size_t slice, KERNEL(band) band, size_t width,
                          size_t stride, int vectors, size_t lanes, int are_wide,
                          const float *input, float *output) {
  const uint32_t *numbers = rows->rows + slice * BBB_SLICE_ROWS;
  VECTOR sums[BBB_SLICE_ROWS][ROW_VECTORS];
  UNROLLED for (int row = 0; row < BBB_SLICE_ROWS; row++) {
    size_t r = numbers[row];
    float bias = r < matrix->row_count ? matrix->bias[r] : 0;
    const VECTOR *before = (const VECTOR *)(output + r * stride);
    UNROLLED for (int v = 0; v < vectors; v++) {
      sums[row][v] = band.is_first ? (VECTOR){} + bias : before[v];
    }
  }
  for (size_t k = rows->slice_starts[slice]; k < rows->slice_starts[slice + 1];
       k++) {
    four_indices indices = read_four_indices(rows->inputs, k, are_wide);
    const size_t i[] = {indices.first, indices.second, indices.third,
                        indices.fourth};
    const float *values = rows->values + k * BBB_SLICE_ROWS;
    UNROLLED for (int row = 0; row < BBB_SLICE_ROWS; row++) {
      const VECTOR *activations = (const VECTOR *)(input + i[row] * width);
      UNROLLED for (int v = 0; v < vectors; v++) {
        sums[row][v] += values[row] * activations[v];
      }
    }
  }
  UNROLLED for (int row = 0; row < BBB_SLICE_ROWS; row++) {
    UNROLLED for (int v = 0; band.is_last && v < vectors; v++) {
      sums[row][v] = KERNEL(activation)(matrix, sums[row][v]);
    }
    KERNEL(store_lanes)(sums[row], vectors, lanes,
                        output + numbers[row] * stride);
  }
}

INLINE void KERNEL(slices_on_tile)(const bbb_matrix *matrix,
                                   const bbb_sliced_rows *rows,
                                   const bbb_places *places, size_t width,
                                   int are_wide, const float *input,
                                   float *output) {
  const int vectors = width < ROW_VECTORS * KERNEL_LANES
                          ? (int)(width / KERNEL_LANES)
                          : ROW_VECTORS;
  const size_t stride = places->output_stride * width;
  for (size_t p = 0; p < places->count; p++) {
    const float *window = input + places->inputs[p] * width;
    float *result = output + places->outputs[p] * width;
    for (size_t band = 0; band < rows->band_count; band++) {
      KERNEL(band) place = {band == 0, band + 1 == rows->band_count};
      for (size_t slice = rows->band_starts[band];
           slice < rows->band_starts[band + 1]; slice++) {
        UNROLLED for (size_t lane = 0; lane < width;
                      lane += (size_t)vectors * KERNEL_LANES) {
          KERNEL(slice)(matrix, rows, slice, place, width, stride, vectors,
                        (size_t)vectors * KERNEL_LANES, are_wide, window + lane,
                        result + lane);
        }
      }
    }
  }
}

static void KERNEL(sparse_matrix_on_tile)(const bbb_matrix *matrix,
                                          const bbb_sliced_rows *rows,
                                          const bbb_places *places,
                                          size_t width, const float *input,
                                          float *output) {
  // Constants, so that each case is compiled by itself.
  if (width == BBB_WIDE_TILE && !matrix->has_wide_indices) {
    KERNEL(slices_on_tile)(matrix, rows, places, BBB_WIDE_TILE, 0, input, output);
  } else if (width == BBB_WIDE_TILE) {
    KERNEL(slices_on_tile)(matrix, rows, places, BBB_WIDE_TILE, 1, input, output);
  } else if (!matrix->has_wide_indices) {
    KERNEL(slices_on_tile)(matrix, rows, places, BBB_NARROW_TILE, 0, input,
                           output);
  } else {
    KERNEL(slices_on_tile)(matrix, rows, places, BBB_NARROW_TILE, 1, input,
                           output);
  }
}

INLINE void KERNEL(slices_on_lines)(const bbb_matrix *matrix,
                                    const bbb_sliced_rows *rows,
                                    const bbb_places *places, int are_wide,
                                    const float *input, float *output) {
  for (size_t p = 0; p < places->count; p++) {
    for (size_t band = 0; band < rows->band_count; band++) {
      KERNEL(band) place = {band == 0, band + 1 == rows->band_count};
      for (size_t slice = rows->band_starts[band];
           slice < rows->band_starts[band + 1]; slice++) {
        KERNEL(slice)(matrix, rows, slice, place, 1, places->output_stride,
                      BBB_LINE_LANES / KERNEL_LANES, places->lanes[p], are_wide,
                      input + places->inputs[p], output + places->outputs[p]);
      }
    }
  }
}

static void KERNEL(sparse_matrix_on_lines)(const bbb_matrix *matrix,
                                           const bbb_sliced_rows *rows,
                                           const bbb_places *places,
                                           const float *input, float *output) {
  if (matrix->has_wide_indices) {
    KERNEL(slices_on_lines)(matrix, rows, places, 1, input, output);
  } else {
    KERNEL(slices_on_lines)(matrix, rows, places, 0, input, output);
  }
}

/// `rows` rows from `first` on, on `vectors` vectors of a tile at one place.
INLINE void KERNEL(panel_on_tile)(const bbb_matrix *matrix,
                                  const bbb_dense_panels *panels,
                                  const float *weights,
                                  size_t first, size_t width, size_t stride,
                                  size_t rows, int vectors, const float *input,
                                  float *output) {
  VECTOR sums[2 * PANEL_ROWS][2];
  UNROLLED for (size_t row = 0; row < rows; row++) {
    float bias =
        first + row < matrix->row_count ? matrix->bias[first + row] : 0;
    UNROLLED for (int v = 0; v < vectors; v++) {
      sums[row][v] = (VECTOR){} + bias;
    }
  }
  const float *column = weights;
  for (size_t run = 0; run < panels->run_count; run++) {
    const float *next = input + panels->runs[run].first * width;
    for (size_t i = 0; i < panels->runs[run].count; i++) {
      const VECTOR *activations = (const VECTOR *)next;
      UNROLLED for (size_t row = 0; row < rows; row++) {
        UNROLLED for (int v = 0; v < vectors; v++) {
          sums[row][v] += column[row] * activations[v];
        }
      }
      next += width;
      column += BBB_PANEL_OUTPUTS;
    }
  }
  UNROLLED for (size_t row = 0; row < rows; row++) {
    if (first + row < matrix->row_count) {
      VECTOR *result = (VECTOR *)(output + (first + row) * stride);
      UNROLLED for (int v = 0; v < vectors; v++) {
        result[v] = KERNEL(activation)(matrix, sums[row][v]);
      }
    }
  }
}

INLINE void KERNEL(panels_on_tile)(const bbb_matrix *matrix,
                                   const bbb_dense_panels *panels,
                                   const bbb_places *places, size_t width,
                                   const float *input, float *output) {
  // As many sums whatever the width: a tile of one vector takes twice the rows.
  const int vectors = width < 2 * KERNEL_LANES ? 1 : 2;
  const size_t rows = 2 * PANEL_ROWS / (size_t)vectors;
  const size_t stride = places->output_stride * width;
  for (size_t first = 0; first < matrix->row_count; first += rows) {
    size_t panel = first / BBB_PANEL_OUTPUTS;
    const float *part = panels->values +
                        panel * matrix->column_count * BBB_PANEL_OUTPUTS +
                        first % BBB_PANEL_OUTPUTS;
    for (size_t p = 0; p < places->count; p++) {
      UNROLLED for (size_t lane = 0; lane < width;
                    lane += (size_t)vectors * KERNEL_LANES) {
        KERNEL(panel_on_tile)(matrix, panels, part, first, width, stride,
                              rows, vectors,
                              input + places->inputs[p] * width + lane,
                              output + places->outputs[p] * width + lane);
      }
    }
  }
}

static void KERNEL(dense_matrix_on_tile)(const bbb_matrix *matrix,
                                         const bbb_dense_panels *panels,
                                         const bbb_places *places, size_t width,
                                         const float *input, float *output) {
  if (width == BBB_WIDE_TILE) {
    KERNEL(panels_on_tile)(matrix, panels, places, BBB_WIDE_TILE, input, output);
  } else {
    KERNEL(panels_on_tile)(matrix, panels, places, BBB_NARROW_TILE, input,
                           output);
  }
}

/// Lists the inputs that are not zero, ascending; returns how many they are.
INLINE size_t KERNEL(active_inputs)(const float *input, size_t count,
                                    uint32_t *active) {
  size_t found = 0;
#if COMPRESSES_INDICES
  __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                      13, 14, 15);
  for (size_t i = 0; i < count; i += 16) {
    __mmask16 lanes =
        count - i < 16 ? (__mmask16)((1u << (count - i)) - 1) : (__mmask16)-1;
    __m512 part = _mm512_maskz_loadu_ps(lanes, input + i);
    __mmask16 chosen =
        _mm512_cmp_ps_mask(part, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    _mm512_storeu_si512(active + found,
                        _mm512_maskz_compress_epi32(chosen, numbers));
    found += (size_t)__builtin_popcount(chosen);
    numbers = _mm512_add_epi32(numbers, _mm512_set1_epi32(16));
  }
#else
  // Without a branch, which could not be predicted.
  for (size_t i = 0; i < count; i++) {
    active[found] = (uint32_t)i;
    found += input[i] != 0;
  }
#endif
  return found;
}

INLINE void KERNEL(rectify)(const bbb_matrix *matrix, float *output) {
  for (size_t o = 0; matrix->rectifies && o < matrix->row_count; o++) {
    output[o] = output[o] > 0 ? output[o] : 0;
  }
}

INLINE void KERNEL(add_group)(const bbb_grouped_columns *columns, size_t group,
                              int are_wide, FOUR input, float *output) {
  four_indices o = read_four_indices(columns->outputs, group, are_wide);
  FOUR sums = {output[o.first], output[o.second], output[o.third],
               output[o.fourth]};
  sums += *(const FOUR *)(columns->values + group * BBB_GROUP_WEIGHTS) * input;
  output[o.first] = sums[0];
  output[o.second] = sums[1];
  output[o.third] = sums[2];
  output[o.fourth] = sums[3];
}

INLINE void KERNEL(columns_on_vector)(const bbb_matrix *matrix,
                                      const bbb_grouped_columns *columns,
                                      int are_wide, const float *input,
                                      float *output, uint32_t *active) {
  memcpy(output, matrix->bias, matrix->row_count * sizeof *output);
  memset(output + matrix->row_count, 0, BBB_GROUP_WEIGHTS * sizeof *output);
  size_t count = KERNEL(active_inputs)(input, matrix->column_count, active);
  for (size_t index = 0; index < count; index++) {
    size_t i = active[index];
    FOUR value = {input[i], input[i], input[i], input[i]};
    size_t group = columns->column_starts[i];
    size_t end = columns->column_starts[i + 1];
    for (; group + 2 <= end; group += 2) {
      KERNEL(add_group)(columns, group, are_wide, value, output);
      KERNEL(add_group)(columns, group + 1, are_wide, value, output);
    }
    if (group < end) {
      KERNEL(add_group)(columns, group, are_wide, value, output);
    }
  }
  KERNEL(rectify)(matrix, output);
}

static void KERNEL(sparse_matrix_on_vector)(const bbb_matrix *matrix,
                                           const bbb_grouped_columns *columns,
                                           const float *input, float *output,
                                           uint32_t *active) {
  if (matrix->has_wide_indices) {
    KERNEL(columns_on_vector)(matrix, columns, 1, input, output, active);
  } else {
    KERNEL(columns_on_vector)(matrix, columns, 0, input, output, active);
  }
}

enum { KERNEL(panel_vectors) = BBB_PANEL_OUTPUTS / KERNEL_LANES };

/// `panels` panels from `weights` on, whose outputs begin at `first`.
INLINE void KERNEL(panels_on_vector)(const bbb_matrix *matrix,
                                     const float *weights, size_t first,
                                     int panels, const float *input,
                                     const uint32_t *active, size_t count,
                                     float *output) {
  size_t stride = matrix->column_count * BBB_PANEL_OUTPUTS;
  VECTOR sums[PANELS_AT_ONCE][KERNEL(panel_vectors)];
  float biases[PANELS_AT_ONCE * BBB_PANEL_OUTPUTS] = {0};
  size_t left = matrix->row_count - first;
  size_t outputs = (size_t)panels * BBB_PANEL_OUTPUTS;
  memcpy(biases, matrix->bias + first,
         (left < outputs ? left : outputs) * sizeof *biases);
  UNROLLED for (int p = 0; p < panels; p++) {
    UNROLLED for (int v = 0; v < KERNEL(panel_vectors); v++) {
      sums[p][v] = ((const VECTOR *)biases)[p * KERNEL(panel_vectors) + v];
    }
  }
  for (size_t index = 0; index < count; index++) {
    size_t i = active[index];
    const float *column = weights + i * BBB_PANEL_OUTPUTS;
    float value = input[i];
    UNROLLED for (int p = 0; p < panels; p++) {
      UNROLLED for (int v = 0; v < KERNEL(panel_vectors); v++) {
        sums[p][v] += value * ((const VECTOR *)(column + p * stride))[v];
      }
    }
  }
  UNROLLED for (int p = 0; p < panels; p++) {
    VECTOR *result = (VECTOR *)(output + first + p * BBB_PANEL_OUTPUTS);
    UNROLLED for (int v = 0; v < KERNEL(panel_vectors); v++) {
      result[v] = KERNEL(activation)(matrix, sums[p][v]);
    }
  }
}

static void KERNEL(dense_matrix_on_vector)(const bbb_matrix *matrix,
                                          const bbb_dense_panels *dense,
                                          const float *input, float *output,
                                          uint32_t *active) {
  size_t count = KERNEL(active_inputs)(input, matrix->column_count, active);
  size_t stride = matrix->column_count * BBB_PANEL_OUTPUTS;
  size_t panels =
      (matrix->row_count + BBB_PANEL_OUTPUTS - 1) / BBB_PANEL_OUTPUTS;
  size_t panel = 0;
  for (; panel + PANELS_AT_ONCE <= panels; panel += PANELS_AT_ONCE) {
    KERNEL(panels_on_vector)(matrix, dense->values + panel * stride,
                             panel * BBB_PANEL_OUTPUTS, PANELS_AT_ONCE, input,
                             active, count, output);
  }
  for (; panel < panels; panel++) {
    KERNEL(panels_on_vector)(matrix, dense->values + panel * stride,
                             panel * BBB_PANEL_OUTPUTS, 1, input, active, count,
                             output);
  }
}

#undef VECTOR
#undef FOUR
#undef INLINE
#undef UNROLLED
#undef ROW_VECTORS
#undef PANEL_ROWS
#undef PANELS_AT_ONCE
#undef COMPRESSES_INDICES
