/// The binary version of CIFAR-10: for each image the byte of its label, then 32×32 bytes of red, of green and of blue.
struct CIFARBatches {
  /// The size of a label and its image.
  static let exampleByteCount = 1 + imageByteCount
  private static let imageByteCount = 3 * 32 * 32
  private static let classCount = 10

  private let paths: [String]
  private var images: [UInt8] = []
  private var labels: [Int] = []

  /// Reads files, one behind the other.
  ///
  /// - Parameter paths: The files, at least one.
  /// - Throws: ``DatasetError`` if one cannot be read or is no such file.
  init(contentsOf paths: [String]) throws(DatasetError) {
    self.paths = paths
    for path in paths {
      let content = try fileContent(path)
      guard !content.isEmpty, content.count.isMultiple(of: Self.exampleByteCount) else {
        throw DatasetError(
          .malformed, path: path,
          "has \(content.count) bytes, which are not images of CIFAR-10's binary version (\(Self.exampleByteCount) bytes each);"
            + " download it again")
      }
      for start in stride(from: 0, to: content.count, by: Self.exampleByteCount) {
        let label = Int(content[start])
        guard label < Self.classCount else {
          throw DatasetError(
            .malformed, path: path,
            "the label of image \(start / Self.exampleByteCount) is \(label), but CIFAR-10 has \(Self.classCount) classes;"
              + " download the file again")
        }
        labels.append(label)
        images += content[(start + 1)..<(start + Self.exampleByteCount)]
      }
    }
  }

  /// The images, channels first, and their labels.
  ///
  /// - Parameter name: What reports call them.
  /// - Returns: The examples.
  /// - Throws: ``DatasetError``, of which there is no cause left.
  func dataset(name: String) throws(DatasetError) -> Dataset {
    try Dataset(
      name: name, inputs: .bytes(images), exampleShape: [3, 32, 32], labels: labels,
      inputsPath: paths[0], labelsPath: paths[0], files: paths)
  }
}
