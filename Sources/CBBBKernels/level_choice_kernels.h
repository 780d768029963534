// Choosing levels, compiled once per instruction set by level_choice.c: a lane
// is a row, as what is chosen for one number of a row depends on the one before.

typedef double KERNEL(doubles)
    __attribute__((ext_vector_type(BBB_LEVEL_LANES), aligned(8)));
typedef int64_t KERNEL(longs)
    __attribute__((ext_vector_type(BBB_LEVEL_LANES), aligned(8)));
typedef int32_t KERNEL(choices)
    __attribute__((ext_vector_type(BBB_LEVEL_LANES), aligned(4)));
typedef uint32_t KERNEL(lengths)
    __attribute__((ext_vector_type(BBB_LEVEL_LANES), aligned(4)));

#define DOUBLES KERNEL(doubles)
#define LONGS KERNEL(longs)
#define HALF_SQUARE(x) ((x) * (x) / 2)
#define AT(array, index) (*(DOUBLES *)((array) + (index)))

/// Elements of a table, one for each lane.
#define LOOK_UP(table, numbers)                                                \
  ((DOUBLES){(table)[(numbers)[0]], (table)[(numbers)[1]],                     \
             (table)[(numbers)[2]], (table)[(numbers)[3]],                     \
             (table)[(numbers)[4]], (table)[(numbers)[5]],                     \
             (table)[(numbers)[6]], (table)[(numbers)[7]]})

static void KERNEL(choose_levels)(bbb_level_cells cells, bbb_level_table table,
                                  int32_t *choices, double *errors,
                                  double *error_sums, double *costs) {
  for (size_t group = 0; group < cells.group_count; group++) {
    const size_t rows = BBB_LEVEL_LANES * group;
    const LONGS lengths = __builtin_convertvector(
        *(const KERNEL(lengths) *)(cells.lengths + rows), LONGS);
    const DOUBLES absent = AT(table.absent_bits, rows);
    const DOUBLES present = AT(table.present_bits, rows);
    DOUBLES sums = AT(error_sums, rows);
    for (size_t step = cells.starts[group]; step < cells.starts[group + 1];
         step++) {
      const size_t cell = BBB_LEVEL_LANES * step;
      const DOUBLES mean = AT(cells.means, cell);
      const DOUBLES deviation = AT(cells.deviations, cell);
      const DOUBLES before = AT(errors, cell);
      const DOUBLES others = sums - before;
      DOUBLES error = -mean / deviation;
      DOUBLES bits = absent;
      DOUBLES best = table.own * HALF_SQUARE(error) +
                     table.shared * HALF_SQUARE(error + others) +
                     table.price * bits;
      LONGS choice = -1;
      const int32_t *nearest = table.nearest + cell;
      const LONGS middle = __builtin_convertvector(
          *(const KERNEL(choices) *)nearest, LONGS);
      for (int tried = 0; tried <= 2 * BBB_LEVEL_REACH; tried++) {
        const DOUBLES its_error =
            (LOOK_UP(table.levels + tried, nearest) - mean) / deviation;
        const DOUBLES its_bits =
            present + LOOK_UP(table.level_bits + tried, nearest);
        const DOUBLES cost = table.own * HALF_SQUARE(its_error) +
                             table.shared * HALF_SQUARE(its_error + others) +
                             table.price * its_bits;
        const LONGS is_better = cost < best;
        best = is_better ? cost : best;
        error = is_better ? its_error : error;
        bits = is_better ? its_bits : bits;
        choice = is_better ? middle + (tried - BBB_LEVEL_REACH) : choice;
      }
      const LONGS is_there = (int64_t)(step - cells.starts[group]) < lengths;
      sums = is_there ? others + error : sums;
      AT(errors, cell) = is_there ? error : before;
      AT(costs, cell) =
          is_there ? table.own * HALF_SQUARE(error) + table.price * bits
                   : (DOUBLES)(0);
      choice = is_there ? choice : (LONGS)(-1);
      *(KERNEL(choices) *)(choices + cell) =
          __builtin_convertvector(choice, KERNEL(choices));
    }
    AT(error_sums, rows) = sums;
  }
}

#undef DOUBLES
#undef LONGS
#undef HALF_SQUARE
#undef AT
#undef LOOK_UP
