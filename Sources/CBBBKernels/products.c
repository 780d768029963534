#include "CBBBKernels.h"

#include "plain_products.h"

#define KERNEL_SOURCE "product_kernels.h"
#include "every_instruction_set.h"

void bbb_multiply_values(bbb_instruction_set set, const bbb_product *product,
                  size_t width, const float *first, const float *second,
                  float *result) {
  DISPATCH(set, multiply, product, width, first, second, result);
}
