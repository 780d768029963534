// Products of two values, as plainly as can be: the specification.

static void multiply_plain(const bbb_product *p, size_t width,
                           const float *first, const float *second,
                           float *result) {
  for (size_t batch = 0; batch < p->batch_count; batch++) {
    const float *a = first + p->firsts[3 * batch] * width;
    const float *b = second + p->firsts[3 * batch + 1] * width;
    float *c = result + p->firsts[3 * batch + 2] * width;
    for (size_t row = 0; row < p->row_count; row++) {
      for (size_t column = 0; column < p->column_count; column++) {
        float sums[BBB_WIDE_TILE] = {0};
        for (size_t k = 0; k < p->inner_count; k++) {
          const float *x = a + (row * p->first_row + k * p->first_inner) * width;
          const float *y =
              b + (k * p->second_inner + column * p->second_column) * width;
          for (size_t t = 0; t < width; t++) {
            sums[t] += x[t] * y[t];
          }
        }
        for (size_t t = 0; t < width; t++) {
          c[(row * p->result_row + column) * width + t] = sums[t];
        }
      }
    }
  }
}
