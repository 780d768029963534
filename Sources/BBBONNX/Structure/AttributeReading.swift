#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ONNXAttribute {
  /// Reads an attribute.
  ///
  /// - Parameters:
  ///   - message: The attribute, which is neither a graph nor a reference to one of a function.
  ///   - place: Which node has it, for messages.
  ///   - externalData: The files beside the model.
  /// - Throws: ``ONNXError`` if it is of a type that is not read, or says more than one.
  init(
    _ message: Onnx_AttributeProto, of place: String, externalData: inout ExternalData
  ) throws(ONNXError) {
    func damaged(_ what: String) -> ONNXError {
      ONNXError(
        .malformed,
        "\(place) has an attribute \"\(message.name)\" \(what); the file is damaged, export it again"
      )
    }
    switch message.type {
    case .int: self = .integer(try Self.integer(message.i, orThrow: damaged))
    case .float: self = .real(message.f)
    case .string:
      guard let text = String(bytes: message.s, encoding: .utf8) else {
        throw damaged("that is no text")
      }
      self = .text(text)
    case .ints:
      var integers: [Int] = []
      for integer in message.ints {
        integers.append(try Self.integer(integer, orThrow: damaged))
      }
      self = .integers(integers)
    case .floats: self = .reals(message.floats)
    case .strings:
      self = .texts(message.strings.map { String(decoding: $0, as: UTF8.self) })
    case .tensor:
      self = .tensor(
        try ONNXTensor(
          message.t, name: message.t.name.isEmpty ? message.name : message.t.name,
          externalData: &externalData))
    case .sparseTensor:
      let name = message.sparseTensor.values.name
      self = .tensor(
        try SparseInitializer.tensor(
          message.sparseTensor, name: name.isEmpty ? message.name : name,
          externalData: &externalData))
    case .undefined: throw damaged("without a type")
    case .graph, .graphs, .tensors, .sparseTensors, .typeProto, .typeProtos:
      throw ONNXError(
        .unsupported,
        "\(place) has an attribute \"\(message.name)\" of type \(message.type), which is not read; "
          + "export the network with constants folded, or without what needs it")
    }
  }

  private static func integer(
    _ value: Int64, orThrow error: (String) -> ONNXError
  ) throws(ONNXError) -> Int {
    guard let integer = Int(exactly: value) else { throw error("that is too large") }
    return integer
  }
}
