import Foundation

/// Fetches the files of a public dataset, checks them, and keeps what is already there and right.
public struct DatasetDownload: Sendable {
  /// What became of a file.
  public enum Outcome: String, Sendable {
    /// It was there, and is right.
    case present
    /// It was downloaded.
    case downloaded
  }

  /// The folder that the files are in, afterwards.
  public let folder: String
  private let dataset: String
  /// What is there afterwards.
  private let files: [DatasetFile]
  /// What the files are taken from; `nil` if each is fetched by itself.
  private let archive: DatasetArchive?
  private let mirrors: [URL]
  private let transfer: Transfer

  /// Prepares to fetch MNIST.
  ///
  /// - Parameters:
  ///   - locator: Where datasets are looked for. The files go to a folder `mnist` in the first of these
  ///     folders, or to that folder itself if it holds some of them already.
  ///   - mirrors: The addresses of folders to fetch from, in this order; two public ones by default.
  /// - Returns: What ``run(progress:)`` will do.
  /// - Throws: ``DatasetError`` if the locator has no folder.
  public static func mnist(
    locator: DatasetLocator, mirrors: [URL] = []
  ) throws(DatasetError) -> DatasetDownload {
    try DatasetDownload(
      dataset: DatasetName.mnist.rawValue, files: MNISTFiles.all,
      namesakes: FashionMNISTFiles.all, locator: locator,
      mirrors: mirrors.isEmpty ? MNISTFiles.mirrors.compactMap { URL(string: $0) } : mirrors)
  }

  /// Prepares to fetch the UCI repository's mushroom table.
  ///
  /// - Parameters:
  ///   - locator: Where datasets are looked for. The file goes to a folder `mushroom` in the first of
  ///     these folders, or to that folder itself if it is there already.
  ///   - mirrors: The addresses of folders to fetch from, in this order; the repository's by default.
  /// - Returns: What ``run(progress:)`` will do.
  /// - Throws: ``DatasetError`` if the locator has no folder.
  public static func mushroom(
    locator: DatasetLocator, mirrors: [URL] = []
  ) throws(DatasetError) -> DatasetDownload {
    try DatasetDownload(
      dataset: MushroomFiles.dataset, files: [MushroomFiles.table], locator: locator,
      mirrors: mirrors.isEmpty ? MushroomFiles.mirrors.compactMap { URL(string: $0) } : mirrors)
  }

  /// Prepares to fetch Fashion-MNIST.
  ///
  /// - Parameters:
  ///   - locator: Where datasets are looked for. The files go to a folder `fashion-mnist` in the first of
  ///     these folders, or to that folder itself if it holds some of them already.
  ///   - mirrors: The addresses of folders to fetch from, in this order; its authors' by default.
  /// - Returns: What ``run(progress:)`` will do.
  /// - Throws: ``DatasetError`` if the locator has no folder.
  public static func fashionMNIST(
    locator: DatasetLocator, mirrors: [URL] = []
  ) throws(DatasetError) -> DatasetDownload {
    try DatasetDownload(
      dataset: DatasetName.fashionMNIST.rawValue, files: FashionMNISTFiles.all,
      namesakes: MNISTFiles.all, locator: locator,
      mirrors: mirrors.isEmpty
        ? FashionMNISTFiles.mirrors.compactMap { URL(string: $0) } : mirrors)
  }

  /// Prepares to fetch CIFAR-10 in its binary version, of which the archive is not kept.
  ///
  /// - Parameters:
  ///   - locator: Where datasets are looked for. The files go to a folder `cifar10` in the first of
  ///     these folders, or to that folder itself if it holds some of them already.
  ///   - mirrors: The addresses of folders to fetch from, in this order; its author's by default.
  /// - Returns: What ``run(progress:)`` will do.
  /// - Throws: ``DatasetError`` if the locator has no folder.
  public static func cifar10(
    locator: DatasetLocator, mirrors: [URL] = []
  ) throws(DatasetError) -> DatasetDownload {
    try DatasetDownload(
      dataset: DatasetName.cifar10.rawValue, files: CIFAR10Files.archive.members,
      archive: CIFAR10Files.archive, locator: locator,
      mirrors: mirrors.isEmpty ? CIFAR10Files.mirrors.compactMap { URL(string: $0) } : mirrors)
  }

  /// Prepares to fetch files to where they are looked for.
  private init(
    dataset: String, files: [DatasetFile], archive: DatasetArchive? = nil,
    namesakes: [DatasetFile] = [], locator: DatasetLocator, mirrors: [URL]
  ) throws(DatasetError) {
    guard let folder = locator.folders.first else {
      throw DatasetError(
        .notFound, path: dataset,
        "there is no folder to put the files in; name one with --data DIR or the environment variable"
          + " BBBPRUNE_DATA")
    }
    func isFile(_ name: String) -> Bool { DatasetLocator.isFile(folder + "/" + name) }
    // Another dataset's files of the same names stay what they are.
    let isAnother = namesakes.contains { file in
      file.spellings.contains { isFile($0) && file.isIntact(at: folder + "/" + $0) }
    }
    let isThere = !isAnother && files.contains { $0.spellings.contains(where: isFile) }
    self.init(
      dataset: dataset, files: files, archive: archive,
      folder: isThere ? folder : folder + "/" + dataset,
      mirrors: mirrors, transfer: HTTPTransfer.fetch)
  }

  /// Prepares to fetch files.
  ///
  /// - Parameters:
  ///   - dataset: What messages call it.
  ///   - files: The files.
  ///   - archive: What the files are taken from; by default each is fetched by itself.
  ///   - folder: Where to put them; it is made if need be.
  ///   - mirrors: The addresses of folders to fetch from, in this order.
  ///   - transfer: Fetches.
  package init(
    dataset: String, files: [DatasetFile], archive: DatasetArchive? = nil, folder: String,
    mirrors: [URL], transfer: @escaping Transfer
  ) {
    self.dataset = dataset
    self.files = files
    self.archive = archive
    self.folder = folder
    self.mirrors = mirrors
    self.transfer = transfer
  }

  /// Fetches what is missing.
  ///
  /// A file is written under a temporary name, `NAME.partial`, from which a later run goes on; it gets
  /// its name when its content is found right, by its SHA-256.
  ///
  /// - Parameter progress: Is told the fraction done, 0…1.
  /// - Returns: The name of each file, and what became of it.
  /// - Throws: ``DatasetError`` if no mirror has a file, or it cannot be written.
  public func run(
    progress: (Double) -> Void = { _ in }
  ) throws(DatasetError) -> [(name: String, outcome: Outcome)] {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError(
        .unwritable, path: folder,
        "the folder cannot be made; check the path and its permissions")
    }
    var present: [String?] = []
    for file in files { present.append(try name(ofPresent: file)) }
    let missing = zip(files, present).filter { $0.1 == nil }.map(\.0)
    if let archive, !missing.isEmpty {
      try take(missing, from: archive, progress: progress)
    } else {
      try fetch(missing, progress: progress)
    }
    return zip(files, present).map { file, name in
      name.map { ($0, .present) } ?? (file.downloadName, .downloaded)
    }
  }

  /// Fetches files, one after the other.
  private func fetch(
    _ files: [DatasetFile], progress: (Double) -> Void
  ) throws(DatasetError) {
    var done = 0
    let total = files.reduce(0) { $0 + max(1, $1.downloadByteCount - partial($1).byteCount) }
    for file in files {
      let share = max(1, file.downloadByteCount - partial(file).byteCount)
      try fetch(file) { count in
        progress(Double(done + min(share, count)) / Double(total))
      }
      done += share
    }
  }

  /// Takes files from their archive, which is fetched, and removed again, unless it is there.
  private func take(
    _ files: [DatasetFile], from archive: DatasetArchive, progress: (Double) -> Void
  ) throws(DatasetError) {
    let archivePath = path(archive.file.downloadName)
    let isThere = archive.file.isIntact(at: archivePath)
    if !isThere { try fetch([archive.file], progress: progress) }
    try archive.unpack(files, from: archivePath) { file, content throws(DatasetError) in
      let unpacked = PartialFile(of: path(file.downloadName))
      do {
        let url = URL(filePath: unpacked.path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: url)
      } catch {
        throw unpacked.unwritable
      }
      guard file.isIntact(at: unpacked.path) else {
        unpacked.remove()
        throw DatasetError(
          .malformed, path: archivePath,
          "holds another \(file.downloadName) than that of \(dataset) (its SHA-256 differs); remove it and download it again"
        )
      }
      try unpacked.finish(as: path(file.downloadName))
    }
    if !isThere { unlink(archivePath) }
  }

  private func path(_ name: String) -> String { folder + "/" + name }

  private func partial(_ file: DatasetFile) -> PartialFile {
    PartialFile(of: path(file.downloadName))
  }

  /// The name of a file that is there and right; nil if it is to be fetched.
  private func name(ofPresent file: DatasetFile) throws(DatasetError) -> String? {
    let names = file.spellings.filter(file.isKnown)
    guard let name = names.first(where: { DatasetLocator.isFile(path($0)) }) else {
      return nil
    }
    if file.isIntact(at: path(name)) { return name }
    // A download replaces only what an earlier one may have left.
    guard name == file.downloadName else {
      throw DatasetError(
        .malformed, path: path(name),
        "is not the file of \(dataset) (its SHA-256 differs) and would be taken for it; remove it or"
          + " choose another folder")
    }
    return nil
  }

  /// Fetches a file from the first mirror that has it.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - progress: Is told how many bytes have come.
  /// - Throws: ``DatasetError`` that lists why each mirror failed.
  private func fetch(
    _ file: DatasetFile, progress: (Int) -> Void
  ) throws(DatasetError) {
    let partial = partial(file)
    let final = path(file.downloadName)
    // All of it may have come before the last run was ended.
    if file.isIntact(at: partial.path) { return try partial.finish(as: final) }
    var failures: [String] = []
    for mirror in mirrors {
      let url = mirror.appending(path: file.downloadName)
      guard let failure = try fetch(file, from: url, to: partial, progress: progress) else {
        return try partial.finish(as: final)
      }
      failures.append("\(url.absoluteString): \(failure)")
    }
    throw DatasetError(
      .unavailable, path: dataset,
      "\(file.downloadName) cannot be downloaded: \(failures.joined(separator: "; "));"
        + " check the network, or name another mirror with --mirror")
  }

  /// Fetches a file from one address, going on where an earlier attempt ended if that can be done.
  ///
  /// - Returns: Why it failed; nil if the file is there and right.
  private func fetch(
    _ file: DatasetFile, from url: URL, to partial: PartialFile, progress: (Int) -> Void
  ) throws(DatasetError) -> String? {
    let isResumed = partial.byteCount > 0
    let failure = try receive(file, from: url, to: partial, progress: progress)
    if let failure, !(isResumed && failure.isBeyondEnd) { return failure.reason }
    if failure == nil, file.isIntact(at: partial.path) { return nil }
    partial.remove()
    // What an earlier attempt left may have been the wrong part.
    guard isResumed else {
      return "sends another file than that of \(dataset) (its SHA-256 differs)"
    }
    return try fetch(file, from: url, to: partial, progress: progress)
  }

  /// Appends what comes to the partial file.
  private func receive(
    _ file: DatasetFile, from url: URL, to partial: PartialFile, progress: (Int) -> Void
  ) throws(DatasetError) -> TransferError? {
    let offset = partial.byteCount
    var handle: FileHandle?
    defer { try? handle?.close() }
    var size = offset
    var received = 0
    do {
      try transfer(url, offset) { part in
        switch part {
        case .start(let start):
          handle = try partial.opened(at: start)
          size = start
        case .bytes(let data):
          size += data.count
          received += data.count
          guard size <= file.largestByteCount else {
            throw TransferError("sends more than \(file.largestByteCount) bytes")
          }
          do {
            try handle?.write(contentsOf: data)
          } catch {
            throw partial.unwritable
          }
          progress(received)
        }
      }
      do {
        try handle?.synchronize()
      } catch {
        throw partial.unwritable
      }
      return nil
    } catch let error as DatasetError {
      throw error
    } catch let error as TransferError {
      return error
    } catch {
      return TransferError("the transfer failed (\(error.localizedDescription))")
    }
  }
}
