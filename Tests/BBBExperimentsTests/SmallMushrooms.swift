import BBBDatasets
import Foundation
import TestSupport

/// Tables of the form of the repository's, made for a test.
enum SmallMushrooms {
  /// A file's content: the fifth attribute decides, `n` is edible and `f` is not; three others are
  /// random, and the rest is the same for all.
  static func text(count: Int = 60, seed: UInt64 = 1) -> String {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let isEdible = number.isMultiple(of: 2)
      var attributes = [String](repeating: "w", count: MushroomTable.attributeCount)
      for place in [0, 9, 21] {
        attributes[place] = ["a", "b", "?"].randomElement(using: &generator) ?? "a"
      }
      attributes[4] = isEdible ? "n" : "f"
      return ([isEdible ? "e" : "p"] + attributes).joined(separator: ",")
    }.joined(separator: "\n")
  }

  /// The table.
  static func table(count: Int = 60, seed: UInt64 = 1) throws -> MushroomTable {
    try MushroomTable([UInt8](text(count: count, seed: seed).utf8), path: "small.data")
  }
}
