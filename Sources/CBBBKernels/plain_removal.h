// Removing weights from a row, as plainly as can be: the specification.

/// x - f y, rounded twice.
static void subtract_multiple_plain(size_t count, double factor,
                                    const double *subtracted, double *numbers) {
  for (size_t i = 0; i < count; i++) {
    numbers[i] -= factor * subtracted[i];
  }
}
