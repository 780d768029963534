// Includes KERNEL_SOURCE once for every instruction set, where KERNEL(name) is the
// name there and KERNEL_LANES the floats in a vector; DISPATCH calls one of them.

#define JOIN(name, set) name##_##set

#define KERNEL(name) JOIN(name, plain)
#define KERNEL_LANES 4
#include KERNEL_SOURCE
#undef KERNEL
#undef KERNEL_LANES

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,popcnt"))),       \
                             apply_to = function)
#define KERNEL(name) JOIN(name, avx2)
#define KERNEL_LANES 8
#include KERNEL_SOURCE
#undef KERNEL
#undef KERNEL_LANES
#pragma clang attribute pop

#pragma clang attribute push(                                                  \
    __attribute__((                                                            \
        target("avx512f,avx512dq,avx512vl,avx512bw,fma,popcnt"))),             \
    apply_to = function)
#define KERNEL(name) JOIN(name, avx512)
#define KERNEL_LANES 16
#include KERNEL_SOURCE
#undef KERNEL
#undef KERNEL_LANES
#pragma clang attribute pop

#define DISPATCH(set, name, ...)                                               \
  ((set) == bbb_avx512 ? name##_avx512(__VA_ARGS__)                            \
   : (set) == bbb_avx2 ? name##_avx2(__VA_ARGS__)                              \
                       : name##_plain(__VA_ARGS__))
#else
// NEON is part of what every 64-bit ARM compiler assumes.
#define DISPATCH(set, name, ...) ((void)(set), name##_plain(__VA_ARGS__))
#endif
