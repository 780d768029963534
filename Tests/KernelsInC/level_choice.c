// The choice of levels, of rows of different lengths, with levels that cost nothing and everything.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { groups = 3, rows = groups * BBB_LEVEL_LANES, levels = 11, steps = 9 + 4 + 1,
       places = steps * BBB_LEVEL_LANES, table_size = levels + 2 * BBB_LEVEL_REACH + 1 };

typedef struct {
  int32_t *choices;
  double *errors, *sums, *costs;
} chosen;

static chosen choose(bbb_instruction_set set, bbb_level_cells cells, bbb_level_table table,
                     const double *errors, const double *sums) {
  chosen result = {room(places, sizeof(int32_t)), room(places, sizeof(double)),
                   room(rows, sizeof(double)), room(places, sizeof(double))};
  memcpy(result.errors, errors, places * sizeof(double));
  memcpy(result.sums, sums, rows * sizeof(double));
  bbb_choose_levels(set, cells, table, result.choices, result.errors, result.sums, result.costs);
  return result;
}

static void release(chosen result) {
  free(result.choices);
  free(result.errors);
  free(result.sums);
  free(result.costs);
}

void check_level_choice(bbb_instruction_set set) {
  const size_t starts[groups + 1] = {0, 9, 13, 14};
  uint32_t *lengths = room(rows, sizeof(uint32_t));
  double *numbers = room(3 * places + 3 * rows + 2 * table_size, sizeof(double));
  double *means = numbers, *deviations = means + places, *errors = deviations + places;
  double *absent = errors + places, *present = absent + rows, *sums = present + rows;
  double *level = sums + rows, *bits = level + table_size;
  int32_t *nearest = room(places, sizeof(int32_t));
  for (int row = 0; row < rows; row++) {
    const size_t most = starts[row / BBB_LEVEL_LANES + 1] - starts[row / BBB_LEVEL_LANES];
    // The last lanes have no row.
    lengths[row] = row > rows - 3 ? 0 : (uint32_t)(most - (size_t)row % 3 % most);
    absent[row] = 1 + fabsf(number_between(1));
    present[row] = 2 + fabsf(number_between(2));
    sums[row] = number_between(3);
  }
  for (int i = 0; i < table_size; i++) {
    const int number = i - BBB_LEVEL_REACH;
    level[i] = number < 0 || number >= levels ? 0 : (number - 5 + (number >= 5)) * 0.25;
    bits[i] = number < 0 || number >= levels ? INFINITY : fabs(number - 5.0) / 2;
  }
  for (int place = 0; place < places; place++) {
    means[place] = number_between(1.5f);
    deviations[place] = 0.05 + fabsf(number_between(0.2f));
    errors[place] = number_between(2);
    nearest[place] = (int32_t)fmin(fmax(floor(means[place] * 4 + 5), 0), levels - 1);
  }
  const bbb_level_cells cells = {groups, starts, lengths, means, deviations};
  const double prices[] = {0, 0.35, 4};
  for (int price = 0; price < 3; price++) {
    for (int shares = 0; shares < 2; shares++) {
      const bbb_level_table table = {level, bits, nearest, absent, present,
                                     shares ? 0.9 : 1, shares ? 0.1 : 0, prices[price]};
      chosen expected = choose(bbb_plain, cells, table, errors, sums);
      chosen result = choose(set, cells, table, errors, sums);
      int kinds[2] = {0, 0};
      for (int place = 0; place < places; place++) {
        kinds[expected.choices[place] >= 0]++;
        check(result.choices[place] == expected.choices[place], "a level", set, place);
      }
      check(kinds[0] > 0 && kinds[1] > 0, "zero and levels are chosen", set, prices[price]);
      check(memcmp(result.errors, expected.errors, places * sizeof(double)) == 0,
            "errors of levels", set, prices[price]);
      check(memcmp(result.sums, expected.sums, rows * sizeof(double)) == 0,
            "sums of errors of levels", set, prices[price]);
      check(memcmp(result.costs, expected.costs, places * sizeof(double)) == 0,
            "costs of levels", set, prices[price]);
      release(expected);
      release(result);
    }
  }
  free(lengths);
  free(numbers);
  free(nearest);
}
