// Holds the kernels of every instruction set that this processor has to the plain ones and to the
// C library in double precision. For processors that the Swift tests do not run on: `make arm`.
//
// Prints a checksum of what must be the same everywhere, and ends with 1 if anything is wrong.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static int failures;

void check(int holds, const char *what, bbb_instruction_set set, double value) {
  if (!holds && failures++ < 20) {
    fprintf(stderr, "instruction set %d: %s: %.9g\n", set, what, value);
  }
}

// SplitMix64, so that the numbers are the same everywhere.
static uint64_t state = 1;

static uint64_t next_word(void) {
  uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

float number_between(float size) {
  return size * ((float)(next_word() >> 44) / 0x1p19f - 1);
}

static uint64_t checksum = 14695981039346656037u;

static void add_to_checksum(const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    checksum = (checksum ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
  }
}

void *room(size_t count, size_t size) {
  void *memory = aligned_alloc(64, (count * size + 127) / 64 * 64);
  if (memory == NULL) {
    exit(2);
  }
  memset(memory, 0, (count * size + 127) / 64 * 64);
  return memory;
}

// Matrices: one random matrix in all forms.

enum { input_count = 37, output_count = 53, panel_count = 4, slice_count = 14 };

typedef struct {
  float weights[output_count][input_count];
  float bias[output_count];
  bbb_matrix matrix;
  bbb_sliced_rows rows;
  bbb_grouped_columns columns;
  bbb_dense_panels panels;
} matrix;

static void *indices(const uint32_t *numbers, size_t count, int are_wide) {
  void *result = room(count + 16, 4);
  for (size_t i = 0; i < count; i++) {
    if (are_wide) {
      ((uint32_t *)result)[i] = numbers[i];
    } else {
      ((uint16_t *)result)[i] = (uint16_t)numbers[i];
    }
  }
  return result;
}

/// Column i reads number[i], which are neighbours; number[input_count] is zero.
static matrix make_matrix(const uint32_t *number, int rectifies, int has_wide_indices) {
  matrix m = {.matrix = {output_count, input_count, NULL, rectifies, has_wide_indices}};
  for (int o = 0; o < output_count; o++) {
    m.bias[o] = number_between(1);
    for (int i = 0; i < input_count; i++) {
      m.weights[o][i] = next_word() % 4 == 0 ? number_between(2) : 0;
    }
  }
  float *panels = room(panel_count * input_count * BBB_PANEL_OUTPUTS, 4);
  for (int o = 0; o < output_count; o++) {
    for (int i = 0; i < input_count; i++) {
      panels[(o / BBB_PANEL_OUTPUTS * input_count + i) * BBB_PANEL_OUTPUTS + o % BBB_PANEL_OUTPUTS] =
          m.weights[o][i];
    }
  }
  bbb_input_run *run = room(1, sizeof *run);
  *run = (bbb_input_run){number[0], input_count};
  m.panels = (bbb_dense_panels){run, 1, panels};
  // One band; slices of four rows each, one of them without rows at its end.
  uint32_t *band_starts = room(2, 4), *slice_starts = room(slice_count + 1, 4);
  uint32_t *rows = room(slice_count * BBB_SLICE_ROWS, 4);
  uint32_t *inputs = room(slice_count * input_count * BBB_SLICE_ROWS, 4);
  float *values = room(slice_count * input_count * BBB_SLICE_ROWS, 4);
  uint32_t step = 0;
  band_starts[1] = slice_count;
  for (int slice = 0; slice < slice_count; slice++) {
    slice_starts[slice] = step;
    uint32_t longest = 0;
    for (int row = 0; row < BBB_SLICE_ROWS; row++) {
      int o = slice * BBB_SLICE_ROWS + row;
      rows[o] = o < output_count ? o : output_count;
      uint32_t length = 0;
      for (int i = 0; o < output_count && i < input_count; i++) {
        if (m.weights[o][i] != 0) {
          inputs[(step + length) * BBB_SLICE_ROWS + row] = number[i];
          values[(step + length++) * BBB_SLICE_ROWS + row] = m.weights[o][i];
        }
      }
      for (uint32_t k = length; k < input_count; k++) {
        inputs[(step + k) * BBB_SLICE_ROWS + row] = number[input_count];
      }
      longest = length > longest ? length : longest;
    }
    step += longest;
  }
  slice_starts[slice_count] = step;
  m.rows = (bbb_sliced_rows){1, band_starts, slice_starts, rows,
                             indices(inputs, step * BBB_SLICE_ROWS, has_wide_indices), values};
  uint32_t *column_starts = room(input_count + 1, 4);
  uint32_t *targets = room(input_count * (output_count + BBB_GROUP_WEIGHTS), 4);
  float *column_values = room(input_count * (output_count + BBB_GROUP_WEIGHTS), 4);
  uint32_t count = 0;
  for (int i = 0; i < input_count; i++) {
    column_starts[i] = count / BBB_GROUP_WEIGHTS;
    for (int o = 0; o < output_count; o++) {
      if (m.weights[o][i] != 0) {
        targets[count] = o;
        column_values[count++] = m.weights[o][i];
      }
    }
    for (uint32_t filler = 0; count % BBB_GROUP_WEIGHTS != 0; filler++) {
      targets[count++] = output_count + filler;
    }
  }
  column_starts[input_count] = count / BBB_GROUP_WEIGHTS;
  m.columns =
      (bbb_grouped_columns){column_starts, indices(targets, count, has_wide_indices), column_values};
  return m;
}

static void check_matrices(bbb_instruction_set set, int rectifies, int has_wide_indices, size_t width) {
  uint32_t number[input_count + 1], zero = 0;
  uint8_t one = 1;
  for (uint32_t i = 0; i <= input_count; i++) {
    number[i] = i;
  }
  bbb_places places = {1, &zero, &zero, &one, 1};
  matrix m = make_matrix(number, rectifies, has_wide_indices);
  m.matrix.bias = m.bias;
  float *input = room((input_count + 1) * width, 4);
  float *sparse = room((output_count + 1) * width, 4), *dense = room((output_count + 1) * width, 4);
  for (size_t k = 0; k < input_count * width; k++) {
    input[k] = next_word() % 3 == 0 ? 0 : number_between(1);
  }
  bbb_sparse_matrix_on_tile(set, &m.matrix, &m.rows, &places, width, input, sparse);
  bbb_dense_matrix_on_tile(set, &m.matrix, &m.panels, &places, width, input, dense);
  float *vector = room(input_count + 1, 4);
  float *by_columns = room(panel_count * BBB_PANEL_OUTPUTS, 4);
  float *by_panels = room(panel_count * BBB_PANEL_OUTPUTS, 4);
  uint32_t *active = room(input_count + 16, 4);
  for (size_t lane = 0; lane < width; lane++) {
    for (int i = 0; i < input_count; i++) {
      vector[i] = input[i * width + lane];
    }
    bbb_sparse_matrix_on_vector(set, &m.matrix, &m.columns, vector, by_columns, active);
    bbb_dense_matrix_on_vector(set, &m.matrix, &m.panels, vector, by_panels, active);
    for (int o = 0; o < output_count; o++) {
      double sum = m.bias[o], size = fabs(sum);
      for (int i = 0; i < input_count; i++) {
        sum += (double)m.weights[o][i] * vector[i];
        size += fabs((double)m.weights[o][i] * vector[i]);
      }
      double expected = rectifies && sum < 0 ? 0 : sum;
      float result = sparse[o * width + lane];
      check(fabs(result - expected) <= 1e-6 * size, "a sparse matrix's sum", set, result - expected);
      check(memcmp(&result, &dense[o * width + lane], 4) == 0, "dense and sparse tiles differ", set, o);
      check(memcmp(&result, &by_columns[o], 4) == 0, "tile and columns differ", set, o);
      check(memcmp(&result, &by_panels[o], 4) == 0, "tile and panels differ", set, o);
    }
  }
}

// The same matrix as a kernel of one row of cells that moves over two lines of 20 numbers each.

enum { line_length = 20, line_count = 2, line_stride = line_length + input_count };

static void check_places(bbb_instruction_set set, int has_wide_indices, size_t width) {
  uint32_t number[input_count + 1];
  for (uint32_t i = 0; i < input_count; i++) {
    number[i] = i;
  }
  enum { place_count = line_length * line_count, extent = line_stride * line_count };
  number[input_count] = extent;
  matrix m = make_matrix(number, 1, has_wide_indices);
  m.matrix.bias = m.bias;
  uint32_t inputs[place_count], outputs[place_count], line_inputs[4], line_outputs[4];
  uint8_t one[place_count], lanes[4];
  for (uint32_t p = 0; p < place_count; p++) {
    inputs[p] = p / line_length * line_stride + p % line_length;
    outputs[p] = p;
    one[p] = 1;
  }
  for (uint32_t part = 0; part < 4; part++) {
    uint32_t first = part / 2 * line_length + part % 2 * BBB_LINE_LANES;
    line_inputs[part] = inputs[first];
    line_outputs[part] = first;
    lanes[part] = part % 2 ? line_length - BBB_LINE_LANES : BBB_LINE_LANES;
  }
  bbb_places places = {place_count, inputs, outputs, one, place_count};
  bbb_places lines = {4, line_inputs, line_outputs, lanes, place_count};
  // The zeros behind are read from every place on.
  size_t input_size = 2 * extent + BBB_LINE_LANES, output_size = (output_count + 1) * place_count;
  float *input = room(input_size * width, 4), *example = room(input_size, 4);
  float *sparse = room(output_size * width, 4), *dense = room(output_size * width, 4);
  float *by_lines = room(output_size + BBB_LINE_LANES, 4);
  for (size_t k = 0; k < extent * width; k++) {
    input[k] = number_between(1);
  }
  bbb_sparse_matrix_on_tile(set, &m.matrix, &m.rows, &places, width, input, sparse);
  bbb_dense_matrix_on_tile(set, &m.matrix, &m.panels, &places, width, input, dense);
  for (size_t lane = 0; lane < width; lane += 7) {
    for (size_t k = 0; k < input_size; k++) {
      example[k] = input[k * width + lane];
    }
    bbb_sparse_matrix_on_lines(set, &m.matrix, &m.rows, &lines, example, by_lines);
    for (int o = 0; o < output_count; o++) {
      for (uint32_t p = 0; p < place_count; p++) {
        double sum = m.bias[o];
        for (int i = 0; i < input_count; i++) {
          sum += (double)m.weights[o][i] * example[inputs[p] + (uint32_t)i];
        }
        size_t at = (size_t)o * place_count + p;
        float result = sparse[at * width + lane];
        check(fabs(result - fmax(sum, 0)) <= 1e-5, "a sum at a place", set, result - sum);
        check(memcmp(&result, &dense[at * width + lane], 4) == 0, "dense and sparse places differ", set, p);
        check(memcmp(&result, &by_lines[at], 4) == 0, "tile and lines differ", set, p);
      }
    }
  }
}

static void check_pools(bbb_instruction_set set, size_t width) {
  enum { units = 3, numbers = 10, places = 4 };
  static const uint32_t order[units] = {2, 0, 1}, starts[places + 1] = {0, 1, 4, 6, 10};
  static const uint32_t inputs[10] = {9, 0, 4, 7, 1, 2, 3, 5, 6, 8}, outputs[places] = {3, 0, 2, 1};
  static const float divisors[places] = {1, 3, 2, 4};
  bbb_pool pool = {units, order, places, starts, inputs, outputs, numbers, places};
  float *input = room(units * numbers * width, 4);
  float *results[2] = {room(units * places * width, 4), room(units * places * width, 4)};
  float *plain[2] = {room(units * places * width, 4), room(units * places * width, 4)};
  for (size_t k = 0; k < units * numbers * width; k++) {
    input[k] = number_between(3);
  }
  bbb_max_pool(set, &pool, width, input, results[0]);
  bbb_average_pool(set, &pool, divisors, width, input, results[1]);
  bbb_max_pool(bbb_plain, &pool, width, input, plain[0]);
  bbb_average_pool(bbb_plain, &pool, divisors, width, input, plain[1]);
  for (int kind = 0; kind < 2; kind++) {
    check(memcmp(results[kind], plain[kind], units * places * width * 4) == 0, "a pool", set, kind);
  }
  for (size_t unit = 0; unit < units; unit++) {
    const float *channel = input + order[unit] * numbers * width;
    float largest = fmaxf(channel[0], fmaxf(channel[4 * width], channel[7 * width]));
    check(results[0][unit * places * width] == largest, "the largest number", set, largest);
  }
}

// Arithmetic: every operation, operands side by side and spread.

static void check_arithmetic(bbb_instruction_set set, size_t width) {
  enum { numbers = 70, run_count = 5 };
  static const bbb_arithmetic_run runs[run_count] = {
      {0, 37, {30, 2}, {1, 1}}, {40, 20, {5, 7}, {1, 0}}, {37, 3, {1, 60}, {0, 1}},
      {61, 8, {69, 3}, {0, 0}}, {69, 1, {0, 9}, {1, 1}}};
  float *one = room(numbers * width, 4), *other = room(numbers * width, 4);
  float *results = room(numbers * width, 4), *plain = room(numbers * width, 4);
  for (size_t k = 0; k < numbers * width; k++) {
    one[k] = number_between(3);
    other[k] = k % 13 == 0 ? one[k] : number_between(3);
  }
  one[31 * width] = NAN, other[5 * width] = NAN, other[9 * width] = 0, one[33 * width] = INFINITY;
  for (int operation = bbb_add; operation <= bbb_select; operation++) {
    bbb_compute(set, operation, runs, run_count, width, one, other, results);
    bbb_compute(bbb_plain, operation, runs, run_count, width, one, other, plain);
    for (int r = 0; r < run_count; r++) {
      for (size_t k = 0; k < runs[r].count * width; k++) {
        size_t at = runs[r].result * width + k;
        check(memcmp(&results[at], &plain[at], 4) == 0 || (isnan(results[at]) && isnan(plain[at])),
              "arithmetic", set, operation);
      }
    }
    float a = one[32 * width], b = other[4 * width], result = results[2 * width];
    float expected[] = {a + b, a - b, a * b, a / b, fminf(a, b), fmaxf(a, b), powf(a, b),
                        a == b, a < b, b == 0 ? 0 : a};
    check(result == expected[operation] || (isnan(result) && isnan(expected[operation])),
          "what is computed", set, result);
    if (operation <= bbb_power) {
      check(isnan(results[width]) && isnan(results[3 * width]), "what is no number", set, operation);
    }
    // In the place of an operand.
    static const bbb_arithmetic_run whole = {0, numbers, {0, 0}, {1, 1}};
    bbb_compute(set, operation, &whole, 1, width, one, other, results);
    memcpy(plain, one, numbers * width * 4);
    bbb_compute(set, operation, &whole, 1, width, plain, other, plain);
    for (size_t k = 0; k < numbers * width; k++) {
      check(results[k] == plain[k] || isnan(plain[k]), "arithmetic in place", set, operation);
    }
  }
}

// Functions of one number.

static double activated(bbb_activation activation, double x) {
  switch (activation) {
  case bbb_activation_leaky_relu: return x > 0 ? x : 0.01 * x;
  case bbb_activation_elu: return x > 0 ? x : expm1(x);
  case bbb_activation_selu:
    return 1.0507009873554804934193 * (x > 0 ? x : 1.6732632423543772848170 * expm1(x));
  case bbb_activation_gelu: return x * erfc(-x / sqrt(2)) / 2;
  case bbb_activation_gelu_tanh:
    return x / 2 * (1 + tanh(sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
  case bbb_activation_silu: return x / (1 + exp(-x));
  case bbb_activation_tanh: return tanh(x);
  case bbb_activation_sigmoid: return 1 / (1 + exp(-x));
  case bbb_activation_softplus: return x > 30 ? x : log1p(exp(x));
  case bbb_activation_hard_swish: return x * fmin(fmax(x + 3, 0), 6) / 6;
  case bbb_activation_relu6: return fmin(fmax(x, 0), 6);
  case bbb_activation_relu: return fmax(x, 0);
  case bbb_activation_exponential: return exp(x);
  case bbb_activation_logarithm: return log(x);
  case bbb_activation_square_root: return sqrt(x);
  case bbb_activation_error_function: return erf(x);
  case bbb_activation_absolute: return fabs(x);
  case bbb_activation_sign: return (x > 0) - (x < 0);
  case bbb_activation_floor: return floor(x);
  case bbb_activation_ceiling: return ceil(x);
  case bbb_activation_round: return nearbyint(x);
  case bbb_activation_sine: return sin(x);
  case bbb_activation_cosine: return cos(x);
  }
  return NAN;
}

enum { count = 1000 };

static void check_activations(bbb_instruction_set set) {
  float *values = room(count, 4);
  for (int a = bbb_activation_leaky_relu; a <= bbb_activation_cosine; a++) {
    for (int k = 0; k < count; k++) {
      values[k] = (float)(k - count / 2) / 40;
    }
    bbb_activate(set, a, count, values);
    for (int k = 0; k < count; k++) {
      double expected = activated(a, (float)(k - count / 2) / 40);
      double error = fabs(values[k] - expected) / fmax(1, fabs(expected));
      check(error < 1e-6 || (values[k] == expected && isinf(expected)) ||
                (isnan(values[k]) && isnan(expected)),
            "an activation", set, error);
    }
  }
}

static void check_rectified_moments(bbb_instruction_set set) {
  float *mean = room(count, 4), *variance = room(count, 4), *second = room(count, 4);
  for (int k = 0; k < count; k++) {
    mean[k] = (float)(k % 101 - 50) / 10;
    variance[k] = k % 7 == 0 ? 0 : (float)(k % 13 + 1) / 4;
  }
  float *means = room(count, 4), *variances = room(count, 4);
  memcpy(means, mean, count * 4);
  memcpy(variances, variance, count * 4);
  bbb_rectify_moments(set, count, mean, variance, second);
  for (int k = 0; k < count; k++) {
    double m = means[k], s = sqrt(variances[k]);
    double density = s > 0 ? exp(-m * m / (2 * s * s)) / sqrt(2 * 3.14159265358979323846) : 0;
    double share = s > 0 ? erfc(-m / s / sqrt(2)) / 2 : m > 0;
    double first = m * share + s * density;
    double square = (m * m + s * s) * share + m * s * density;
    check(fabs(mean[k] - first) <= 1e-5 * fabs(first) + 1e-7, "a rectified mean", set, mean[k] - first);
    check(fabs(second[k] - square) <= 1e-5 * square + 1e-7, "a second moment", set, second[k] - square);
  }
}

static void check_maxima(bbb_instruction_set set) {
  float *mean = room(count, 4), *variance = room(count, 4);
  float *other_mean = room(count, 4), *other_variance = room(count, 4);
  for (int k = 0; k < count; k++) {
    mean[k] = (float)(k % 41 - 20) / 8;
    variance[k] = k % 7 == 0 ? 0 : (float)(k % 13 + 1) / 4;
    other_mean[k] = (float)(k % 11 - 5) / 4;
    other_variance[k] = k % 5 == 0 ? 0 : (float)(k % 17 + 1) / 5;
  }
  float *m = room(count, 4), *v = room(count, 4);
  memcpy(m, mean, count * 4);
  memcpy(v, variance, count * 4);
  bbb_maximum_moments(set, count, mean, variance, other_mean, other_variance);
  for (int k = 0; k < count; k++) {
    // Clark's formulas as he wrote them.
    double a = sqrt((double)v[k] + other_variance[k]), n = other_mean[k], w = other_variance[k];
    double alpha = a > 0 ? (m[k] - n) / a : 0;
    double share = a > 0 ? erfc(-alpha / sqrt(2)) / 2 : m[k] > n;
    double density = a * exp(-alpha * alpha / 2) / sqrt(2 * 3.14159265358979323846);
    double first = m[k] * share + n * (1 - share) + density;
    double second = (m[k] * m[k] + v[k]) * share + (n * n + w) * (1 - share) + (m[k] + n) * density;
    check(fabs(mean[k] - first) <= 2e-6, "the mean of a maximum", set, mean[k] - first);
    check(fabs(variance[k] - (second - first * first)) <= 1e-5, "the variance of a maximum", set,
          variance[k] - (second - first * first));
  }
}

static void check_ranking(bbb_instruction_set set) {
  float *stored = room(count, 4), *deviations = room(count, 4), *means = room(count, 4);
  for (int k = 0; k < count; k++) {
    stored[k] = number_between(20);
    means[k] = number_between(3);
  }
  bbb_scale softplus = {bbb_softplus, 1, 1e-6f};
  bbb_standard_deviations(set, softplus, stored, count, deviations);
  for (int k = 0; k < count; k++) {
    double expected = log1p(exp(stored[k])) + 1e-6f;
    double error = fabs(deviations[k] / expected - 1);
    check(error <= BBB_SCALE_ERROR, "a standard deviation", set, error);
    deviations[k] = (float)(k % 17 + 1) / 8;
  }
  check(bbb_are_ordinary(set, means, deviations, count), "ordinary numbers", set, 0);
  uint64_t above[(count + 63) / 64], inside[(count + 63) / 64];
  bbb_band_counts counts =
      bbb_compare_with_band(set, means, deviations, count, 0.5f, 1.25f, above, inside);
  size_t certain = 0, within = 0;
  for (int k = 0; k < count; k++) {
    int is_above = fabsf(means[k]) > 1.25f * deviations[k];
    int is_inside = !is_above && fabsf(means[k]) >= 0.5f * deviations[k];
    check((int)(above[k / 64] >> k % 64 & 1) == is_above, "a bit above the band", set, k);
    check((int)(inside[k / 64] >> k % 64 & 1) == is_inside, "a bit inside the band", set, k);
    certain += is_above;
    within += is_inside;
  }
  check(counts.above == certain && counts.inside == within, "the counts of a band", set, 0);
}

static void check_noise(bbb_instruction_set set) {
  bbb_noise_key key = {7, 3, 11, 2};
  static uint32_t words[4 * 256], first[4 * 256];
  bbb_random_words(set, key, 256, words);
  bbb_random_words(bbb_plain, key, 256, first);
  check(memcmp(words, first, sizeof words) == 0, "random words", set, 0);
  if (set == bbb_plain) {
    add_to_checksum(words, sizeof words);
  }
  float *normals = room(8192, 4), *plain = room(8192, 4);
  bbb_standard_normals(set, key, 0, 8192, normals);
  bbb_standard_normals(bbb_plain, key, 0, 8192, plain);
  double sum = 0, squares = 0;
  for (int k = 0; k < 8192; k++) {
    check(fabsf(normals[k] - plain[k]) <= 1e-5f * fmaxf(1, fabsf(plain[k])), "a normal number", set,
          normals[k] - plain[k]);
    sum += normals[k];
    squares += (double)normals[k] * normals[k];
  }
  check(fabs(sum / 8192) < 0.05 && fabs(squares / 8192 - 1) < 0.06, "the moments of noise", set, sum);
}

static void check_transposition(void) {
  enum { features = 23, width = BBB_WIDE_TILE };
  float *inputs = room(features * width, 4), *tile = room((features + 1) * width, 4);
  uint32_t places[features];
  for (int k = 0; k < features * width; k++) {
    inputs[k] = number_between(1);
  }
  for (int f = 0; f < features; f++) {
    places[f] = (f * 5) % features;
  }
  bbb_transpose_to_tile(inputs, features, places, width, tile);
  for (int f = 0; f < features; f++) {
    for (int lane = 0; lane < width; lane++) {
      check(tile[places[f] * width + lane] == inputs[lane * features + f], "a transposed number",
            bbb_plain, f);
    }
  }
}

int main(void) {
  check_transposition();
  for (int set = bbb_plain; set <= bbb_neon; set++) {
    if (!bbb_has_instruction_set(set)) {
      continue;
    }
    state = 1;
    for (int kind = 0; kind < 8; kind++) {
      check_matrices(set, kind & 1, kind >> 1 & 1, kind & 4 ? BBB_WIDE_TILE : BBB_NARROW_TILE);
      check_places(set, kind & 1, kind & 2 ? BBB_WIDE_TILE : BBB_NARROW_TILE);
    }
    check_pools(set, 1);
    check_pools(set, BBB_NARROW_TILE);
    check_pools(set, BBB_WIDE_TILE);
    for (size_t width = BBB_NARROW_TILE; width <= BBB_WIDE_TILE; width += BBB_NARROW_TILE) {
      check_lines(set, width);
      check_products(set, width);
    }
    check_arithmetic(set, 1);
    check_arithmetic(set, BBB_NARROW_TILE);
    check_arithmetic(set, BBB_WIDE_TILE);
    check_activations(set);
    check_rectified_moments(set);
    check_maxima(set);
    check_ranking(set);
    check_noise(set);
    check_training(set);
    check_level_choice(set);
    check_removal(set);
    fprintf(stderr, "instruction set %d: %s\n", set, failures ? "wrong" : "right");
  }
  printf("%016llx\n", (unsigned long long)checksum);
  return failures > 0;
}
