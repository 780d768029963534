import Foundation

/// A folder of pictures, in order: those of the first class folder, of the second, and so on.
struct ImageFolder {
  /// The folder, as the user named it.
  let path: String
  /// The files, as paths.
  private(set) var files: [String] = []
  /// The class of each file; none if the folder has no classes.
  private(set) var labels: [Int] = []
  /// The names of the folders that are classes, in order.
  let classes: [String]

  /// What is read.
  private static let endings = ["png", "jpg", "jpeg"]
  /// What torchvision would read as well; left out, the results would be others.
  private static let otherEndings = ["webp", "bmp", "ppm", "pgm", "tif", "tiff"]
  /// Deeper folders are a circle of links.
  private static let largestDepth = 32

  /// Lists pictures and their classes: each folder is a class, numbered by their names' order, as torchvision's
  /// `ImageFolder` does it.
  ///
  /// - Parameter path: The folder.
  /// - Throws: ``DatasetError`` if it cannot be read, or has no folders of pictures.
  init(classesIn path: String) throws(DatasetError) {
    self.path = path
    let entries = try Self.entries(of: path)
    classes = entries.filter { Self.isFolder(path + "/" + $0) }
    guard !classes.isEmpty else {
      throw DatasetError(
        .unsupported, path: path,
        "holds no folders, one for each class with its pictures in it; move the pictures there")
    }
    for (label, name) in classes.enumerated() {
      let found = try Self.pictures(in: path + "/" + name)
      files += found
      labels += Array(repeating: label, count: found.count)
    }
    try checkIsNotEmpty()
  }

  /// Lists pictures without classes, those in folders within it too.
  ///
  /// - Parameter path: The folder.
  /// - Throws: ``DatasetError`` if it cannot be read, or has no pictures.
  init(picturesIn path: String) throws(DatasetError) {
    self.path = path
    classes = []
    files = try Self.pictures(in: path)
    try checkIsNotEmpty()
  }

  private func checkIsNotEmpty() throws(DatasetError) {
    guard files.isEmpty else { return }
    throw DatasetError(
      .unsupported, path: path, "holds no pictures (.png, .jpg or .jpeg); give the folder of those")
  }

  /// Whether a path names a folder.
  static func isFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/.")
  }

  /// The pictures in a folder and in folders within it; in the order of their folders, then of their names.
  private static func pictures(in folder: String) throws(DatasetError) -> [String] {
    var found: [(folder: String, names: [String])] = []
    try collect(folder, depth: 0, into: &found)
    return found.sorted { precedes($0.folder, $1.folder) }
      .flatMap { folder, names in names.map { folder + "/" + $0 } }
  }

  private static func collect(
    _ folder: String, depth: Int, into found: inout [(folder: String, names: [String])]
  ) throws(DatasetError) {
    guard depth < largestDepth else {
      throw DatasetError(
        .unsupported, path: folder,
        "lies \(depth) folders deep; remove links that lead back to a folder around them")
    }
    var names: [String] = []
    for name in try entries(of: folder) {
      if isFolder(folder + "/" + name) {
        try collect(folder + "/" + name, depth: depth + 1, into: &found)
        continue
      }
      let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
      if endings.contains(ending) { names.append(name) }
      if otherEndings.contains(ending) {
        throw DatasetError(
          .unsupported, path: folder + "/" + name,
          "is a picture of a kind that is not read; save it as PNG, or remove it")
      }
    }
    found.append((folder, names))
  }

  /// The names in a folder, in order; hidden ones are left out.
  private static func entries(of folder: String) throws(DatasetError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { !$0.hasPrefix(".") }.sorted(by: precedes)
    } catch {
      throw DatasetError(
        .inaccessible, path: folder, "cannot be read; check that the folder exists and is readable")
    }
  }

  /// Python's order of text: by code points.
  private static func precedes(_ first: String, _ second: String) -> Bool {
    first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
  }
}
