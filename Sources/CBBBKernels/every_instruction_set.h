// Includes KERNEL_SOURCE once for every instruction set but the plain one, where
// KERNEL(name) is the name there and KERNEL_LANES the floats in a vector. The
// plain functions, name_plain, come before it; DISPATCH calls one of them.

#define JOIN(name, set) name##_##set

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
#elif defined(__aarch64__)
// NEON is part of what every 64-bit ARM compiler assumes.
#define KERNEL(name) JOIN(name, neon)
#define KERNEL_LANES 4
#include KERNEL_SOURCE
#undef KERNEL
#undef KERNEL_LANES

#define DISPATCH(set, name, ...)                                               \
  ((set) == bbb_neon ? name##_neon(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define DISPATCH(set, name, ...) ((void)(set), name##_plain(__VA_ARGS__))
#endif
