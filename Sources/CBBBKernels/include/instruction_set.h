// The choice of the instruction set, at run time.

#ifndef BBB_INSTRUCTION_SET_H
#define BBB_INSTRUCTION_SET_H

/// The instruction sets that a kernel exists in. The plain version is the
/// specification; the others differ from it by rounding only.
typedef enum {
  bbb_plain = 0,
  bbb_avx2 = 1,
  bbb_avx512 = 2,
  bbb_neon = 3,
} bbb_instruction_set;

/// What the environment variable BBBPRUNE_KERNELS asks for.
typedef enum {
  bbb_kernels_not_named = 0,
  bbb_kernels_available = 1,
  /// An instruction set that this processor or build lacks.
  bbb_kernels_unavailable = 2,
  bbb_kernels_unknown = 3,
} bbb_kernel_choice;

/// Reads BBBPRUNE_KERNELS, which is plain, avx2, avx512 or neon; `set` is written
/// where it is one of these.
bbb_kernel_choice bbb_kernels_asked_for(bbb_instruction_set *set);

/// The instruction set that BBBPRUNE_KERNELS asked for when this was first
/// called, if it is available; else the fastest that this processor has.
bbb_instruction_set bbb_best_instruction_set(void);

/// Whether this processor and build have an instruction set.
int bbb_has_instruction_set(bbb_instruction_set set);

#endif
