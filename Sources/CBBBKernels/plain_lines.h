// Softmax and normalisation, as plainly as can be: the specification.

#include <math.h>

static void softmax_plain(const bbb_lines *lines, size_t width,
                          const float *input, float *output) {
  for (size_t line = 0; line < lines->line_count; line++) {
    for (size_t t = 0; t < width; t++) {
      const float *x = input + lines->lines[line] * width + t;
      float *y = output + lines->lines[line] * width + t;
      float largest = -INFINITY;
      for (size_t k = 0; k < lines->element_count; k++) {
        float number = x[lines->elements[k] * width];
        // Not fmaxf, which loses NaN.
        largest = number <= largest ? largest : number;
      }
      float sum = 0;
      for (size_t k = 0; k < lines->element_count; k++) {
        size_t at = lines->elements[k] * width;
        y[at] = (float)exp((double)x[at] - largest);
        sum += y[at];
      }
      for (size_t k = 0; k < lines->element_count; k++) {
        y[lines->elements[k] * width] /= sum;
      }
    }
  }
}

static void normalise_plain(const bbb_lines *lines, float epsilon, size_t width,
                            const float *input, float *output) {
  for (size_t line = 0; line < lines->line_count; line++) {
    for (size_t t = 0; t < width; t++) {
      const float *x = input + lines->lines[line] * width + t;
      float *y = output + lines->lines[line] * width + t;
      float count = (float)lines->element_count;
      float sum = 0;
      for (size_t k = 0; k < lines->element_count; k++) {
        sum += x[lines->elements[k] * width];
      }
      float mean = sum / count;
      // What rounding left of the mean goes from numbers that are small by then,
      // so that equal ones become zeros.
      float rest = 0;
      for (size_t k = 0; k < lines->element_count; k++) {
        size_t at = lines->elements[k] * width;
        y[at] = x[at] - mean;
        rest += y[at];
      }
      rest /= count;
      float squares = 0;
      for (size_t k = 0; k < lines->element_count; k++) {
        size_t at = lines->elements[k] * width;
        y[at] -= rest;
        squares += y[at] * y[at];
      }
      float scale = 1 / sqrtf(squares / count + epsilon);
      for (size_t k = 0; k < lines->element_count; k++) {
        y[lines->elements[k] * width] *= scale;
      }
    }
  }
}
