// Choosing levels, as plainly as can be: the specification.

static double half_square(double x) { return x * x / 2; }

static void choose_levels_plain(bbb_level_cells cells, bbb_level_table table,
                                int32_t *choices, double *errors,
                                double *error_sums, double *costs) {
  for (size_t row = 0; row < BBB_LEVEL_LANES * cells.group_count; row++) {
    const size_t start = BBB_LEVEL_LANES * cells.starts[row / BBB_LEVEL_LANES] +
                         row % BBB_LEVEL_LANES;
    const size_t steps = cells.starts[row / BBB_LEVEL_LANES + 1] -
                         cells.starts[row / BBB_LEVEL_LANES];
    for (size_t number = 0; number < steps; number++) {
      const size_t cell = start + BBB_LEVEL_LANES * number;
      if (number >= cells.lengths[row]) {
        choices[cell] = -1;
        costs[cell] = 0;
        continue;
      }
      const double mean = cells.means[cell];
      const double deviation = cells.deviations[cell];
      const double others = error_sums[row] - errors[cell];
      double error = -mean / deviation;
      double bits = table.absent_bits[row];
      double best = table.own * half_square(error) +
                    table.shared * half_square(error + others) +
                    table.price * bits;
      int32_t choice = -1;
      for (int32_t tried = -BBB_LEVEL_REACH; tried <= BBB_LEVEL_REACH;
           tried++) {
        const int32_t level = table.nearest[cell] + tried;
        const double its_error =
            (table.levels[level + BBB_LEVEL_REACH] - mean) / deviation;
        const double its_bits = table.present_bits[row] +
                                table.level_bits[level + BBB_LEVEL_REACH];
        const double cost = table.own * half_square(its_error) +
                            table.shared * half_square(its_error + others) +
                            table.price * its_bits;
        if (cost < best) {
          best = cost;
          error = its_error;
          bits = its_bits;
          choice = level;
        }
      }
      choices[cell] = choice;
      errors[cell] = error;
      error_sums[row] = others + error;
      costs[cell] = table.own * half_square(error) + table.price * bits;
    }
  }
}
