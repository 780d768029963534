import Foundation

@testable import BBBTensors

extension FuzzTarget {
  /// PyTorch's zip archives.
  static let pytorch = FuzzTarget(
    name: "pytorch", test: testTensorFile,
    seeds: { fixtures in
      fixtures.named(".pt").filter { !$0.starts(with: [0x80]) }
    },
    dictionary: pickleWords + ["data.pkl", "byteorder", "little", "big", "data/0"],
    container: ZipMembers.self)

  /// The checkpoints that PyTorch wrote before version 1.6.
  static let pytorchLegacy = FuzzTarget(
    name: "pytorch-legacy", test: testTensorFile,
    seeds: { fixtures in
      let checkpoints = fixtures.named(".pt").filter { $0.starts(with: [0x80]) }
      return checkpoints + checkpoints.map(inFrame)
    },
    dictionary: pickleWords)

  /// Pickles alone, each storage that they name being there.
  static let pickle = FuzzTarget(
    name: "pickle", test: testPickle,
    seeds: { fixtures in
      fixtures.named(".pt").compactMap { bytes in
        guard let archive = try? ZipArchive(Data(bytes), path: ""),
          let member = archive.members.first(where: { $0.name.hasSuffix("/data.pkl") })
        else { return nil }
        return (try? archive.content(of: member)).map { Array($0) }
      } + [partOfStorage]
    },
    dictionary: pickleWords)

  private static let pickleWords = [
    "ccollections\nOrderedDict\n", "ccollections\ndefaultdict\n", "ctorch\nSize\n",
    "ctorch\nfloat16\n", "ctorch\nbfloat16\n", "ctorch\nFloatStorage\n", "ctorch\nHalfStorage\n",
    "ctorch.storage\nUntypedStorage\n", "ctorch._utils\n_rebuild_tensor\n",
    "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_tensor_v3\n",
    "ctorch._utils\n_rebuild_parameter\n", "ctorch._utils\n_rebuild_parameter_with_state\n",
    "ctorch._tensor\n_rebuild_from_type_v2\n", "ctorch.nn.parameter\nParameter\n",
    "X\u{7}\u{0}\u{0}\u{0}storage", "X\u{6}\u{0}\u{0}\u{0}module",
  ]

  /// A checkpoint whose first pickle is of protocol 4, in a frame.
  private static func inFrame(_ checkpoint: [UInt8]) -> [UInt8] {
    [0x80, 4, 0x95] + [UInt8](littleEndian: 13, byteCount: 8) + checkpoint.dropFirst(2)
  }

  /// A tensor of two elements in a part of a storage, as the oldest files refer to it.
  private static let partOfStorage: [UInt8] = {
    func text(_ string: String) -> [UInt8] {
      [0x58] + [UInt8](littleEndian: string.utf8.count, byteCount: 4) + Array(string.utf8)
    }
    let storage =
      Array("(".utf8) + text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0")
      + text("cpu") + Array("K\u{4}(".utf8) + text("1") + Array("K\u{1}K\u{2}ttQ".utf8)
    return [0x80, 2] + Array("ctorch._utils\n_rebuild_tensor\n(".utf8) + storage
      + Array("K\u{0}K\u{2}\u{85}K\u{1}\u{85}tR.".unicodeScalars.map { UInt8($0.value) })
  }()
}

/// Runs the pickle interpreter, and reads the tensors that it rebuilds.
private func testPickle(_ bytes: [UInt8]) {
  do throws(TensorFileError) {
    var cursor = ByteCursor(Data(bytes), path: "input", place: "the pickle")
    let (value, heap) = try Unpickler.read(&cursor)
    let content = try TorchContent(
      value, heap: heap, pickleByteCount: cursor.position, path: "input", storage: zeroes)
    for tensor in content.tensors { testReading(tensor) }
  } catch {
    requireMessage(error.message)
  }
}

/// A storage of zeroes, of any size that a small file could have.
private func zeroes(_ storage: TorchStorage) throws(TensorFileError) -> TensorStorage {
  let byteCount = TensorShape.byteCount(
    of: storage.view.count, bitCount: storage.elementType.bitCount)
  guard let byteCount, byteCount <= 1 << 16 else {
    throw TensorFileError(.malformed, path: "input", "storage \"\(storage.key)\" is missing")
  }
  return TensorStorage(content: .plain(Data(count: byteCount)), isBigEndian: false, path: "input")
}
