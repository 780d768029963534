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

/// The fastest instruction set this processor has.
bbb_instruction_set bbb_best_instruction_set(void);

/// Whether this processor and build have an instruction set.
int bbb_has_instruction_set(bbb_instruction_set set);

#endif
