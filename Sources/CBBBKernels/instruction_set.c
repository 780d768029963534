#include "CBBBKernels.h"

#include <stdlib.h>
#include <string.h>

int bbb_has_instruction_set(bbb_instruction_set set) {
  switch (set) {
  case bbb_plain:
    return 1;
#if defined(__x86_64__)
  case bbb_avx2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("popcnt");
  case bbb_avx512:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("fma") && __builtin_cpu_supports("popcnt");
#elif defined(__aarch64__)
  case bbb_neon:
    return 1;
#endif
  default:
    return 0;
  }
}

static const struct {
  const char *name;
  bbb_instruction_set set;
} fastest_first[] = {{"avx512", bbb_avx512},
                     {"avx2", bbb_avx2},
                     {"neon", bbb_neon},
                     {"plain", bbb_plain}};

enum { set_count = sizeof fastest_first / sizeof *fastest_first };

bbb_kernel_choice bbb_kernels_asked_for(bbb_instruction_set *set) {
  const char *asked = getenv("BBBPRUNE_KERNELS");
  if (asked == NULL || *asked == '\0') {
    return bbb_kernels_not_named;
  }
  for (size_t i = 0; i < set_count; i++) {
    if (strcmp(asked, fastest_first[i].name) == 0) {
      *set = fastest_first[i].set;
      return bbb_has_instruction_set(*set) ? bbb_kernels_available
                                           : bbb_kernels_unavailable;
    }
  }
  return bbb_kernels_unknown;
}

bbb_instruction_set bbb_best_instruction_set(void) {
  // Asked once: the answer is the same for every thread that gets here.
  static _Atomic int known = -1;
  if (known < 0) {
    bbb_instruction_set set = bbb_plain;
    if (bbb_kernels_asked_for(&set) != bbb_kernels_available) {
      size_t i = 0;
      while (!bbb_has_instruction_set(fastest_first[i].set)) {
        i++;
      }
      set = fastest_first[i].set;
    }
    known = (int)set;
  }
  return (bbb_instruction_set)known;
}
