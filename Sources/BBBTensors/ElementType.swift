/// The type of a tensor's elements, as its file declares it.
public enum ElementType: Hashable, Sendable {
  /// IEEE 754 binary64.
  case float64
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary16.
  case float16
  /// The upper half of an IEEE 754 binary32.
  case bfloat16
  /// Anything else, under the name its file gives it, with its size in bits: listed, never decoded.
  case other(name: String, bitCount: Int)

  /// An unsigned byte, as masks and pixels are stored.
  public static let uint8 = ElementType.other(name: "U8", bitCount: 8)

  /// A truth value in one byte.
  static let boolean = ElementType.other(name: "BOOL", bitCount: 8)

  /// The size of one element in bits.
  public var bitCount: Int {
    switch self {
    case .float64: 64
    case .float32: 32
    case .float16, .bfloat16: 16
    case .other(_, let bitCount): bitCount
    }
  }

  /// Whether elements of this type can be read as real numbers, and so be part of a posterior.
  public var isFloatingPoint: Bool {
    if case .other = self { false } else { true }
  }

  /// Whether an element is one number, whose bytes are reversed as a whole in the other byte order;
  /// complex numbers and strings are not.
  var isSingleWord: Bool { isFloatingPoint || ["I64", "U64"].contains(description) }
}

extension ElementType: CustomStringConvertible {
  /// The name that safetensors uses, such as `F32`.
  public var description: String {
    switch self {
    case .float64: "F64"
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .other(let name, _): name
    }
  }
}
