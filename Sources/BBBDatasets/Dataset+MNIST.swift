extension Dataset {
  /// Reads the MNIST database of handwritten digits, or a database with the same file names.
  ///
  /// Source: LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to document
  /// recognition*, Proceedings of the IEEE 86 (1998).
  ///
  /// - Parameters:
  ///   - split: The 60,000 digits for training or the 10,000 for testing.
  ///   - locator: Where to look for the files.
  /// - Returns: The digits, 28×28 bytes each, with labels from 0 to 9.
  /// - Throws: ``DatasetError`` if the files are not found or not well formed.
  public static func mnist(
    _ split: Split, locator: DatasetLocator
  ) throws(DatasetError) -> Dataset {
    let files =
      switch split {
      case .train: [MNISTFiles.trainImages, MNISTFiles.trainLabels]
      case .test: [MNISTFiles.testImages, MNISTFiles.testLabels]
      }
    let paths = try locator.paths(
      ofFilesSpelled: files.map(\.spellings), of: DatasetName.mnist.rawValue)
    return try Dataset(
      imagesPath: paths[0], labelsPath: paths[1], name: DatasetName.mnist.rawValue)
  }
}
