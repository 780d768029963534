import BBBTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Dataset {
  /// Reads examples and their labels or targets, given one file.
  ///
  /// The file is either an archive of arrays (NPZ) that holds both, as `x` and `y`, `images` and
  /// `labels`, `inputs` and `targets` or `data` and `labels`, or as the like with `_train` or `_test`
  /// behind; a table (CSV), of which one column holds the labels, or some the targets; or an IDX file of images, such as
  /// `train-images-idx3-ubyte.gz`, with that of the labels, `train-labels-idx1-ubyte`, beside it (plain or `.gz`).
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - split: Which examples to take from an archive that holds those of both splits.
  ///   - kind: Whether classes or numbers belong to the inputs; an IDX file has classes.
  ///   - labelColumns: The columns of a table that hold the labels or targets; the last one by default.
  ///   - name: What reports call the dataset; the path by default.
  /// - Throws: ``DatasetError`` if the file cannot be read, is malformed, or the labels are not found.
  public init(
    examplesPath path: String, split: Split, targets kind: TargetKind = .classes,
    labelColumns: [String] = [], name: String? = nil
  ) throws(DatasetError) {
    if case .idx = ArrayFileKind(ofFile: path) {
      guard kind == .classes else {
        throw DatasetError(
          .unsupported, path: path,
          "is an IDX file, whose labels are classes; give inputs and real-valued targets in one NPZ or CSV "
            + "file")
      }
      try ArrayFile.requireNoColumns(labelColumns, path)
      try self.init(
        imagesPath: path, labelsPath: try Self.labelsPath(besideImages: path), name: name)
    } else {
      let arrays = try ExampleArrays(
        contentsOf: path, split: split, answerColumns: labelColumns)
      try self.init(
        images: arrays.inputs, targets: arrays.answers, as: kind, name: name ?? path)
    }
  }

  private static func labelsPath(besideImages path: String) throws(DatasetError) -> String {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    var name = String(path[slash...])
    guard let images = name.range(of: "images", options: .backwards) else {
      throw DatasetError(
        .notFound, path: path,
        "its name does not tell where its labels are; name the files …-images-idx3-ubyte and"
          + " …-labels-idx1-ubyte, or save inputs and labels in one NPZ file")
    }
    name.replaceSubrange(images, with: "labels")
    if let kind = name.range(of: "idx3", options: .backwards) {
      name.replaceSubrange(kind, with: "idx1")
    }
    if name.hasSuffix(".gz") { name.removeLast(3) }
    let labels = path[..<slash] + name
    let candidates = [labels, labels + ".gz"].map(String.init)
    guard let found = candidates.first(where: DatasetLocator.isFile) else {
      throw DatasetError(
        .notFound, path: path,
        "the labels of these images are not beside them as \(name) (plain or .gz); copy them there")
    }
    return found
  }
}
