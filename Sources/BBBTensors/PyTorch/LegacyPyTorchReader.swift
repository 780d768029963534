#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the checkpoints that PyTorch wrote before version 1.6.
///
/// Five pickles in a row: a magic number, the protocol 1001, facts about the machine, the object, the
/// keys of the storages; then for each key the number of its elements in 64 bits and their bytes,
/// least significant first on any machine.
enum LegacyPyTorchReader {
  private static let magic: [UInt8] = [
    0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]
  private static let protocolVersion = 1001

  /// The length of the pickled magic number; nil if the data do not start with one.
  private static func magicEnd(_ data: Data) -> Int? {
    guard data.hasBytes([0x80]) else { return nil }
    // Behind the pickle protocol and, from protocol 4 on, the length of a frame.
    for start in [2, 11] where data.hasBytes(magic, at: start) { return start + magic.count + 1 }
    return nil
  }

  /// Whether data start as such a checkpoint.
  static func isLegacyPyTorch(_ data: Data) -> Bool { magicEnd(data) != nil }

  static func read(_ data: Data, path: String) throws(TensorFileError) -> TorchContent {
    func malformed(_ what: String) -> TensorFileError {
      .damaged(path: path, what)
    }
    var cursor = ByteCursor(data, path: path, place: "the file", position: magicEnd(data) ?? 0)
    guard case .integer(protocolVersion) = try Unpickler.read(&cursor).value else {
      throw malformed("the checkpoint is not of protocol \(protocolVersion)")
    }
    guard case .dictionary = try Unpickler.read(&cursor).value else {
      throw malformed("the checkpoint does not describe its machine")
    }
    let start = cursor.position
    let (value, heap) = try Unpickler.read(&cursor)
    let pickleByteCount = cursor.position - start
    let (keyList, keyHeap) = try Unpickler.read(&cursor)
    guard case .list(let keys) = keyList else {
      throw malformed("the checkpoint does not list its storages")
    }

    let declared = Dictionary(heap.storages.map { ($0.key, $0) }) { first, _ in first }
    var contents: [String: Data] = [:]
    for value in keyHeap.containers[keys] {
      guard case .string(let key) = value, let storage = declared[key] else {
        throw malformed("the checkpoint lists a storage that no tensor uses")
      }
      let count = try cursor.integer(Int64.self)
      guard count == storage.count,
        let byteCount = TensorShape.byteCount(
          of: storage.count, bitCount: storage.elementType.bitCount)
      else {
        throw malformed(
          "storage \"\(key)\" has \(count) elements where \(storage.count) are declared")
      }
      guard contents.updateValue(try cursor.bytes(byteCount), forKey: key) == nil else {
        throw malformed("storage \"\(key)\" occurs twice")
      }
    }
    guard cursor.remaining == 0 else {
      throw malformed("\(cursor.remaining) bytes follow the last storage")
    }
    return try TorchContent(
      value, heap: heap, pickleByteCount: pickleByteCount, path: path
    ) { storage throws(TensorFileError) in
      guard let content = contents[storage.key] else {
        throw malformed("storage \"\(storage.key)\" is missing")
      }
      let bitCount = storage.elementType.bitCount
      guard content.count == TensorShape.byteCount(of: storage.count, bitCount: bitCount),
        let start = TensorShape.byteCount(of: storage.view.lowerBound, bitCount: bitCount),
        let end = TensorShape.byteCount(of: storage.view.upperBound, bitCount: bitCount)
      else {
        throw malformed("storage \"\(storage.key)\" is declared in two sizes")
      }
      return TensorStorage(
        content: .plain(content.slice(start..<end)), isBigEndian: false, path: path)
    }
  }
}
