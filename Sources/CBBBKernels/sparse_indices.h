// The indices of sparse matrices: four at a time, 16 or 32 bits each.

#include <string.h>

typedef struct {
  size_t first, second, third, fourth;
} four_indices;

// Read as words and taken apart by shifts: a compiler that sees four loads makes
// a vector of them, and taking that apart costs more than the sums do.
static inline __attribute__((always_inline)) four_indices
read_four_indices(const void *indices, size_t group, int are_wide) {
  uint64_t words[2];
  if (are_wide) {
    memcpy(words, (const uint32_t *)indices + 4 * group, 16);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (four_indices){(uint32_t)words[0], words[0] >> 32,
                          (uint32_t)words[1], words[1] >> 32};
#else
    return (four_indices){words[0] >> 32, (uint32_t)words[0], words[1] >> 32,
                          (uint32_t)words[1]};
#endif
  }
  memcpy(words, (const uint16_t *)indices + 4 * group, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return (four_indices){(uint16_t)words[0], (uint16_t)(words[0] >> 16),
                        (uint16_t)(words[0] >> 32), words[0] >> 48};
#else
  return (four_indices){words[0] >> 48, (uint16_t)(words[0] >> 32),
                        (uint16_t)(words[0] >> 16), (uint16_t)words[0]};
#endif
}

static inline size_t read_index(const void *indices, size_t position,
                                int are_wide) {
  return are_wide ? ((const uint32_t *)indices)[position]
                  : ((const uint16_t *)indices)[position];
}
