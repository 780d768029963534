#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of named tensors, opened: what it holds is known, the numbers themselves are not yet read.
public struct TensorFile: Sendable {
  /// The formats that can be read.
  public enum Format: String, Sendable {
    /// Hugging Face's safetensors, in one file or in several with an index.
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
  /// The tensors in file order (pickle: dictionary order; several safetensors files: as one file would
  /// hold them); their names are unique.
  public private(set) var tensors: [Tensor]
  /// The `__metadata__` of a safetensors file, or of all that an index names, with the strings of the
  /// index's own `metadata`; empty for other formats.
  public let metadata: [String: String]
  /// The integers, floating-point numbers and truth values found in a PyTorch file's dictionaries and
  /// lists, by path, such as `optimizer/param_groups/0/ess`.
  public let scalars: [String: Double]
  /// The tensors of kinds that are not read, such as quantised ones, in file order.
  public let unreadTensors: [UnreadTensor]
  /// The objects of classes that are not known here found beside the tensors of a PyTorch file, by path.
  public let objects: [String: PickledObject]
  /// The size of the file in bytes, of an index that of the files it names; 0 for one made in memory.
  public let byteCount: Int
  /// The part of a checkpoint that the file is by its name; nil for a whole one.
  public let shard: Shard?
  /// What the user should know though the file could be read, one sentence each.
  public let warnings: [String]

  private var indices: [String: Int]

  /// Opens a file and checks everything but the numbers in it.
  ///
  /// The file is mapped into memory: opening reads its headers only. The index of a checkpoint in
  /// several safetensors files, such as `model.safetensors.index.json`, opens all of them, as if they
  /// were one.
  ///
  /// - Parameter path: The file; its name does not matter, only its content.
  /// - Throws: ``TensorFileError`` that says what is wrong and what to do.
  public init(contentsOf path: String) throws(TensorFileError) {
    var files: [MappedFile] = []
    func open(_ path: String) throws(TensorFileError) -> Data {
      let file = try MappedFile(at: path)
      files.append(file)
      return file.data
    }
    try self.init(data: try open(path), path: path, open: open)
    tensors = tensors.map { tensor in files.reduce(tensor) { $0.located(in: $1) } }
  }

  /// The paths of the files that an index names: they are read with it.
  ///
  /// - Parameter path: Any file.
  /// - Returns: The shards beside it; none if it is no index that can be read.
  public static func shardPaths(ofIndex path: String) -> [String] {
    guard let data = try? MappedFile.data(at: path),
      case .safetensorsIndex? = try? FileSignature(data, path: path),
      let index = try? SafetensorsIndex(data, path: path)
    else { return [] }
    return index.shards.map(index.path(of:))
  }

  /// Reads a file that is at hand.
  ///
  /// - Parameters:
  ///   - data: Its content.
  ///   - path: What messages call it.
  ///   - open: Gives the content of the files that an index names.
  /// - Throws: ``TensorFileError`` that says what is wrong and what to do.
  init(
    data: Data, path: String,
    open: (String) throws(TensorFileError) -> Data = MappedFile.data(at:)
  ) throws(TensorFileError) {
    switch try FileSignature(data, path: path) {
    case .safetensors:
      let (tensors, metadata) = try SafetensorsReader.read(data, path: path)
      try self.init(
        .safetensors, path: path, byteCount: data.count, tensors: tensors, metadata: metadata,
        shard: Shard(path: path))
    case .safetensorsIndex:
      let whole = try ShardedSafetensors(SafetensorsIndex(data, path: path), open: open)
      try self.init(
        .safetensors, path: path, byteCount: whole.byteCount, tensors: whole.tensors,
        metadata: whole.metadata, warnings: whole.warnings)
    case .npy:
      try self.init(
        .npy, path: path, byteCount: data.count, tensors: [NPYReader.read(data, path: path)])
    case .zip:
      let archive = try ZipArchive(data, path: path)
      if let root = try PyTorchArchive.root(of: archive) {
        let content = try PyTorchArchive.read(archive, root: root)
        try self.init(
          .pytorch, path: path, byteCount: data.count, tensors: content.tensors,
          scalars: content.scalars, unreadTensors: content.unreadTensors, objects: content.objects)
      } else {
        let content = try NPZReader.read(archive)
        try self.init(
          .npz, path: path, byteCount: data.count, tensors: content.tensors,
          unreadTensors: content.unreadTensors)
      }
    case .legacyPyTorch:
      let content = try LegacyPyTorchReader.read(data, path: path)
      try self.init(
        .pytorch, path: path, byteCount: data.count, tensors: content.tensors,
        scalars: content.scalars, unreadTensors: content.unreadTensors, objects: content.objects)
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
  ///   - unreadTensors: Its tensors of kinds that are not read.
  ///   - objects: Its objects of unknown classes.
  public init(
    path: String, format: Format, tensors: [Tensor], metadata: [String: String] = [:],
    scalars: [String: Double] = [:], unreadTensors: [UnreadTensor] = [],
    objects: [String: PickledObject] = [:]
  ) {
    self.path = path
    self.format = format
    self.tensors = tensors
    self.metadata = metadata
    self.scalars = scalars
    self.unreadTensors = unreadTensors
    self.objects = objects
    byteCount = 0
    shard = nil
    warnings = []
    indices = Dictionary(
      zip(tensors.map(\.name), tensors.indices),
      uniquingKeysWith: { first, _ in
        preconditionFailure("two tensors are named \"\(tensors[first].name)\"")
      })
  }

  private init(
    _ format: Format, path: String, byteCount: Int, tensors: [Tensor],
    metadata: [String: String] = [:], scalars: [String: Double] = [:],
    unreadTensors: [UnreadTensor] = [], objects: [String: PickledObject] = [:],
    shard: Shard? = nil, warnings: [String] = []
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
    self.unreadTensors = unreadTensors
    self.objects = objects
    self.byteCount = byteCount
    self.shard = shard
    self.warnings = warnings
    self.indices = indices
  }

  /// The place of a name among the tensors, or nil.
  ///
  /// - Parameter name: The name in the file.
  /// - Returns: The index in ``tensors``.
  package func position(of name: String) -> Int? { indices[name] }

  /// The file with other tensors in place of its own, with unique names.
  ///
  /// - Parameter tensors: The tensors.
  /// - Returns: The file, otherwise as it was.
  package func replacing(_ tensors: [Tensor]) -> TensorFile {
    var file = self
    file.tensors = tensors
    file.indices = Dictionary(
      zip(tensors.map(\.name), tensors.indices),
      uniquingKeysWith: { first, _ in
        preconditionFailure("two tensors are named \"\(tensors[first].name)\"")
      })
    return file
  }

  /// The tensor of a name, or nil.
  ///
  /// - Parameter name: The name in the file.
  public subscript(name: String) -> Tensor? { indices[name].map { tensors[$0] } }
}
