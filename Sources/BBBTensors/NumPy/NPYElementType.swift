/// The element type and byte order that a NumPy type string such as `<f4` stands for.
struct NPYElementType: Equatable {
  let elementType: ElementType
  let isBigEndian: Bool

  /// Why a type string is refused.
  enum Failure: Error, Equatable {
    case object
    case invalid
  }

  /// Parses a type string: byte order, kind, size.
  ///
  /// - Parameter description: The value of `descr`.
  /// - Throws: `Failure` if the type is unknown, or is of Python objects.
  init(_ description: String) throws(Failure) {
    var rest = Substring(description)
    switch rest.first {
    case "<":
      isBigEndian = false
      rest.removeFirst()
    case ">":
      isBigEndian = true
      rest.removeFirst()
    case "=", "|":
      isBigEndian = TensorStorage.isHostBigEndian
      rest.removeFirst()
    default: isBigEndian = TensorStorage.isHostBigEndian
    }
    guard let kind = rest.popFirst() else { throw .invalid }
    guard kind != "O" else { throw .object }
    // Times carry their unit in brackets.
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let unit = rest.dropFirst(digits.count)
    guard let size = Int(digits), size <= 1 << 40,
      unit.isEmpty || ("mM".contains(kind) && unit.hasPrefix("[") && unit.hasSuffix("]"))
    else { throw .invalid }
    switch (kind, size) {
    case ("f", 8): elementType = .float64
    case ("f", 4): elementType = .float32
    case ("f", 2): elementType = .float16
    case ("b", 1): elementType = .boolean
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8):
      elementType = .other(name: "U\(size * 8)", bitCount: size * 8)
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8):
      elementType = .other(name: "I\(size * 8)", bitCount: size * 8)
    case ("c", 8), ("c", 16): elementType = .other(name: "C\(size * 8)", bitCount: size * 8)
    case ("U", _): elementType = .other(name: description, bitCount: size * 32)
    case ("f", 12), ("f", 16), ("c", 24), ("c", 32), ("S", _), ("V", _), ("m", 8), ("M", 8):
      elementType = .other(name: description, bitCount: size * 8)
    default: throw .invalid
    }
  }

  /// The type string that a type is written as, little-endian; nil if NumPy has none.
  ///
  /// - Parameter elementType: The type in memory; BF16 has no type string.
  /// - Returns: Such as `<f4`.
  static func description(of elementType: ElementType) -> String? {
    switch elementType {
    case .float64: return "<f8"
    case .float32: return "<f4"
    case .float16: return "<f2"
    case .bfloat16: return nil
    case .boolean: return "|b1"
    case .other(let name, let bitCount):
      let known = ["U8", "U16", "U32", "U64", "I8", "I16", "I32", "I64", "C64", "C128"]
      guard known.contains(name) else { return nil }
      return (bitCount == 8 ? "|" : "<") + name.prefix(1).lowercased() + String(bitCount / 8)
    }
  }
}
