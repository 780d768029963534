import ArgumentParser
import BBBDatasets
import Foundation

/// `bbbprune data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Downloads a dataset and checks it.",
    discussion: """
      Files that are there and right stay; an interrupted download goes on where it ended. Every file \
      is checked by the SHA-256 of its content.

      Examples:
        bbbprune data mnist
        bbbprune data mnist --data datasets
        bbbprune data cifar10
      """)

  /// What can be asked for.
  enum Name: String, CaseIterable, ExpressibleByArgument {
    case mnist
    case fashionMNIST = "fashion-mnist"
    case cifar10
    case mushroom
    case syntheticDigits = "synthetic-digits"

    /// How its files are fetched; `nil` if it needs none.
    fileprivate func download(
      _ locator: DatasetLocator, _ mirrors: [URL]
    ) throws(DatasetError) -> DatasetDownload? {
      switch self {
      case .mnist: try .mnist(locator: locator, mirrors: mirrors)
      case .fashionMNIST: try .fashionMNIST(locator: locator, mirrors: mirrors)
      case .cifar10: try .cifar10(locator: locator, mirrors: mirrors)
      case .mushroom: try .mushroom(locator: locator, mirrors: mirrors)
      case .syntheticDigits: nil
      }
    }
  }

  @Argument(help: "The dataset.")
  var dataset: Name

  @Option(
    help: ArgumentHelp(
      "Where datasets are: the files go to a folder there that has the dataset's name. "
        + "Default: $BBBPRUNE_DATA, else the cache folder.",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Fetch from this address instead, where the files are under their usual names, MNIST's "
        + "gzipped. Several are tried in turn.",
      valueName: "address"))
  var mirror: [String] = []

  @OptionGroup var json: JSONOption

  private struct Summary: Encodable {
    struct File: Encodable {
      var name: String
      var outcome: String
    }

    var dataset: String
    var folder: String
    var files: [File]
  }

  func validate() throws {
    if dataset == .syntheticDigits {
      throw ValidationError(
        "'\(dataset.rawValue)' is built in and needs no files: use it with '--dataset \(dataset.rawValue)'."
      )
    }
    for mirror in mirror where Self.url(mirror) == nil {
      throw ValidationError(
        "'--mirror \(mirror)' is no address: give one that begins with https://.")
    }
  }

  private static func url(_ address: String) -> URL? {
    guard let url = URL(string: address), let host = url.host(), !host.isEmpty,
      ["http", "https"].contains(url.scheme?.lowercased())
    else { return nil }
    return url
  }

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    try outputs.check(inputs: [])
    let locator = DatasetLocator(explicitFolder: data)
    let mirrors = mirror.compactMap(Self.url)
    guard let download = try dataset.download(locator, mirrors) else { return }
    let progress = ProgressLine("download")
    defer { progress.finish() }
    let files = try download.run { progress.update($0) }
    progress.finish()
    try json.write(
      Summary(
        dataset: dataset.rawValue, folder: download.folder,
        files: files.map { .init(name: $0.name, outcome: $0.outcome.rawValue) }))
    guard !json.replacesText else { return }
    let lines = files.map { file in
      switch file.outcome {
      case .present: "\(file.name): already there\n"
      case .downloaded: "\(file.name): downloaded\n"
      }
    }
    try StandardOutput.writeText(
      lines.joined() + "\(dataset.rawValue) is in \(download.folder), checked by SHA-256\n")
  }
}
