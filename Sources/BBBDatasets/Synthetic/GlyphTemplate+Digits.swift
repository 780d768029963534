extension GlyphTemplate {
  /// The ways in which each digit is written, by digit.
  static let digits: [[GlyphTemplate]] = [
    zeros, ones, twos, threes, fours, fives, sixes, sevens, eights, nines,
  ]

  private static let zeros = [
    // Closed at the top.
    GlyphTemplate([
      [[(36, 0), (9, 20), (2, 55), (13, 89), (34, 100), (56, 86), (66, 48), (57, 13), (36, 0)]]
    ]),
    // The end runs past the beginning.
    GlyphTemplate([
      [
        [
          (54, 12), (30, 2), (8, 28), (3, 64), (18, 95), (42, 97), (61, 70), (62, 35), (46, 8),
          (26, 3),
        ]
      ]
    ]),
    // Narrow, closed at the right.
    GlyphTemplate([
      [[(44, 16), (26, 0), (8, 28), (6, 70), (22, 100), (41, 78), (45, 44), (44, 16)]]
    ]),
  ]

  private static let ones = [
    // A bar.
    GlyphTemplate([[[(10, 0), (9, 50), (10, 100)]]]),
    // With an upstroke.
    GlyphTemplate([[[(0, 26), (10, 16), (22, 0)], [(21, 50), (22, 100)]]]),
    // With an upstroke and a foot.
    GlyphTemplate([[[(2, 22), (22, 0)], [(22, 100)]], [[(0, 100), (44, 99)]]]),
  ]

  private static let twos = [
    // A straight foot.
    GlyphTemplate([
      [[(4, 22), (16, 4), (38, 1), (54, 18), (46, 44), (24, 72), (2, 98)], [(60, 96)]]
    ]),
    // A loop at the foot.
    GlyphTemplate([
      [
        [
          (4, 20), (20, 2), (44, 4), (54, 24), (42, 54), (20, 86), (6, 94), (2, 82), (16, 78),
          (36, 92),
          (64, 94),
        ]
      ]
    ]),
    // A wave as foot.
    GlyphTemplate([
      [[(6, 16), (28, 0), (52, 14), (48, 40), (22, 74), (4, 98)], [(28, 90), (46, 98), (66, 90)]]
    ]),
  ]

  private static let threes = [
    // Round.
    GlyphTemplate([
      [
        [(6, 12), (26, 0), (50, 10), (46, 34), (22, 46)], [(50, 56), (57, 80), (34, 100), (4, 88)],
      ]
    ]),
    // A flat top.
    GlyphTemplate([
      [[(4, 4), (54, 3)], [(24, 40)], [(52, 52), (57, 80), (32, 100), (4, 90)]]
    ]),
    // A small loop in the middle.
    GlyphTemplate([
      [
        [
          (8, 10), (30, 0), (50, 14), (40, 40), (24, 50), (18, 42), (30, 42), (52, 56), (54, 82),
          (32, 100), (4, 88),
        ]
      ]
    ]),
  ]

  private static let fours = [
    // Open.
    GlyphTemplate([
      [[(12, 2), (9, 28), (2, 56)], [(30, 58), (62, 52)]], [[(52, 0), (48, 54), (44, 100)]],
    ]),
    // Closed.
    GlyphTemplate([[[(46, 0), (2, 64)], [(66, 62)]], [[(46, 2), (45, 100)]]]),
    // A round bowl.
    GlyphTemplate([
      [[(6, 4), (3, 34), (16, 54), (46, 44)]], [[(56, 2), (50, 48), (44, 100)]],
    ]),
    // Without lifting the pen.
    GlyphTemplate([
      [[(20, 0), (12, 30), (4, 54)], [(34, 54), (54, 40)], [(48, 100)]]
    ]),
  ]

  private static let fives = [
    // The bar last.
    GlyphTemplate([
      [[(12, 4), (8, 42)], [(30, 36), (54, 52), (52, 84), (28, 100), (2, 90)]],
      [[(12, 4), (58, 1)]],
    ]),
    // Without lifting the pen.
    GlyphTemplate([
      [[(56, 3), (14, 5)], [(8, 46)], [(32, 38), (56, 58), (48, 90), (22, 100), (0, 88)]]
    ]),
    // Round, like an S.
    GlyphTemplate([
      [[(58, 6), (34, 1), (14, 14), (20, 40), (46, 54), (54, 78), (36, 98), (4, 92)]]
    ]),
  ]

  private static let sixes = [
    // A bent stem.
    GlyphTemplate([
      [[(48, 2), (22, 22), (5, 58), (11, 90), (34, 99), (52, 82), (46, 60), (26, 56), (8, 74)]]
    ]),
    // A straight stem.
    GlyphTemplate([
      [[(34, 0), (12, 40), (4, 74), (20, 100), (46, 92), (50, 68), (30, 56), (8, 72)]]
    ]),
    // A hook on top and a small loop.
    GlyphTemplate([
      [
        [
          (52, 10), (34, 0), (12, 26), (3, 66), (16, 96), (42, 96), (53, 76), (40, 56), (18, 62),
          (6, 82),
        ]
      ]
    ]),
  ]

  private static let sevens = [
    // Plain.
    GlyphTemplate([[[(2, 6), (28, 5), (57, 3)], [(40, 44), (26, 100)]]]),
    // With a bar.
    GlyphTemplate([[[(2, 8), (28, 4), (60, 4)], [(38, 48), (24, 100)]], [[(14, 54), (54, 48)]]]),
    // With a serif.
    GlyphTemplate([[[(2, 22), (5, 4)], [(32, 7), (58, 2)], [(36, 48), (30, 100)]]]),
    // A round turn.
    GlyphTemplate([[[(0, 12), (20, 4), (48, 2), (54, 16), (38, 52), (30, 100)]]]),
  ]

  private static let eights = [
    // Begun like an S.
    GlyphTemplate([
      [
        [
          (52, 14), (30, 0), (8, 16), (20, 40), (46, 58), (54, 82), (30, 100), (6, 84), (14, 60),
          (42, 40), (53, 14),
        ]
      ]
    ]),
    // Two circles.
    GlyphTemplate([
      [[(30, 0), (10, 14), (13, 36), (30, 46), (48, 36), (50, 14), (30, 0)]],
      [[(30, 46), (6, 62), (8, 90), (30, 100), (53, 90), (54, 62), (30, 46)]],
    ]),
    // Open at the top.
    GlyphTemplate([
      [
        [
          (40, 6), (18, 2), (6, 20), (24, 42), (48, 62), (46, 92), (22, 100), (6, 80), (24, 54),
          (46, 30), (56, 2),
        ]
      ]
    ]),
  ]

  private static let nines = [
    // A straight stem.
    GlyphTemplate([
      [
        [(52, 14), (30, 0), (8, 16), (8, 40), (28, 52), (48, 38), (54, 10)], [(50, 56), (44, 100)],
      ]
    ]),
    // A round stem.
    GlyphTemplate([
      [
        [
          (52, 18), (34, 2), (10, 12), (6, 36), (24, 50), (46, 38), (54, 12), (54, 56), (40, 92),
          (10, 96),
        ]
      ]
    ]),
    // A small head and a slanting stem.
    GlyphTemplate([
      [[(50, 20), (30, 2), (8, 20), (18, 44), (42, 36), (52, 8)], [(42, 56), (30, 100)]]
    ]),
  ]
}
