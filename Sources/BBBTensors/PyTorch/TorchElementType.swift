extension ElementType {
  /// Storage classes of the module `torch`, without `Storage`, and the types they hold.
  private static let torchStorages: [String: ElementType] = [
    "Double": .float64, "Float": .float32, "Half": .float16, "BFloat16": .bfloat16,
    "Long": .other(name: "I64", bitCount: 64), "Int": .other(name: "I32", bitCount: 32),
    "Short": .other(name: "I16", bitCount: 16), "Char": .other(name: "I8", bitCount: 8),
    "Byte": .uint8, "Bool": .boolean, "ComplexFloat": .other(name: "C64", bitCount: 64),
    "ComplexDouble": .other(name: "C128", bitCount: 128),
    "QUInt8": .other(name: "quint8", bitCount: 8), "QInt8": .other(name: "qint8", bitCount: 8),
    "QInt32": .other(name: "qint32", bitCount: 32),
    "QUInt4x2": .other(name: "quint4x2", bitCount: 8),
    "QUInt2x4": .other(name: "quint2x4", bitCount: 8), "Untyped": .uint8,
  ]

  /// Types by the names they have in the module `torch`.
  private static let torchTypes: [String: ElementType] = [
    "float64": .float64, "double": .float64, "float32": .float32, "float": .float32,
    "float16": .float16, "half": .float16, "bfloat16": .bfloat16, "uint8": .uint8,
    "bool": .boolean, "int8": .other(name: "I8", bitCount: 8),
    "int16": .other(name: "I16", bitCount: 16), "int32": .other(name: "I32", bitCount: 32),
    "int64": .other(name: "I64", bitCount: 64), "uint16": .other(name: "U16", bitCount: 16),
    "uint32": .other(name: "U32", bitCount: 32), "uint64": .other(name: "U64", bitCount: 64),
    "complex32": .other(name: "C32", bitCount: 32), "complex64": .other(name: "C64", bitCount: 64),
    "complex128": .other(name: "C128", bitCount: 128),
    "float8_e4m3fn": .other(name: "F8_E4M3", bitCount: 8),
    "float8_e5m2": .other(name: "F8_E5M2", bitCount: 8),
    "float8_e4m3fnuz": .other(name: "F8_E4M3FNUZ", bitCount: 8),
    "float8_e5m2fnuz": .other(name: "F8_E5M2FNUZ", bitCount: 8),
    "float8_e8m0fnu": .other(name: "F8_E8M0", bitCount: 8),
    "float4_e2m1fn_x2": .other(name: "float4_e2m1fn_x2", bitCount: 8),
  ]

  /// The type that a storage class holds; nil if the global is none.
  ///
  /// - Parameter value: A value such as the global `torch.FloatStorage`.
  init?(torchStorage value: PickleValue) {
    guard case .global(let module, let name) = value,
      ["torch", "torch.cuda", "torch.storage"].contains(module), name.hasSuffix("Storage"),
      let type = Self.torchStorages[String(name.dropLast(7).drop { $0 == "_" })]
    else { return nil }
    self = type
  }

  /// The type that a `torch.dtype` stands for; nil if the global is none.
  ///
  /// - Parameter value: A value such as the global `torch.float32`.
  init?(torchType value: PickleValue) {
    guard case .global("torch", let name) = value, let type = Self.torchTypes[name] else {
      return nil
    }
    self = type
  }
}
