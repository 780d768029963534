#include "CBBBKernels.h"

int bbb_has_instruction_set(bbb_instruction_set set) {
  switch (set) {
  case bbb_plain:
    return 1;
#if defined(__x86_64__)
  case bbb_avx2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case bbb_avx512:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw");
#elif defined(__aarch64__)
  case bbb_neon:
    return 1;
#endif
  default:
    return 0;
  }
}

bbb_instruction_set bbb_best_instruction_set(void) {
  static const bbb_instruction_set fastest_first[] = {bbb_avx512, bbb_avx2,
                                                      bbb_neon};
  for (size_t i = 0; i < sizeof fastest_first / sizeof *fastest_first; i++) {
    if (bbb_has_instruction_set(fastest_first[i])) {
      return fastest_first[i];
    }
  }
  return bbb_plain;
}
