#include "CBBBKernels.h"

#include "plain_lines.h"

#define KERNEL_SOURCE "lines_kernels.h"
#include "every_instruction_set.h"

void bbb_softmax(bbb_instruction_set set, const bbb_lines *lines, size_t width,
                 const float *input, float *output) {
  DISPATCH(set, softmax, lines, width, input, output);
}

void bbb_normalise(bbb_instruction_set set, const bbb_lines *lines,
                   float epsilon, size_t width, const float *input,
                   float *output) {
  DISPATCH(set, normalise, lines, epsilon, width, input, output);
}
