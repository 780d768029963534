// Pools, as plainly as can be: the specification.

static void max_pool_plain(const bbb_pool *pool, size_t width, const float *input,
                           float *output) {
  for (size_t unit = 0; unit < pool->unit_count; unit++) {
    for (size_t p = 0; p < pool->place_count; p++) {
      const float *channel =
          input + pool->units[unit] * pool->input_stride * width;
      float *result =
          output + (unit * pool->output_stride + pool->outputs[p]) * width;
      for (size_t t = 0; t < width; t++) {
        float largest = channel[pool->inputs[pool->starts[p]] * width + t];
        for (size_t k = pool->starts[p] + 1; k < pool->starts[p + 1]; k++) {
          float number = channel[pool->inputs[k] * width + t];
          largest = number > largest ? number : largest;
        }
        result[t] = largest;
      }
    }
  }
}

static void average_pool_plain(const bbb_pool *pool, const float *divisors,
                               size_t width, const float *input, float *output) {
  for (size_t unit = 0; unit < pool->unit_count; unit++) {
    for (size_t p = 0; p < pool->place_count; p++) {
      const float *channel =
          input + pool->units[unit] * pool->input_stride * width;
      float *result =
          output + (unit * pool->output_stride + pool->outputs[p]) * width;
      for (size_t t = 0; t < width; t++) {
        float sum = channel[pool->inputs[pool->starts[p]] * width + t];
        for (size_t k = pool->starts[p] + 1; k < pool->starts[p + 1]; k++) {
          sum += channel[pool->inputs[k] * width + t];
        }
        result[t] = sum / divisors[p];
      }
    }
  }
}
