import BBBTensors

/// The type of a value's elements; the numbers are those of the format.
public enum ONNXElementType: Int32, Sendable {
  /// IEEE 754 binary32.
  case float32 = 1
  /// Bytes.
  case uint8 = 2
  /// Signed bytes.
  case int8 = 3
  /// Unsigned integers of 16 bits.
  case uint16 = 4
  /// Integers of 16 bits.
  case int16 = 5
  /// Integers of 32 bits.
  case int32 = 6
  /// Integers of 64 bits, as shapes are.
  case int64 = 7
  /// Truth values.
  case boolean = 9
  /// IEEE 754 binary16.
  case float16 = 10
  /// IEEE 754 binary64.
  case float64 = 11
  /// Unsigned integers of 32 bits.
  case uint32 = 12
  /// Unsigned integers of 64 bits.
  case uint64 = 13
  /// The upper half of an IEEE 754 binary32.
  case bfloat16 = 16

  private static let refusedTypes: [Int32: String] = [
    8: "strings", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1",
    24: "float8e8m0", 25: "uint2", 26: "int2",
  ]

  /// The type that a number in a file means.
  ///
  /// - Parameters:
  ///   - code: The number.
  ///   - place: What has the type, for the message.
  /// - Throws: ``ONNXError`` if elements of the type are not read.
  init(code: Int32, of place: @autoclosure () -> String) throws(ONNXError) {
    guard let type = ONNXElementType(rawValue: code) else {
      throw ONNXError(
        .unsupported,
        "\(place()) has elements of type \(Self.refusedTypes[code] ?? "number \(code)"), which are not "
          + "read; export the network in float32")
    }
    self = type
  }

  /// Whether elements are real numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }

  /// The type that files of tensors name so.
  var tensorType: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .uint8: .uint8
    case .int8: .other(name: "I8", bitCount: 8)
    case .boolean: .other(name: "BOOL", bitCount: 8)
    case .uint16: .other(name: "U16", bitCount: 16)
    case .int16: .other(name: "I16", bitCount: 16)
    case .uint32: .other(name: "U32", bitCount: 32)
    case .int32: .other(name: "I32", bitCount: 32)
    case .uint64: .other(name: "U64", bitCount: 64)
    case .int64: .other(name: "I64", bitCount: 64)
    }
  }

  /// The integers that elements can be; `nil` for real numbers.
  ///
  /// Those of `uint64` beyond `Int64` are left out: no shape or index has them.
  var integerRange: ClosedRange<Int>? {
    switch self {
    case .uint8: 0...Int(UInt8.max)
    case .int8: Int(Int8.min)...Int(Int8.max)
    case .uint16: 0...Int(UInt16.max)
    case .int16: Int(Int16.min)...Int(Int16.max)
    case .uint32: 0...Int(UInt32.max)
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .uint64: 0...Int.max
    case .int64: Int.min...Int.max
    case .boolean: 0...1
    case .float32, .float64, .float16, .bfloat16: nil
    }
  }
}

extension ONNXElementType: CustomStringConvertible {
  /// The name, such as `float32`.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .boolean: "bool"
    case .float16: "float16"
    case .float64: "float64"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .bfloat16: "bfloat16"
    }
  }
}
