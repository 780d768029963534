// The inner loop of removing weights, compiled once per instruction set by removal.c.

typedef double KERNEL(eight)
    __attribute__((ext_vector_type(8), aligned(8)));

static void KERNEL(subtract_multiple)(size_t count, double factor,
                                      const double *subtracted,
                                      double *numbers) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    *(KERNEL(eight) *)(numbers + i) -=
        factor * *(const KERNEL(eight) *)(subtracted + i);
  }
  for (; i < count; i++) {
    numbers[i] -= factor * subtracted[i];
  }
}
