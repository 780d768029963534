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
      } + [partOfStorage, sparseTensor, array]
    },
    dictionary: pickleWords)

  private static let pickleWords = [
    "ccollections\nOrderedDict\n", "ccollections\ndefaultdict\n", "ctorch\nSize\n",
    "ctorch\nfloat16\n", "ctorch\nbfloat16\n", "ctorch\nFloatStorage\n", "ctorch\nHalfStorage\n",
    "ctorch.storage\nUntypedStorage\n", "ctorch._utils\n_rebuild_tensor\n",
    "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_tensor_v3\n",
    "ctorch._utils\n_rebuild_parameter\n", "ctorch._utils\n_rebuild_parameter_with_state\n",
    "ctorch._utils\n_rebuild_sparse_tensor\n", "ctorch.serialization\n_get_layout\n",
    "ctorch._utils\n_rebuild_qtensor\n", "torch.sparse_coo", "torch.sparse_csr", "torch.sparse_csc",
    "cnumpy.core.multiarray\n_reconstruct\n", "cnumpy.core.multiarray\nscalar\n",
    "cnumpy\ndtype\n", "c_codecs\nencode\n", "cnumpy.core.numeric\n_frombuffer\n",
    "ctorch._tensor\n_rebuild_from_type_v2\n", "ctorch.nn.parameter\nParameter\n",
    "X\u{7}\u{0}\u{0}\u{0}storage", "X\u{6}\u{0}\u{0}\u{0}module",
  ]

  /// A checkpoint whose first pickle is of protocol 4, in a frame.
  private static func inFrame(_ checkpoint: [UInt8]) -> [UInt8] {
    [0x80, 4, 0x95] + [UInt8](littleEndian: 13, byteCount: 8) + checkpoint.dropFirst(2)
  }

  private static func text(_ string: String) -> [UInt8] {
    [0x58] + [UInt8](littleEndian: string.utf8.count, byteCount: 4) + Array(string.utf8)
  }

  /// The instructions of a pickle, most of which are letters.
  private static func code(_ string: String) -> [UInt8] {
    string.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  /// A sparse tensor of 2×3 with two values.
  private static let sparseTensor: [UInt8] = {
    func tensor(_ type: String, count: String, shape: String, strides: String) -> [UInt8] {
      let parts: [[UInt8]] = [
        code("ctorch._utils\n_rebuild_tensor\n(("), text("storage"), code("ctorch\n\(type)\n"),
        text("0"), text("cpu"), code("K\(count)tQK\u{0}\(shape)\(strides)tR"),
      ]
      return parts.flatMap(\.self)
    }
    let parts: [[UInt8]] = [
      [0x80, 2], code("ctorch._utils\n_rebuild_sparse_tensor\n("),
      code("ctorch.serialization\n_get_layout\n("), text("torch.sparse_coo"), code("tR("),
      tensor(
        "LongStorage", count: "\u{4}", shape: "(K\u{2}K\u{2}t", strides: "(K\u{2}K\u{1}t"),
      tensor("FloatStorage", count: "\u{2}", shape: "(K\u{2}t", strides: "(K\u{1}t"),
      code("(K\u{2}K\u{3}tttR."),
    ]
    return parts.flatMap(\.self)
  }()

  /// A NumPy array of two numbers, whose bytes are a text.
  private static let array: [UInt8] = {
    let encoded: [[UInt8]] = [
      code("c_codecs\nencode\n("), text("abcdefgh"), text("latin1"), code("tR"),
    ]
    let bytes = encoded.flatMap(\.self)
    let parts: [[UInt8]] = [
      [0x80, 2], code("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\u{0}t"), bytes,
      code("tR(K\u{1}(K\u{2}tcnumpy\ndtype\n("), text("f4"), code("\u{89}\u{88}tR(K\u{3}"),
      text("<"), code("NNNtb\u{89}"), bytes, code("tb."),
    ]
    return parts.flatMap(\.self)
  }()

  /// A tensor of two elements in a part of a storage, as the oldest files refer to it.
  private static let partOfStorage: [UInt8] = {
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
