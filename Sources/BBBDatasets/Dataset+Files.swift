extension Dataset {
  /// Reads examples and their labels from two files, each IDX (gzipped or not), NPY or CSV.
  ///
  /// - Parameters:
  ///   - imagesPath: Numbers of rank 2 or more: the number of examples, then the extents of one.
  ///   - labelsPath: Integers of rank 1: the class of each example.
  ///   - labelColumns: The columns of a table that are labels; all of the labels' file by default.
  ///   - name: What reports call the dataset; the path of the images by default.
  /// - Throws: ``DatasetError`` if a file cannot be read, is malformed, or does not fit the other.
  public init(
    imagesPath: String, labelsPath: String, labelColumns: [String] = [], name: String? = nil
  ) throws(DatasetError) {
    try self.init(
      images: try ArrayFile(contentsOf: imagesPath),
      labels: try ArrayFile(contentsOf: labelsPath, columns: labelColumns),
      name: name ?? imagesPath)
  }

  init(images: ArrayFile, labels: ArrayFile, name: String) throws(DatasetError) {
    try images.requireRank(2..., role: "images")
    let inputs = try images.inputs()
    guard !labels.isFloatingPoint else {
      throw DatasetError(
        .unsupported, path: labels.path,
        "holds real numbers where classes are expected; save classes as integers, counted from 0"
          + " (real-valued targets are for 'bbbprune train --likelihood gaussian:DEVIATION')")
    }
    // Some libraries save labels as a column.
    if !(labels.shape.count == 2 && labels.shape[1] == 1) {
      try labels.requireRank(1...1, role: "labels")
    }
    guard images.shape[0] == labels.shape[0] else {
      throw DatasetError(
        .mismatched, path: labels.path,
        "holds \(labels.shape[0]) labels, but \(images.path) holds \(images.shape[0]) images;"
          + " give the files of the same set")
    }
    try self.init(
      name: name, inputs: inputs, exampleShape: Array(images.shape.dropFirst()),
      labels: try labels.integers(), inputsPath: images.path, labelsPath: labels.path,
      files: images.file == labels.file ? [images.file] : [images.file, labels.file])
  }
}

extension ArrayFile {
  func requireRank(
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
