// Matrices, as plainly as can be: the specification.

static float activation_plain(const bbb_matrix *matrix, float sum) {
  return matrix->rectifies && !(sum > 0) ? 0 : sum;
}

/// Sparse rows at one place, whose `lanes` numbers or lanes lie side by side; from one
/// number to the next it is `width` floats.
static void sparse_rows_plain(const bbb_matrix *matrix,
                              const bbb_sliced_rows *rows, size_t stride,
                              size_t width, size_t lanes, const float *input,
                              float *output) {
  for (size_t r = 0; r < matrix->row_count; r++) {
    for (size_t t = 0; t < lanes; t++) {
      output[r * stride * width + t] = matrix->bias[r];
    }
  }
  size_t slice_count = rows->band_starts[rows->band_count];
  for (size_t place = 0; place < slice_count * BBB_SLICE_ROWS; place++) {
    size_t slice = place / BBB_SLICE_ROWS;
    size_t r = rows->rows[place];
    for (size_t k = rows->slice_starts[slice];
         r < matrix->row_count && k < rows->slice_starts[slice + 1]; k++) {
      size_t weight = k * BBB_SLICE_ROWS + place % BBB_SLICE_ROWS;
      size_t i = read_index(rows->inputs, weight, matrix->has_wide_indices);
      for (size_t t = 0; t < lanes; t++) {
        output[r * stride * width + t] +=
            rows->values[weight] * input[i * width + t];
      }
    }
  }
  for (size_t r = 0; r < matrix->row_count; r++) {
    for (size_t t = 0; t < lanes; t++) {
      float *result = output + r * stride * width + t;
      *result = activation_plain(matrix, *result);
    }
  }
}

static void sparse_matrix_on_tile_plain(const bbb_matrix *matrix,
                                        const bbb_sliced_rows *rows,
                                        const bbb_places *places, size_t width,
                                        const float *input, float *output) {
  for (size_t p = 0; p < places->count; p++) {
    sparse_rows_plain(matrix, rows, places->output_stride, width, width,
                      input + places->inputs[p] * width,
                      output + places->outputs[p] * width);
  }
}

static void sparse_matrix_on_lines_plain(const bbb_matrix *matrix,
                                         const bbb_sliced_rows *rows,
                                         const bbb_places *places,
                                         const float *input, float *output) {
  for (size_t p = 0; p < places->count; p++) {
    sparse_rows_plain(matrix, rows, places->output_stride, 1, places->lanes[p],
                      input + places->inputs[p], output + places->outputs[p]);
  }
}

static float dense_weight(const bbb_matrix *matrix,
                          const bbb_dense_panels *panels, size_t row,
                          size_t column) {
  size_t panel = row / BBB_PANEL_OUTPUTS;
  return panels->values[(panel * matrix->column_count + column) *
                            BBB_PANEL_OUTPUTS +
                        row % BBB_PANEL_OUTPUTS];
}

static void dense_matrix_on_tile_plain(const bbb_matrix *matrix,
                                       const bbb_dense_panels *panels,
                                       const bbb_places *places, size_t width,
                                       const float *input, float *output) {
  for (size_t p = 0; p < places->count; p++) {
    for (size_t r = 0; r < matrix->row_count; r++) {
      for (size_t t = 0; t < width; t++) {
        float sum = matrix->bias[r];
        size_t c = 0;
        for (size_t run = 0; run < panels->run_count; run++) {
          for (size_t i = 0; i < panels->runs[run].count; i++) {
            size_t number = places->inputs[p] + panels->runs[run].first + i;
            sum += dense_weight(matrix, panels, r, c++) *
                   input[number * width + t];
          }
        }
        size_t number = r * places->output_stride + places->outputs[p];
        output[number * width + t] = activation_plain(matrix, sum);
      }
    }
  }
}

static void sparse_matrix_on_vector_plain(const bbb_matrix *matrix,
                                          const bbb_grouped_columns *columns,
                                          const float *input, float *output,
                                          uint32_t *active) {
  (void)active;
  memcpy(output, matrix->bias, matrix->row_count * sizeof *output);
  for (size_t i = 0; i < matrix->column_count; i++) {
    size_t end = columns->column_starts[i + 1] * (size_t)BBB_GROUP_WEIGHTS;
    for (size_t k = columns->column_starts[i] * (size_t)BBB_GROUP_WEIGHTS;
         input[i] != 0 && k < end; k++) {
      size_t r = read_index(columns->outputs, k, matrix->has_wide_indices);
      if (r < matrix->row_count) {
        output[r] += columns->values[k] * input[i];
      }
    }
  }
  for (size_t r = 0; r < matrix->row_count; r++) {
    output[r] = activation_plain(matrix, output[r]);
  }
}

static void dense_matrix_on_vector_plain(const bbb_matrix *matrix,
                                         const bbb_dense_panels *panels,
                                         const float *input, float *output,
                                         uint32_t *active) {
  (void)active;
  for (size_t r = 0; r < matrix->row_count; r++) {
    float sum = matrix->bias[r];
    for (size_t c = 0; c < matrix->column_count; c++) {
      sum += dense_weight(matrix, panels, r, c) * input[c];
    }
    output[r] = activation_plain(matrix, sum);
  }
}
