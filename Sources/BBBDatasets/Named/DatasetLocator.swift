#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where datasets are looked for.
///
/// A folder holds a dataset's files directly, or folders named after datasets.
public struct DatasetLocator: Sendable {
  /// The folders, in the order in which they are searched.
  public let folders: [String]
  private let explicitFolder: String?

  /// Searches `explicitFolder`, then `$BBBPRUNE_DATA`, then the folder `bbbprune` of the user's caches.
  ///
  /// The caches are in `$XDG_CACHE_HOME` or `~/.cache`, on Apple platforms in `~/Library/Caches`.
  ///
  /// - Parameters:
  ///   - explicitFolder: The folder the user named on the command line, if any.
  ///   - environment: The environment variables.
  public init(
    explicitFolder: String?,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.explicitFolder = explicitFolder
    let candidates = [
      explicitFolder, environment["BBBPRUNE_DATA"],
      Self.cacheFolder(environment: environment).map { $0 + "/bbbprune" },
    ]
    folders = candidates.compactMap { $0 }.filter { !$0.isEmpty }
  }

  private static func cacheFolder(environment: [String: String]) -> String? {
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    #if canImport(Darwin)
      return home.map { $0 + "/Library/Caches" }
    #else
      // The XDG specification has relative paths ignored.
      if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache }
      return home.map { $0 + "/.cache" }
    #endif
  }

  /// The paths of the files that make up a dataset, all in one folder.
  ///
  /// - Parameters:
  ///   - spellings: For each file the names it goes by; the first is the one to show.
  ///   - dataset: The name of the dataset, and of its folder.
  /// - Returns: One path for each file.
  /// - Throws: ``DatasetError`` if no folder has them all; it lists where they were looked for.
  func paths(
    ofFilesSpelled spellings: [[String]], of dataset: String
  ) throws(DatasetError) -> [String] {
    try paths(ofAnyOf: [spellings], of: dataset).paths
  }

  /// The paths of the files that make up a dataset in one of the forms it is kept in, all in one folder.
  ///
  /// - Parameters:
  ///   - forms: For each form and each of its files the names that it goes by; the first is the one to show.
  ///   - dataset: The name of the dataset, and of its folder.
  /// - Returns: The number of the form, and one path for each of its files.
  /// - Throws: ``DatasetError`` if no folder has all files of a form; it lists where they were looked for.
  func paths(
    ofAnyOf forms: [[[String]]], of dataset: String
  ) throws(DatasetError) -> (form: Int, paths: [String]) {
    if let explicitFolder, !FileManager.default.fileExists(atPath: explicitFolder + "/.") {
      throw DatasetError(
        .notFound, path: explicitFolder,
        "there is no such folder, or it cannot be read; give --data the folder that holds the dataset's files"
      )
    }
    for folder in folders.flatMap({ [$0, $0 + "/" + dataset] }) {
      for (form, spellings) in forms.enumerated() {
        let paths = spellings.compactMap { names in
          names.lazy.map { folder + "/" + $0 }.first(where: Self.isFile)
        }
        if paths.count == spellings.count { return (form, paths) }
      }
    }
    let files = forms.map { spellings in
      let mayBeGzipped = spellings.contains { $0.contains { $0.hasSuffix(".gz") } }
      return spellings.compactMap(\.first).joined(separator: " and ")
        + (mayBeGzipped ? " (plain or .gz)" : "")
    }
    let isOne = forms.allSatisfy { $0.count == 1 }
    let places = folders.isEmpty ? "any folder" : folders.joined(separator: ", ")
    throw DatasetError(
      .notFound, path: dataset,
      "the \(isOne ? "file" : "files") \(files.joined(separator: ", or "))"
        + " \(isOne ? "is" : "are") not in \(places), nor in a folder"
        + " \(dataset) there; get them with 'bbbprune data \(dataset)', or name the folder"
        + " that holds them with --data DIR or the environment variable BBBPRUNE_DATA")
  }

  /// Whether a path names something that exists and is not a folder: some archives unpack into
  /// folders that are named after their files.
  static func isFile(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
      && !FileManager.default.fileExists(atPath: path + "/.")
  }
}
