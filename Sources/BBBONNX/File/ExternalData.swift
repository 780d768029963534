import BBBTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files beside a model that hold elements of its tensors, each opened once.
struct ExternalData {
  private let modelPath: String
  private var files: [String: MappedFile] = [:]

  /// Looks up files beside a model.
  ///
  /// - Parameter modelPath: The path of the model; empty for one in memory, which has none beside it.
  init(besides modelPath: String) { self.modelPath = modelPath }

  /// The bytes that a tensor says are its elements, mapped.
  ///
  /// - Parameters:
  ///   - tensor: The tensor.
  ///   - byteCount: The bytes that its elements take.
  /// - Returns: As many bytes, and the file that they are a part of.
  /// - Throws: ``ONNXError`` if the tensor names a file elsewhere, or bytes that the file has not.
  mutating func bytes(
    of tensor: Onnx_TensorProto, byteCount: Int
  ) throws(ONNXError) -> (data: Data, file: MappedFile) {
    let place = "the external data of tensor \"\(tensor.name)\""
    let entries = Dictionary(
      tensor.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    guard let location = entries["location"], Self.isBesideModel(location) else {
      throw ONNXError(
        .malformed,
        "\(place) is at \"\(entries["location"] ?? "")\", which is not the name of a file beside the "
          + "model; save the model again with its data beside it")
    }
    guard let offset = Self.number(entries["offset"], default: 0),
      let length = Self.number(entries["length"], default: byteCount), length == byteCount
    else {
      throw ONNXError(
        .malformed,
        "\(place) has an offset or a length that does not fit its shape, which takes \(byteCount) "
          + "bytes; save the model again")
    }
    let file = try file(at: location, place: place)
    guard offset <= file.data.count, length <= file.data.count - offset else {
      throw ONNXError(
        .malformed,
        "\(place) reaches beyond the \(file.data.count) bytes of \"\(location)\"; copy both files "
          + "again, or save the model again")
    }
    return (file.data.slice(offset..<offset + length), file)
  }

  private mutating func file(at location: String, place: String) throws(ONNXError) -> MappedFile {
    if let file = files[location] { return file }
    guard !modelPath.isEmpty else {
      throw ONNXError(
        .unsupported,
        "\(place) is in \"\(location)\", but the model is in memory; read it from a file")
    }
    let folderEnd = modelPath.utf8.lastIndex(of: UInt8(ascii: "/")).map(
      modelPath.utf8.index(after:))
    let path = modelPath[..<(folderEnd ?? modelPath.startIndex)] + location
    do throws(TensorFileError) {
      let file = try MappedFile(at: String(path))
      files[location] = file
      return file
    } catch {
      throw ONNXError(
        .inaccessible,
        "\(place) is in \"\(location)\", which \(error.message); put the file beside the model")
    }
  }

  /// Whether a location can only mean a file in the folder of the model, or in a folder of that.
  ///
  /// Links are followed: caches of downloaded models consist of them.
  private static func isBesideModel(_ location: String) -> Bool {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    return !location.isEmpty && parts.allSatisfy { !$0.isEmpty && $0 != ".." }
      && location.unicodeScalars.allSatisfy {
        $0 != "\\" && $0 != ":" && $0.properties.generalCategory != .control
      }
  }

  private static func number(_ text: String?, default number: Int) -> Int? {
    guard let text else { return number }
    return Int(text).flatMap { $0 >= 0 ? $0 : nil }
  }
}
