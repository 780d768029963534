#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the zip archives that PyTorch writes since version 1.6.
///
/// Below one folder of any name: `data.pkl`, the pickle; `data/KEY`, the bytes of each storage; and,
/// in newer files, `byteorder`.
enum PyTorchArchive {
  private static let pickleSuffix = "/data.pkl"
  /// PyTorch stores its pickles; one that somebody deflated later must not claim all memory.
  private static let maximumInflatedPickle = 1 << 26

  /// The folder of the checkpoint, with its slash; nil if the archive is none.
  static func root(of archive: ZipArchive) throws(TensorFileError) -> String? {
    let pickles = archive.members.map(\.name).filter {
      $0.hasSuffix(pickleSuffix) && !$0.dropLast(pickleSuffix.count).contains("/")
    }
    guard pickles.count <= 1 else {
      throw TensorFileError(
        .malformed, path: archive.path,
        "the archive holds two checkpoints, \(pickles[0]) and \(pickles[1]); save one per file")
    }
    return pickles.first.map { String($0.dropLast(pickleSuffix.count - 1)) }
  }

  static func read(_ archive: ZipArchive, root: String) throws(TensorFileError) -> TorchContent {
    guard archive[root + "constants.pkl"] == nil else {
      throw TensorFileError(
        .unsupported, path: archive.path,
        "the file is a TorchScript program, which only running its code could read; save its dictionary "
          + "instead: torch.save(torch.jit.load(path).state_dict(), \"model.pt\")")
    }
    guard let member = archive[root + pickleSuffix.dropFirst()] else {
      throw ZipArchive.malformed(archive.path, "data.pkl is missing")
    }
    guard member.method == .stored || member.byteCount <= maximumInflatedPickle else {
      throw ZipArchive.malformed(
        archive.path, "data.pkl inflates to \(member.byteCount) bytes, more than any model needs")
    }
    let pickle = try archive.content(of: member)
    let isBigEndian = try isBigEndian(archive, root: root)
    var cursor = ByteCursor(pickle, path: archive.path, place: "data.pkl")
    let (value, heap) = try Unpickler.read(&cursor)
    guard cursor.remaining == 0 else {
      throw TensorFileError(
        .malformed, path: archive.path,
        "\(cursor.remaining) bytes follow the pickle in data.pkl; save the file again")
    }
    var contents: [String: TensorStorage.Content] = [:]
    return try TorchContent(
      value, heap: heap, pickleByteCount: pickle.count, path: archive.path
    ) { storage throws(TensorFileError) in
      guard let member = archive[root + "data/" + storage.key] else {
        throw ZipArchive.malformed(archive.path, "storage \"\(storage.key)\" is missing")
      }
      let expected = TensorShape.byteCount(
        of: storage.count, bitCount: storage.elementType.bitCount)
      guard member.byteCount == expected else {
        throw ZipArchive.malformed(
          archive.path,
          "storage \"\(storage.key)\" has \(member.byteCount) bytes where \(storage.count) elements "
            + "of type \(storage.elementType) are declared")
      }
      let content: TensorStorage.Content
      if let known = contents[storage.key] {
        content = known
      } else {
        content = try archive.deferredContent(of: member).shared
        contents[storage.key] = content
      }
      return TensorStorage(content: content, isBigEndian: isBigEndian, path: archive.path)
    }
  }

  private static func isBigEndian(
    _ archive: ZipArchive, root: String
  ) throws(TensorFileError) -> Bool {
    guard let member = archive[root + "byteorder"] else { return false }
    switch String(decoding: try archive.prefix(of: member, byteCount: 16), as: UTF8.self) {
    case "little": return false
    case "big": return true
    default:
      throw ZipArchive.malformed(archive.path, "byteorder is neither little nor big")
    }
  }
}
