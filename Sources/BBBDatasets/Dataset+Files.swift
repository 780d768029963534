extension Dataset {
  /// Reads examples and their labels from two files, each IDX (gzipped or not) or NPY.
  ///
  /// - Parameters:
  ///   - imagesPath: Unsigned bytes or floats of rank 2 or more: the number of examples, then the
  ///     extents of one.
  ///   - labelsPath: Integers of rank 1: the class of each example.
  ///   - name: What reports call the dataset; the path of the images by default.
  /// - Throws: ``DatasetError`` if a file cannot be read, is malformed, or does not fit the other.
  public init(
    imagesPath: String, labelsPath: String, name: String? = nil
  ) throws(DatasetError) {
    let images = try ArrayFile(contentsOf: imagesPath)
    try images.requireRank(2..., role: "images")
    let inputs = try images.inputs()
    let labels = try ArrayFile(contentsOf: labelsPath)
    try labels.requireRank(1...1, role: "labels")
    guard images.shape[0] == labels.shape[0] else {
      throw DatasetError(
        .mismatched, path: labelsPath,
        "holds \(labels.shape[0]) labels, but \(imagesPath) holds \(images.shape[0]) images;"
          + " give the files of the same set")
    }
    try self.init(
      name: name ?? imagesPath, inputs: inputs,
      exampleShape: Array(images.shape.dropFirst()), labels: try labels.integers(),
      inputsPath: imagesPath, labelsPath: labelsPath)
  }
}

extension ArrayFile {
  fileprivate func requireRank(
    _ rank: some RangeExpression<Int>, role: String
  ) throws(DatasetError) {
    guard rank.contains(shape.count) else {
      throw DatasetError(
        .unsupported, path: path,
        "holds an array of rank \(shape.count), which are not \(role);"
          + " give the file of the \(role), and give images and labels in the right order")
    }
  }
}
