// What libFuzzer offers to a custom mutator; no header of the toolchain
// declares it.

#include <stddef.h>
#include <stdint.h>

/// Mutates bytes in place, as libFuzzer does by itself; returns their new
/// number, at most max_size.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
