// Fully connected layers, as plainly as can be: the specification.

static float activation_plain(const bbb_layer *layer, float sum) {
  return layer->rectifies && !(sum > 0) ? 0 : sum;
}

/// Makes the tile's last row zero, for the next layer's weights that are none.
static void end_tile(const bbb_layer *layer, size_t width, float *output) {
  memset(output + layer->output_count * width, 0, width * sizeof *output);
}

static void sparse_layer_on_tile_plain(const bbb_layer *layer,
                                       const bbb_sliced_rows *rows,
                                       size_t width, const float *input,
                                       float *output) {
  for (size_t o = 0; o < layer->output_count; o++) {
    for (size_t t = 0; t < width; t++) {
      output[o * width + t] = layer->bias[o];
    }
  }
  size_t slice_count = rows->band_starts[rows->band_count];
  for (size_t row = 0; row < slice_count * BBB_SLICE_ROWS; row++) {
    size_t slice = row / BBB_SLICE_ROWS;
    size_t o = rows->outputs[row];
    for (size_t k = rows->slice_starts[slice];
         o < layer->output_count && k < rows->slice_starts[slice + 1]; k++) {
      size_t weight = k * BBB_SLICE_ROWS + row % BBB_SLICE_ROWS;
      size_t i = read_index(rows->inputs, weight, layer->has_wide_indices);
      for (size_t t = 0; t < width; t++) {
        output[o * width + t] += rows->values[weight] * input[i * width + t];
      }
    }
  }
  for (size_t k = 0; k < layer->output_count * width; k++) {
    output[k] = activation_plain(layer, output[k]);
  }
  end_tile(layer, width, output);
}

static float dense_weight(const bbb_layer *layer, const float *weights,
                          size_t output, size_t input) {
  size_t panel = output / BBB_PANEL_OUTPUTS;
  return weights[(panel * layer->input_count + input) * BBB_PANEL_OUTPUTS +
                 output % BBB_PANEL_OUTPUTS];
}

static void dense_layer_on_tile_plain(const bbb_layer *layer,
                                      const float *weights, size_t width,
                                      const float *input, float *output) {
  for (size_t o = 0; o < layer->output_count; o++) {
    for (size_t t = 0; t < width; t++) {
      float sum = layer->bias[o];
      for (size_t i = 0; i < layer->input_count; i++) {
        sum += dense_weight(layer, weights, o, i) * input[i * width + t];
      }
      output[o * width + t] = activation_plain(layer, sum);
    }
  }
  end_tile(layer, width, output);
}

static void sparse_layer_on_vector_plain(const bbb_layer *layer,
                                         const bbb_grouped_columns *columns,
                                         const float *input, float *output,
                                         uint32_t *active) {
  (void)active;
  memcpy(output, layer->bias, layer->output_count * sizeof *output);
  for (size_t i = 0; i < layer->input_count; i++) {
    size_t end = columns->column_starts[i + 1] * (size_t)BBB_GROUP_WEIGHTS;
    for (size_t k = columns->column_starts[i] * (size_t)BBB_GROUP_WEIGHTS;
         input[i] != 0 && k < end; k++) {
      size_t o = read_index(columns->outputs, k, layer->has_wide_indices);
      if (o < layer->output_count) {
        output[o] += columns->values[k] * input[i];
      }
    }
  }
  for (size_t o = 0; o < layer->output_count; o++) {
    output[o] = activation_plain(layer, output[o]);
  }
}

static void dense_layer_on_vector_plain(const bbb_layer *layer,
                                        const float *weights,
                                        const float *input, float *output,
                                        uint32_t *active) {
  (void)active;
  for (size_t o = 0; o < layer->output_count; o++) {
    float sum = layer->bias[o];
    for (size_t i = 0; i < layer->input_count; i++) {
      sum += dense_weight(layer, weights, o, i) * input[i];
    }
    output[o] = activation_plain(layer, sum);
  }
}
