extension Dataset {
  /// Reads examples and their labels or targets from two files, each IDX (gzipped or not), NPY or CSV.
  ///
  /// - Parameters:
  ///   - imagesPath: Numbers of rank 2 or more: the number of examples, then the
  ///     extents of one; beside numbers also of rank 1.
  ///   - labelsPath: The class of each example, integers (or floats that are whole) of rank 1; or numbers, of rank 1
  ///     if there is one for each example, else of rank 2.
  ///   - kind: Whether they are classes or numbers.
  ///   - labelColumns: The columns of a table that are labels or targets; all of the labels' file by default.
  ///   - name: What reports call the dataset; the path of the images by default.
  /// - Throws: ``DatasetError`` if a file cannot be read, is malformed, or does not fit the other.
  public init(
    imagesPath: String, labelsPath: String, targets kind: TargetKind = .classes,
    labelColumns: [String] = [], name: String? = nil
  ) throws(DatasetError) {
    try self.init(
      images: try ArrayFile(contentsOf: imagesPath),
      targets: try ArrayFile(contentsOf: labelsPath, columns: labelColumns), as: kind,
      name: name ?? imagesPath)
  }

  init(
    images: ArrayFile, targets: ArrayFile, as kind: TargetKind, name: String
  ) throws(DatasetError) {
    // A curve's places are no images that a column of labels could be taken for.
    try images.requireRank((kind == .classes ? 2 : 1)..., role: "images")
    let inputs = try images.inputs()
    // Some libraries save labels as a column.
    let isColumn = targets.shape.count == 2 && (kind == .numbers || targets.shape[1] == 1)
    if !isColumn { try targets.requireRank(1...1, role: kind == .classes ? "labels" : "targets") }
    guard images.shape[0] == targets.shape[0] else {
      let noun = kind == .classes ? "labels" : "targets"
      throw DatasetError(
        .mismatched, path: targets.path,
        "holds \(targets.shape[0]) \(noun), but \(images.path) holds \(images.shape[0]) images;"
          + " give the files of the same set")
    }
    try self.init(
      name: name, inputs: inputs,
      exampleShape: images.shape.count == 1 ? [1] : Array(images.shape.dropFirst()),
      targets: try Targets(targets, kind), inputsPath: images.path, targetsPath: targets.path,
      files: images.file == targets.file ? [images.file] : [images.file, targets.file])
  }
}

extension Dataset.Targets {
  /// Reads targets of a kind; the array's first extent is the number of examples.
  fileprivate init(_ array: ArrayFile, _ kind: Dataset.TargetKind) throws(DatasetError) {
    switch kind {
    case .classes: self = .classes(try array.classes())
    case .numbers:
      self = .numbers(try array.floats(), perExample: array.shape.dropFirst().reduce(1, *))
    }
  }
}

extension ArrayFile {
  /// The numbers as classes: integers, or floats that are whole, as losses of one output want them.
  fileprivate func classes() throws(DatasetError) -> [Int] {
    guard isFloatingPoint else { return try integers() }
    let numbers = try floats()
    // Beyond, single precision skips whole numbers.
    guard let index = numbers.firstIndex(where: { !($0.magnitude <= 0x1p24 && $0 == $0.rounded()) })
    else { return numbers.map { Int($0) } }
    throw DatasetError(
      .unsupported, path: path,
      "holds real numbers where classes are expected (number \(index) is \(numbers[index])); save "
        + "classes as integers, counted from 0, or say '--output numbers' of a network that predicts "
        + "such numbers ('--likelihood gaussian:DEVIATION' in 'bbbprune train')")
  }

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
