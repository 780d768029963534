#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of named tensors, opened: what it holds is known, the numbers themselves are not yet read.
public struct TensorFile: Sendable {
  /// The formats that can be read.
  public enum Format: String, Sendable {
    /// Hugging Face's safetensors.
    case safetensors
    /// One NumPy array.
    case npy
    /// A zip archive of NumPy arrays.
    case npz
    /// A PyTorch checkpoint, as a zip archive or in the layout used before version 1.6.
    case pytorch
  }

  /// The path, as the user gave it.
  public let path: String
  /// The format, found from the content.
  public let format: Format
  /// The tensors in file order (pickle: dictionary order); their names are unique.
  public private(set) var tensors: [Tensor]
  /// The `__metadata__` of a safetensors file; empty for other formats.
  public let metadata: [String: String]
  /// The integers, floating-point numbers and truth values found in a PyTorch file's dictionaries and
  /// lists, by path, such as `optimizer/param_groups/0/ess`.
  public let scalars: [String: Double]
  /// The size of the file in bytes; 0 for one made in memory.
  public let byteCount: Int

  private let indices: [String: Int]

  /// Opens a file and checks everything but the numbers in it.
  ///
  /// The file is mapped into memory: opening reads its headers only.
  ///
  /// - Parameter path: The file; its name does not matter, only its content.
  /// - Throws: ``TensorFileError`` that says what is wrong and what to do.
  public init(contentsOf path: String) throws(TensorFileError) {
    let file = try MappedFile(at: path)
    try self.init(data: file.data, path: path)
    tensors = tensors.map { $0.located(in: file) }
  }

  init(data: Data, path: String) throws(TensorFileError) {
    switch try FileSignature(data, path: path) {
    case .safetensors:
      let (tensors, metadata) = try SafetensorsReader.read(data, path: path)
      try self.init(.safetensors, data, path: path, tensors: tensors, metadata: metadata)
    case .npy:
      try self.init(.npy, data, path: path, tensors: [NPYReader.read(data, path: path)])
    case .zip:
      let archive = try ZipArchive(data, path: path)
      if let root = try PyTorchArchive.root(of: archive) {
        let content = try PyTorchArchive.read(archive, root: root)
        try self.init(
          .pytorch, data, path: path, tensors: content.tensors, scalars: content.scalars)
      } else {
        try self.init(.npz, data, path: path, tensors: NPZReader.read(archive))
      }
    case .legacyPyTorch:
      let content = try LegacyPyTorchReader.read(data, path: path)
      try self.init(
        .pytorch, data, path: path, tensors: content.tensors, scalars: content.scalars)
    }
  }

  /// Creates a file in memory, for code that works on opened files.
  ///
  /// - Parameters:
  ///   - path: What messages call the file.
  ///   - format: The format it claims.
  ///   - tensors: Its tensors, with unique names.
  ///   - metadata: Its metadata.
  ///   - scalars: Its scalars.
  public init(
    path: String, format: Format, tensors: [Tensor], metadata: [String: String] = [:],
    scalars: [String: Double] = [:]
  ) {
    self.path = path
    self.format = format
    self.tensors = tensors
    self.metadata = metadata
    self.scalars = scalars
    byteCount = 0
    indices = Dictionary(
      zip(tensors.map(\.name), tensors.indices),
      uniquingKeysWith: { first, _ in
        preconditionFailure("two tensors are named \"\(tensors[first].name)\"")
      })
  }

  private init(
    _ format: Format, _ data: Data, path: String, tensors: [Tensor],
    metadata: [String: String] = [:], scalars: [String: Double] = [:]
  ) throws(TensorFileError) {
    var indices: [String: Int] = [:]
    indices.reserveCapacity(tensors.count)
    for (index, tensor) in tensors.enumerated() {
      guard indices.updateValue(index, forKey: tensor.name) == nil else {
        throw TensorFileError(
          .malformed, path: path,
          "two tensors are named \"\(tensor.name)\"; rename one of them and save the file again")
      }
    }
    self.path = path
    self.format = format
    self.tensors = tensors
    self.metadata = metadata
    self.scalars = scalars
    self.indices = indices
    byteCount = data.count
  }

  /// The tensor of a name, or nil.
  ///
  /// - Parameter name: The name in the file.
  public subscript(name: String) -> Tensor? { indices[name].map { tensors[$0] } }
}
