// Standard normal numbers from a counter: number i of a stream is a function of
// the key and i alone, so that a draw can be made again instead of stored, by
// any thread, in any order.
//
// Uniform words: Threefry4x32 with 13 rounds (Salmon, Moraes, Dror and Shaw,
// "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Normals: Box-Muller.

// Word k of counter c is number 128 * (c / 32) + 32 * k + c % 32: the same for
// any width of vectors.

enum { KERNEL(vectors) = BBB_NOISE_BLOCK / KERNEL_LANES };

#define THREEFRY_ROUND(a, b, c, d, first, second)                              \
  a += b;                                                                      \
  b = (b << first) | (b >> (32 - first));                                      \
  b ^= a;                                                                      \
  c += d;                                                                      \
  d = (d << second) | (d >> (32 - second));                                    \
  d ^= c;

#define THREEFRY_INJECT(number)                                                \
  x0 += keys[(number) % 5];                                                    \
  x1 += keys[((number) + 1) % 5];                                              \
  x2 += keys[((number) + 2) % 5];                                              \
  x3 += keys[((number) + 3) % 5] + (number);

/// The four words of consecutive counters, from `first_counter` on.
INLINE void KERNEL(random_words)(const bbb_noise_key *key,
                                 uint32_t first_counter, WORDS words[4]) {
  uint32_t keys[5] = {(uint32_t)key->seed, (uint32_t)(key->seed >> 32),
                      key->stream, key->draw, 0};
  keys[4] = 0x1bd11bda ^ keys[0] ^ keys[1] ^ keys[2] ^ keys[3];
  WORDS x0;
  for (uint32_t lane = 0; lane < KERNEL_LANES; lane++) {
    x0[lane] = first_counter + lane;
  }
  x0 += keys[0];
  WORDS x1 = (WORDS){} + key->step + keys[1];
  WORDS x2 = (WORDS){} + keys[2];
  WORDS x3 = (WORDS){} + keys[3];
  THREEFRY_ROUND(x0, x1, x2, x3, 10, 26)
  THREEFRY_ROUND(x0, x3, x2, x1, 11, 21)
  THREEFRY_ROUND(x0, x1, x2, x3, 13, 27)
  THREEFRY_ROUND(x0, x3, x2, x1, 23, 5)
  THREEFRY_INJECT(1)
  THREEFRY_ROUND(x0, x1, x2, x3, 6, 20)
  THREEFRY_ROUND(x0, x3, x2, x1, 17, 11)
  THREEFRY_ROUND(x0, x1, x2, x3, 25, 10)
  THREEFRY_ROUND(x0, x3, x2, x1, 18, 20)
  THREEFRY_INJECT(2)
  THREEFRY_ROUND(x0, x1, x2, x3, 10, 26)
  THREEFRY_ROUND(x0, x3, x2, x1, 11, 21)
  THREEFRY_ROUND(x0, x1, x2, x3, 13, 27)
  THREEFRY_ROUND(x0, x3, x2, x1, 23, 5)
  THREEFRY_INJECT(3)
  THREEFRY_ROUND(x0, x1, x2, x3, 6, 20)
  words[0] = x0;
  words[1] = x1;
  words[2] = x2;
  words[3] = x3;
}

/// A uniform number above 0, at most 1, from 31 bits.
INLINE FLOATS KERNEL(uniform)(WORDS word) {
  return __builtin_convertvector((INTS)((word >> 1) | 1), FLOATS) * 0x1p-31f;
}

/// The standard normals number 128 * `block` ..< 128 * (`block` + 1) of a
/// stream.
INLINE void KERNEL(standard_normals)(const bbb_noise_key *key, size_t block,
                                     FLOATS normals[KERNEL(vectors)]) {
  // A group of counters fills one vector in each quarter of the block.
  enum { groups = KERNEL(vectors) / 4 };
  for (int group = 0; group < groups; group++) {
    WORDS words[4];
    KERNEL(random_words)
    (key,
     (uint32_t)(block * (BBB_NOISE_BLOCK / 4)) +
         (uint32_t)(group * KERNEL_LANES),
     words);
    for (int quarter = 0; quarter < 4; quarter += 2) {
      FLOATS uniform = KERNEL(uniform)(words[quarter]);
      FLOATS radius =
          __builtin_elementwise_sqrt(-2.0f * KERNEL(logarithm)(uniform));
      FLOATS turns =
          __builtin_convertvector((INTS)words[quarter + 1], FLOATS) * 0x1p-32f;
      FLOATS sine, cosine;
      KERNEL(sine_and_cosine_of_turns)(turns, &sine, &cosine);
      normals[quarter * groups + group] = radius * cosine;
      normals[(quarter + 1) * groups + group] = radius * sine;
    }
  }
}
