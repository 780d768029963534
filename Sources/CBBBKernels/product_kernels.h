// Products of two values, compiled once per instruction set by products.c: blocks
// of sums that fit the registers, of examples' lanes in a tile and of neighbouring
// columns for a single example.

#include <string.h>

#define VECTOR KERNEL(product_vector)
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef float VECTOR
    __attribute__((vector_size(4 * KERNEL_LANES), aligned(4), may_alias));

// Eight sums keep two units of four cycles busy; more registers save loads.
enum {
  KERNEL(block_rows) = 4,
  KERNEL(block_columns) = KERNEL_LANES == 8 ? 2 : 4,
  KERNEL(panel_columns) = KERNEL_LANES == 4 ? 4 : 2,
  /// The inner indices of a panel that is copied.
  KERNEL(panel_inner) = 128,
};

/// A block on one vector of a tile.
INLINE void KERNEL(block_on_tile)(const bbb_product *p, size_t width, int rows,
                                  int columns, const float *a, const float *b,
                                  float *c) {
  VECTOR sums[KERNEL(block_rows)][KERNEL(block_columns)];
  UNROLLED for (int row = 0; row < rows; row++) {
    UNROLLED for (int column = 0; column < columns; column++) {
      sums[row][column] = (VECTOR){};
    }
  }
  for (size_t k = 0; k < p->inner_count; k++) {
    VECTOR second[KERNEL(block_columns)];
    UNROLLED for (int column = 0; column < columns; column++) {
      second[column] =
          *(const VECTOR *)(b + (size_t)column * p->second_column * width);
    }
    UNROLLED for (int row = 0; row < rows; row++) {
      VECTOR first = *(const VECTOR *)(a + (size_t)row * p->first_row * width);
      UNROLLED for (int column = 0; column < columns; column++) {
        sums[row][column] += first * second[column];
      }
    }
    a += p->first_inner * width;
    b += p->second_inner * width;
  }
  UNROLLED for (int row = 0; row < rows; row++) {
    UNROLLED for (int column = 0; column < columns; column++) {
      *(VECTOR *)(c + ((size_t)row * p->result_row + (size_t)column) * width) =
          sums[row][column];
    }
  }
}

/// Some rows on all lanes of a tile.
INLINE void KERNEL(rows_on_tile)(const bbb_product *p, size_t width, int rows,
                                 const float *a, const float *b, float *c) {
  size_t column = 0;
  for (; column + KERNEL(block_columns) <= p->column_count;
       column += KERNEL(block_columns)) {
    for (size_t lane = 0; lane < width; lane += KERNEL_LANES) {
      KERNEL(block_on_tile)(p, width, rows, KERNEL(block_columns), a + lane,
                            b + column * p->second_column * width + lane,
                            c + column * width + lane);
    }
  }
  for (; column < p->column_count; column++) {
    for (size_t lane = 0; lane < width; lane += KERNEL_LANES) {
      KERNEL(block_on_tile)(p, width, rows, 1, a + lane,
                            b + column * p->second_column * width + lane,
                            c + column * width + lane);
    }
  }
}

/// Some inner indices of `vectors` vectors of neighbouring columns of the second
/// matrix.
typedef struct {
  const float *numbers;
  /// From one inner index to the next.
  size_t step;
  size_t first, count;
  size_t columns;
} KERNEL(panel);

/// A block of a single example; the sums of the panels before are in the result.
INLINE void KERNEL(block_on_panel)(const bbb_product *p, KERNEL(panel) panel,
                                   int rows, int vectors, const float *a,
                                   float *c) {
  VECTOR sums[KERNEL(block_rows)][KERNEL(panel_columns)] = {};
  const size_t size = panel.columns * sizeof *c;
  const int is_whole = panel.columns == (size_t)vectors * KERNEL_LANES;
  UNROLLED for (int row = 0; row < rows; row++) {
    const float *before = c + (size_t)row * p->result_row;
    if (panel.first > 0 && is_whole) {
      UNROLLED for (int v = 0; v < vectors; v++) {
        sums[row][v] = ((const VECTOR *)before)[v];
      }
    } else if (panel.first > 0) {
      memcpy(sums[row], before, size);
    }
  }
  const float *b = panel.numbers;
  a += panel.first * p->first_inner;
  for (size_t k = 0; k < panel.count; k++) {
    UNROLLED for (int row = 0; row < rows; row++) {
      float first = a[(size_t)row * p->first_row];
      UNROLLED for (int v = 0; v < vectors; v++) {
        sums[row][v] += first * ((const VECTOR *)b)[v];
      }
    }
    a += p->first_inner;
    b += panel.step;
  }
  UNROLLED for (int row = 0; row < rows; row++) {
    float *result = c + (size_t)row * p->result_row;
    if (is_whole) {
      UNROLLED for (int v = 0; v < vectors; v++) {
        ((VECTOR *)result)[v] = sums[row][v];
      }
    } else {
      memcpy(result, sums[row], size);
    }
  }
}

/// Copies a part of the second matrix: inner index by inner index, zeros behind the
/// columns.
INLINE void KERNEL(copy_panel)(const bbb_product *p, KERNEL(panel) panel,
                               const float *b, float *copy) {
  if (panel.columns < panel.step) {
    memset(copy, 0, panel.count * panel.step * sizeof *copy);
  }
  for (size_t column = 0; column < panel.columns; column++) {
    for (size_t k = 0; k < panel.count; k++) {
      copy[k * panel.step + column] =
          b[(panel.first + k) * p->second_inner + column * p->second_column];
    }
  }
}

/// All rows of `vectors` vectors of columns.
INLINE void KERNEL(panel_on_example)(const bbb_product *p, int vectors,
                                     size_t columns, const float *a,
                                     const float *b, float *c) {
  float copy[KERNEL(panel_inner) * KERNEL(panel_columns) * KERNEL_LANES];
  const size_t width = (size_t)vectors * KERNEL_LANES;
  const int is_copied = columns < width || p->second_column != 1;
  const size_t most = is_copied ? KERNEL(panel_inner) : p->inner_count;
  // Once even if there is nothing to add up.
  size_t first = 0;
  do {
    size_t left = p->inner_count - first;
    KERNEL(panel) panel = {b + first * p->second_inner, p->second_inner, first,
                           left < most ? left : most, columns};
    if (is_copied) {
      panel.numbers = copy;
      panel.step = width;
      KERNEL(copy_panel)(p, panel, b, copy);
    }
    size_t row = 0;
    for (; row + KERNEL(block_rows) <= p->row_count;
         row += KERNEL(block_rows)) {
      KERNEL(block_on_panel)(p, panel, KERNEL(block_rows), vectors,
                             a + row * p->first_row, c + row * p->result_row);
    }
    for (; row < p->row_count; row++) {
      KERNEL(block_on_panel)(p, panel, 1, vectors, a + row * p->first_row,
                             c + row * p->result_row);
    }
    first += most;
  } while (first < p->inner_count);
}

static void KERNEL(multiply)(const bbb_product *p, size_t width,
                             const float *first, const float *second,
                             float *result) {
  for (size_t batch = 0; batch < p->batch_count; batch++) {
    const float *a = first + p->firsts[3 * batch] * width;
    const float *b = second + p->firsts[3 * batch + 1] * width;
    float *c = result + p->firsts[3 * batch + 2] * width;
    if (width > 1) {
      size_t row = 0;
      for (; row + KERNEL(block_rows) <= p->row_count;
           row += KERNEL(block_rows)) {
        KERNEL(rows_on_tile)(p, width, KERNEL(block_rows),
                             a + row * p->first_row * width, b,
                             c + row * p->result_row * width);
      }
      for (; row < p->row_count; row++) {
        KERNEL(rows_on_tile)(p, width, 1, a + row * p->first_row * width, b,
                             c + row * p->result_row * width);
      }
      continue;
    }
    for (size_t column = 0; column < p->column_count;) {
      size_t left = p->column_count - column;
      const float *part = b + column * p->second_column;
      if (left > KERNEL_LANES) {
        size_t most = KERNEL(panel_columns) * KERNEL_LANES;
        size_t columns = left < most ? left : most;
        KERNEL(panel_on_example)(p, KERNEL(panel_columns), columns, a, part,
                                 c + column);
        column += columns;
      } else {
        KERNEL(panel_on_example)(p, 1, left, a, part, c + column);
        column += left;
      }
    }
  }
}

#undef VECTOR
#undef INLINE
#undef UNROLLED
