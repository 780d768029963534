// Softmax, normalisation and products against the plain ones, and tiles against single examples.

#include <math.h>
#include <string.h>

#include "check.h"

enum { rows = 19, inner = 133, columns = 37 };

/// Lines along the last or the first of two axes, on a tile and on each of its examples.
static void check_lines_along(bbb_instruction_set set, int is_last, size_t width) {
  enum { size = rows * columns };
  uint32_t lines[columns], elements[columns];
  for (uint32_t k = 0; k < columns; k++) {
    lines[k] = is_last ? k * columns : k;
    elements[k] = is_last ? k : k * columns;
  }
  bbb_lines along = {is_last ? rows : columns, lines, is_last ? columns : rows, elements};
  float *input = room(size * width, 4), *example = room(size, 4);
  float *results[2] = {room(size * width, 4), room(size * width, 4)};
  float *plain[2] = {room(size * width, 4), room(size * width, 4)};
  for (size_t k = 0; k < size * width; k++) {
    // The first line's numbers are equal.
    size_t number = k / width;
    input[k] = (is_last ? number < columns : number % columns == 0) ? 7.3f : number_between(20);
  }
  for (int kind = 0; kind < 2; kind++) {
    if (kind == 0) {
      bbb_softmax(set, &along, width, input, results[0]);
      bbb_softmax(bbb_plain, &along, width, input, plain[0]);
    } else {
      bbb_normalise(set, &along, 1e-5f, width, input, results[1]);
      bbb_normalise(bbb_plain, &along, 1e-5f, width, input, plain[1]);
    }
    for (size_t k = 0; k < size * width; k++) {
      double error = fabs(results[kind][k] - plain[kind][k]) / (1e-3 + fabs(plain[kind][k]));
      check(error < 1e-5, kind ? "a normalised number" : "a softmax", set, error);
    }
    for (size_t lane = 0; lane < width; lane += 5) {
      for (size_t k = 0; k < size; k++) {
        example[k] = input[k * width + lane];
      }
      // In place, as a program may.
      if (kind == 0) {
        bbb_softmax(set, &along, 1, example, example);
      } else {
        bbb_normalise(set, &along, 1e-5f, 1, example, example);
      }
      for (size_t k = 0; k < size; k++) {
        check(memcmp(&example[k], &results[kind][k * width + lane], 4) == 0, "tile and example differ", set,
              (double)k);
      }
    }
  }
  for (size_t line = 0; line < along.line_count; line++) {
    double sum = 0;
    for (size_t k = 0; k < along.element_count; k++) {
      sum += results[0][(lines[line] + elements[k]) * width];
    }
    check(fabs(sum - 1) < 1e-5, "the sum of a softmax", set, sum);
  }
  for (size_t k = 0; k < along.element_count; k++) {
    check(results[1][elements[k] * width] == 0, "a normalised constant", set, (double)k);
  }
}

void check_lines(bbb_instruction_set set, size_t width) {
  check_lines_along(set, 0, width);
  check_lines_along(set, 1, width);
}

/// Two pairs of matrices, of which the first and the second may be stored transposed.
static void check_product(bbb_instruction_set set, int transposed, size_t width) {
  enum { first_size = rows * inner, second_size = inner * columns, size = rows * columns };
  uint32_t firsts[6] = {0, 0, 0, first_size, second_size, size};
  bbb_product product = {2, firsts, rows, inner, columns, inner, 1, columns, 1, columns};
  if (transposed & 1) {
    product.first_row = 1;
    product.first_inner = rows;
  }
  if (transposed & 2) {
    product.second_inner = 1;
    product.second_column = inner;
  }
  float *a = room(2 * first_size * width, 4), *b = room(2 * second_size * width, 4);
  float *result = room(2 * size * width, 4), *plain = room(2 * size * width, 4);
  float *one = room(2 * first_size, 4), *other = room(2 * second_size, 4), *example = room(2 * size, 4);
  for (size_t k = 0; k < 2 * first_size * width; k++) {
    a[k] = number_between(1);
  }
  for (size_t k = 0; k < 2 * second_size * width; k++) {
    b[k] = number_between(1);
  }
  bbb_multiply_values(set, &product, width, a, b, result);
  bbb_multiply_values(bbb_plain, &product, width, a, b, plain);
  for (size_t k = 0; k < 2 * size * width; k++) {
    check(fabsf(result[k] - plain[k]) < 1e-5f, "a product", set, result[k] - plain[k]);
  }
  for (size_t lane = 0; lane < width; lane += 7) {
    for (size_t k = 0; k < 2 * first_size; k++) {
      one[k] = a[k * width + lane];
    }
    for (size_t k = 0; k < 2 * second_size; k++) {
      other[k] = b[k * width + lane];
    }
    bbb_multiply_values(set, &product, 1, one, other, example);
    for (size_t k = 0; k < 2 * size; k++) {
      check(memcmp(&example[k], &result[k * width + lane], 4) == 0, "tile and example differ", set, (double)k);
    }
  }
  double sum = 0;
  for (size_t k = 0; k < inner; k++) {
    sum += (double)a[k * product.first_inner * width] * b[k * product.second_inner * width];
  }
  check(fabs(sum - result[0]) < 1e-5, "the first number of a product", set, result[0] - sum);
}

void check_products(bbb_instruction_set set, size_t width) {
  for (int transposed = 0; transposed < 4; transposed++) {
    check_product(set, transposed, width);
  }
}
