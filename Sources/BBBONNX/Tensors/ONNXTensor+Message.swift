import BBBTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ONNXTensor {
  /// Checks what a message says of a tensor.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - name: What to call the tensor.
  ///   - rawData: The bytes that were left out of the message, and the file that they are a part of.
  ///   - externalData: The files beside the model.
  /// - Throws: ``ONNXError`` if shape, type and elements do not fit each other.
  init(
    _ message: Onnx_TensorProto, name: String, rawData: (data: Data, file: MappedFile?)? = nil,
    externalData: inout ExternalData
  ) throws(ONNXError) {
    let elementType = try ONNXElementType(code: message.dataType, of: "tensor \"\(name)\"")
    let (shape, count) = try Self.shape(message.dims, name: name)
    guard
      let byteCount = TensorShape.byteCount(of: count, bitCount: elementType.tensorType.bitCount)
    else { throw Self.damaged(name, "has more elements than can be counted") }
    guard !message.hasSegment else {
      throw ONNXError(
        .unsupported,
        "tensor \"\(name)\" is one segment of a larger one; save the model in one piece")
    }
    let content: Content
    if message.dataLocation == .external {
      guard rawData == nil, !message.hasRawData, message.fieldCounts.allSatisfy({ $0 == 0 }) else {
        throw Self.damaged(name, "has its elements both in the file and beside it")
      }
      let (data, file) = try externalData.bytes(of: message, byteCount: byteCount)
      content = .bytes(data, file)
    } else if rawData != nil || message.hasRawData {
      let data = rawData?.data ?? message.rawData
      guard data.count == byteCount, message.fieldCounts.allSatisfy({ $0 == 0 }) else {
        throw Self.damaged(
          name, "has \(data.count) bytes, where its shape \(shapeText(shape)) takes \(byteCount)")
      }
      content = .bytes(data, rawData?.file)
    } else {
      let fieldCount = message.fieldCount(of: elementType)
      guard fieldCount == count, message.fieldCounts.reduce(0, +) == count else {
        throw Self.damaged(
          name,
          "has \(fieldCount) elements of its type, where its shape \(shapeText(shape)) takes \(count)"
        )
      }
      content = .fields(message)
    }
    self.init(name: name, elementType: elementType, shape: shape, count: count, content: content)
  }

  /// A shape as it is written, and the number of its elements.
  static func shape(
    _ dimensions: [Int64], name: String
  ) throws(ONNXError) -> (shape: [Int], count: Int) {
    let shape = dimensions.compactMap { Int(exactly: $0) }
    guard shape.count == dimensions.count, shape.count <= TensorShape.dimensionLimit,
      let count = TensorShape.elementCount(of: shape)
    else {
      throw damaged(
        name, "has the impossible shape \(shapeText(shape.prefix(TensorShape.dimensionLimit) + []))"
      )
    }
    return (shape, count)
  }

  static func damaged(_ name: String, _ what: String) -> ONNXError {
    ONNXError(.malformed, "tensor \"\(name)\" \(what); the file is damaged, export it again")
  }
}

extension Onnx_TensorProto {
  /// The numbers of elements in the fields for the various types.
  fileprivate var fieldCounts: [Int] {
    [
      floatData.count, int32Data.count, int64Data.count, doubleData.count, uint64Data.count,
      stringData.count,
    ]
  }

  /// The number of elements in the field that is for a type.
  fileprivate func fieldCount(of type: ONNXElementType) -> Int {
    switch type {
    case .float32: floatData.count
    case .float64: doubleData.count
    case .int64: int64Data.count
    case .uint32, .uint64: uint64Data.count
    case .float16, .bfloat16, .uint8, .int8, .uint16, .int16, .int32, .boolean: int32Data.count
    }
  }

  /// The elements of the field that is for a type, as `raw_data` would have them.
  ///
  /// - Throws: ``ONNXError`` if an element is beyond its type.
  func elementBytes(as type: ONNXElementType) throws(ONNXError) -> Data {
    switch type {
    case .float32: return floatData.littleEndianBytes { $0.bitPattern }
    case .float64: return doubleData.littleEndianBytes { $0.bitPattern }
    case .int64: return int64Data.littleEndianBytes { $0 }
    case .uint64: return uint64Data.littleEndianBytes { $0 }
    case .uint32: return try narrowed(uint64Data, UInt32.self)
    case .int32: return int32Data.littleEndianBytes { $0 }
    // Halves are their bits, in the lower half of the integer.
    case .float16, .bfloat16, .uint16: return try narrowed(int32Data, UInt16.self)
    case .int16: return try narrowed(int32Data, Int16.self)
    case .uint8, .boolean: return try narrowed(int32Data, UInt8.self)
    case .int8: return try narrowed(int32Data, Int8.self)
    }
  }

  private func narrowed<Wide: FixedWidthInteger, Narrow: FixedWidthInteger>(
    _ elements: [Wide], _ type: Narrow.Type
  ) throws(ONNXError) -> Data {
    let narrow = elements.compactMap { Narrow(exactly: $0) }
    guard narrow.count == elements.count else {
      throw ONNXTensor.damaged(name, "has an element beyond its type")
    }
    return narrow.littleEndianBytes { $0 }
  }
}

extension Array {
  fileprivate func littleEndianBytes<Bits: FixedWidthInteger>(_ bits: (Element) -> Bits) -> Data {
    map { bits($0).littleEndian }.withUnsafeBytes { Data($0) }
  }
}
