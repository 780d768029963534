extension ElementType {
  /// The types of the safetensors format, in its own order: by alignment, ascending.
  static let safetensorsTypes: [ElementType] = [
    .boolean, .other(name: "F4", bitCount: 4), .other(name: "F6_E2M3", bitCount: 6),
    .other(name: "F6_E3M2", bitCount: 6), .uint8, .other(name: "I8", bitCount: 8),
    .other(name: "F8_E5M2", bitCount: 8), .other(name: "F8_E4M3", bitCount: 8),
    .other(name: "F8_E8M0", bitCount: 8), .other(name: "F8_E4M3FNUZ", bitCount: 8),
    .other(name: "F8_E5M2FNUZ", bitCount: 8), .other(name: "I16", bitCount: 16),
    .other(name: "U16", bitCount: 16), .float16, .bfloat16, .other(name: "I32", bitCount: 32),
    .other(name: "U32", bitCount: 32), .float32, .other(name: "C64", bitCount: 64), .float64,
    .other(name: "I64", bitCount: 64), .other(name: "U64", bitCount: 64),
  ]

  /// The rank of each type by its name in the format.
  static let safetensorsRanks = Dictionary(
    uniqueKeysWithValues: zip(safetensorsTypes.map(\.description), safetensorsTypes.indices))

  /// The type of a name in the safetensors format; nil if the format has none.
  ///
  /// - Parameter safetensorsName: Such as `F32`.
  init?(safetensorsName: String) {
    guard let rank = Self.safetensorsRanks[safetensorsName] else { return nil }
    self = Self.safetensorsTypes[rank]
  }
}
