extension Dataset {
  /// Reads a named dataset from its files.
  ///
  /// - Parameters:
  ///   - name: The dataset; not one that is built in.
  ///   - split: Its examples for training or those for testing.
  ///   - locator: Where to look for the files.
  /// - Returns: The examples.
  /// - Throws: ``DatasetError`` if the files are not found, not well formed, or those of another dataset.
  static func stored(
    _ name: DatasetName, _ split: Split, _ locator: DatasetLocator
  ) throws(DatasetError) -> Dataset {
    let forms = name.storedForms(split)
    let (form, paths) = try locator.paths(ofAnyOf: forms.map(\.spellings), of: name.rawValue)
    let dataset: Dataset
    switch forms[form] {
    case .idx:
      try name.checkIsNotMNIST(labels: paths[1], split)
      dataset = try Dataset(imagesPath: paths[0], labelsPath: paths[1], name: name.rawValue)
    case .cifar: dataset = try CIFARBatches(contentsOf: paths).dataset(name: name.rawValue)
    case .arrays:
      dataset = try Dataset(examplesPath: paths[0], split: split, name: name.rawValue)
    }
    // Others than MNIST have their names for files of one size only.
    guard name == .mnist || dataset.inputCount == name.pixelCount else {
      throw DatasetError(
        .mismatched, path: paths[0],
        "holds examples of \(dataset.inputCount) numbers, which are not those of \(name.rawValue) (\(name.pixelCount));"
          + " name the folder of its files with --data DIR, or give the file as --images FILE")
    }
    return dataset
  }

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
    try stored(.mnist, split, locator)
  }
}

extension DatasetName {
  /// Refuses MNIST's own files where those of another dataset have the same names.
  fileprivate func checkIsNotMNIST(
    labels path: String, _ split: Dataset.Split
  ) throws(DatasetError) {
    guard self != .mnist, MNISTFiles.files(split).labels.isIntact(at: path) else { return }
    throw DatasetError(
      .mismatched, path: path,
      "is a file of MNIST, not of \(rawValue), whose files have the same names; give --data the folder of those"
    )
  }
}
