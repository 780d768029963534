import BBBTensors
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An ONNX file: its messages, and its bytes for the weights that the messages leave out.
package struct ONNXFile: Sendable {
  /// The versions of the format that are read.
  private static let formatVersions: ClosedRange<Int64> = 3...10
  /// The versions of the operators that are read.
  private static let operatorSetVersions: ClosedRange<Int64> = 11...23

  /// The path, as the user named it; empty for bytes in memory.
  package let path: String
  /// The bytes.
  package let data: Data
  /// The file that is mapped; `nil` for bytes in memory.
  let mapped: MappedFile?
  /// The messages, without the elements of large initializers, and with the fields that are not read.
  let model: Onnx_ModelProto
  /// Where in the bytes the elements of large initializers are, by the initializers' positions.
  package let rawData: [Int: Range<Int>]
  /// The version of the operators of the standard domain.
  let operatorSetVersion: Int

  /// Opens a file.
  ///
  /// - Parameter path: The path.
  /// - Throws: ``ONNXError`` if it cannot be read, is no ONNX file, or is of a version that is not read.
  init(contentsOf path: String) throws(ONNXError) {
    let mapped: MappedFile
    do throws(TensorFileError) {
      mapped = try MappedFile(at: path)
    } catch {
      throw ONNXError(error)
    }
    try self.init(mapped.data, mapped: mapped, path: path)
  }

  /// Reads a file that is in memory.
  init(data: Data) throws(ONNXError) {
    try self.init(data, mapped: nil, path: "")
  }

  private init(_ data: Data, mapped: MappedFile?, path: String) throws(ONNXError) {
    self.path = path
    self.data = data
    self.mapped = mapped
    let weightless = WeightlessModel(data)
    do {
      model = try Onnx_ModelProto(serializedBytes: weightless.bytes)
    } catch {
      throw ONNXError(
        .malformed, path: path,
        "is not an ONNX file, or a damaged one; give a file that an exporter wrote, such as "
          + "model.onnx")
    }
    rawData = weightless.rawData
    guard model.hasGraph, model.hasIrVersion else {
      throw ONNXError(
        .malformed, path: path,
        "holds no graph, so it is not an ONNX model; give a file that an exporter wrote, such as "
          + "model.onnx")
    }
    guard Self.formatVersions.contains(model.irVersion) else {
      throw ONNXError(
        .unsupported, path: path,
        "is of version \(model.irVersion) of the format, where 3 to 10 are read; set model.ir_version = "
          + "10 with Python's onnx package and save it, or export it again")
    }
    operatorSetVersion = try Self.operatorSetVersion(of: model.opsetImport, path: path)
  }

  private static func operatorSetVersion(
    of imports: [Onnx_OperatorSetIdProto], path: String
  ) throws(ONNXError) -> Int {
    let versions = Set(imports.filter { $0.domain.isStandardDomain }.map(\.version))
    guard let version = versions.first, versions.count == 1 else {
      throw ONNXError(
        .malformed, path: path,
        "names \(versions.isEmpty ? "no" : "more than one") version of the standard operators "
          + "(opset_import); export it again")
    }
    guard operatorSetVersions.contains(version) else {
      throw ONNXError(
        .unsupported, path: path,
        "uses version \(version) of the operators (opset), where 11 to 23 are read; export it again, "
          + "with opset_version=20")
    }
    return Int(version)
  }
}

extension String {
  /// Whether this is one of the two names of the domain of ONNX's own operators.
  var isStandardDomain: Bool { isEmpty || self == "ai.onnx" }
}
