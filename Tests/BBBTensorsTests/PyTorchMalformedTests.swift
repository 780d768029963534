import Foundation
import Testing

@testable import BBBTensors

struct PyTorchMalformedTests {
  /// A checkpoint whose one entry is the value pushed by some instructions.
  private static func entry(_ value: [UInt8]) -> Data {
    torchArchive(Pickle.file(Pickle.dictionary(Pickle.string("w"), value)))
  }

  private static func entry(
    offset: Int = 0, shape: [Int] = [2, 2], strides: [Int] = [2, 1], count: Int = 4,
    key: String = "0", type: String = "FloatStorage"
  ) -> Data {
    entry(
      Pickle.tensor(
        Pickle.storage(key, count: count, type: type), offset: offset, shape: shape,
        strides: strides))
  }

  private static func legacy(_ change: (inout LegacyFile) -> Void) -> Data {
    var file = LegacyFile(
      Pickle.file(
        Pickle.dictionary(
          Pickle.string("w"), Pickle.tensor(Pickle.storage(view: [0x4E])))))
    change(&file)
    return file.data
  }

  private static let tensor = Pickle.tensor()
  private static let w = Pickle.string("w")

  static let tensorLies: [MalformedFile] = [
    MalformedFile("one row too many", entry(shape: [3, 2]), says: "beyond the 16 bytes"),
    MalformedFile("offset too large", entry(offset: 1), says: "beyond the 16 bytes"),
    MalformedFile("stride too large", entry(strides: [3, 1]), says: "beyond the 16 bytes"),
    MalformedFile("negative offset", entry(offset: -1), says: "impossible shape, stride or offset"),
    MalformedFile("negative extent", entry(shape: [-2, 2]), says: "impossible shape"),
    MalformedFile("negative stride", entry(offset: 3, strides: [-2, -1]), says: "impossible"),
    MalformedFile("offset of 2⁶³ − 1", entry(offset: .max), says: "beyond the 16 bytes"),
    MalformedFile("stride overflows", entry(strides: [.max, .max]), says: "beyond the 16 bytes"),
    MalformedFile("last index is 2⁶³ − 1", entry(shape: [2], strides: [.max]), says: "beyond"),
    MalformedFile("shape overflows", entry(shape: [1 << 62, 4]), says: "impossible shape"),
    MalformedFile("three strides", entry(strides: [2, 1, 1]), says: "2 dimensions but 3 strides"),
    MalformedFile("more elements than bytes", entry(count: 5), says: "where 5 elements"),
    MalformedFile("fewer elements than bytes", entry(count: 3), says: "where 3 elements"),
    MalformedFile("2⁶² elements", entry(count: 1 << 62), says: "elements of type F32 are declared"),
    MalformedFile("wider type", entry(type: "DoubleStorage"), says: "of type F64 are declared"),
    MalformedFile("negative count", entry(count: -1), says: "unknown way"),
    MalformedFile("storage that is not there", entry(key: "1"), says: "storage \"1\" is missing"),
    MalformedFile("storage outside", entry(key: "../data.pkl"), says: "is missing"),
    MalformedFile("unknown storage class", entry(type: "EvilStorage"), says: "torch.EvilStorage"),
    MalformedFile(
      "tensor of a number",
      entry(
        Pickle.global("torch._utils", "_rebuild_tensor_v2")
          + Pickle.tuple([0x4E], [0x4E], [0x4E], [0x4E]) + [0x52]),
      says: "rebuilds a tensor from None"),
    MalformedFile(
      "tensor of nothing",
      entry(Pickle.global("torch._utils", "_rebuild_tensor_v2") + [0x29, 0x52]),
      says: "from nothing"),
    MalformedFile(
      "name twice", torchArchive(Pickle.file(Pickle.dictionary(w, tensor, w, tensor))),
      says: "named \"w\""),
    MalformedFile(
      "name twice once joined",
      torchArchive(
        Pickle.file(
          Pickle.dictionary(
            Pickle.string("a/b"), tensor, Pickle.string("a"),
            Pickle.dictionary(Pickle.string("b"), tensor)))), says: "named \"a/b\""),
    MalformedFile(
      "unknown byte order",
      torchArchive(Pickle.file(Pickle.dictionary(w, tensor)), byteOrder: "middle"),
      says: "neither little nor big"),
    MalformedFile(
      "byte behind the pickle", torchArchive(Pickle.file([0x7D]) + [0]), says: "follow"),
    MalformedFile(
      "two checkpoints", zipArchive(["a/data.pkl": Data(), "b/data.pkl": Data()]),
      says: "two checkpoints"),
  ]

  static let pickleLies: [MalformedFile] = [
    MalformedFile("empty", torchArchive([]), says: "in the middle of a value"),
    MalformedFile("without end", torchArchive([0x80, 2, 0x7D]), says: "in the middle of a value"),
    MalformedFile("unknown instruction", entry([0xFF]), says: "unknown instruction 0xff"),
    MalformedFile("protocol 9", torchArchive([0x80, 9, 0x7D, 0x2E]), says: "protocol 9"),
    MalformedFile(
      "frame beyond the end", entry([0x95] + [UInt8](repeating: 0x7F, count: 8)),
      says: "longer than the rest"),
    MalformedFile("empty stack", torchArchive(Pickle.file([])), says: "not there"),
    MalformedFile("values left over", torchArchive(Pickle.file([0x4E, 0x4E])), says: "left over"),
    MalformedFile("mark left over", torchArchive(Pickle.file([0x28, 0x7D])), says: "left over"),
    MalformedFile(
      "value below a mark",
      torchArchive(
        Pickle.file([
          0x7D, 0x28, 0x4E, 0x4E, 0x30, 0x30,
          0x30,
        ])), says: "not there"),
    MalformedFile("tuple without a mark", torchArchive(Pickle.file([0x74])), says: "lacks a mark"),
    MalformedFile("unknown memo", entry([0x68, 9]), says: "recalls a value"),
    MalformedFile(
      "key without a value", torchArchive(Pickle.file([0x7D, 0x28, 0x4E, 0x75])),
      says: "key without a value"),
    MalformedFile(
      "item in a list", entry([0x5D, 0x4E, 0x4E, 0x73]), says: "a list as a dictionary"),
    MalformedFile(
      "item in a tensor", entry(tensor + [0x4E, 0x4E, 0x73]), says: "a tensor as a dic"),
    MalformedFile(
      "item in a number", entry([0x4B, 1, 0x28, 0x4E, 0x4E, 0x75]), says: "a number as"),
    MalformedFile("element in a dictionary", entry([0x7D, 0x4E, 0x61]), says: "as a list"),
    MalformedFile(
      "element in a tuple", entry([0x29, 0x28, 0x4E, 0x65]), says: "a tuple as a list"),
    MalformedFile(
      "state of a tensor", entry(tensor + [0x7D, 0x62]), says: "attributes of a tensor"),
    MalformedFile("state of a list", entry([0x5D, 0x7D, 0x62]), says: "attributes of a list"),
    MalformedFile("call of a string", entry(w + [0x29, 0x52]), says: "calls a string"),
    MalformedFile("class named by numbers", entry([0x4B, 1, 0x4B, 1, 0x93]), says: "than strings"),
    MalformedFile("reference by a number", entry([0x4B, 1, 0x51]), says: "by a number"),
    MalformedFile("reference of no kind", entry([0x29, 0x51]), says: "by a tuple"),
    MalformedFile("string of 4 GiB", entry([0x58, 0xFF, 0xFF, 0xFF, 0xFF]), says: "in the middle"),
    MalformedFile(
      "string of 2⁶⁴ − 1 bytes", entry([0x8D] + [UInt8](repeating: 0xFF, count: 8)),
      says: "in the middle"),
    MalformedFile("negative length", entry([0x8B, 0xFF, 0xFF, 0xFF, 0xFF]), says: "in the middle"),
    MalformedFile("name without end", torchArchive([0x80, 2, 0x63, 0x61]), says: "in the middle"),
    MalformedFile(
      "list in itself", torchArchive(Pickle.file([0x5D, 0x71, 0, 0x68, 0, 0x61])),
      says: "nested 64 deep"),
    MalformedFile(
      "dictionary in itself",
      torchArchive(
        Pickle.file([0x7D, 0x71, 0] + w + [0x68, 0, 0x73])), says: "nested 64 deep"),
    MalformedFile(
      "100,000 lists in one another",
      torchArchive(
        Pickle.file(
          [UInt8](repeating: 0x5D, count: 100_001), [UInt8](repeating: 0x61, count: 100_000))),
      says: "nested 64 deep"),
    MalformedFile(
      "500,000 tuples in one another",
      torchArchive(
        Pickle.file([0x29], [UInt8](repeating: 0x85, count: 500_000))), says: "nested 64 deep"),
    MalformedFile(
      "2,000,000 values at once",
      torchArchive(
        Pickle.file([UInt8](repeating: 0x29, count: 2_000_000))), says: "more than 1000000 values"),
    // Each of fifty tuples holds the one before it twice: 2⁵⁰ numbers in 300 bytes.
    MalformedFile(
      "exponential sharing",
      torchArchive(
        Pickle.file([0x4B, 1], (0..<50).flatMap { [0x71, UInt8($0), 0x68, UInt8($0), 0x86] })),
      says: "more entries than its size allows"),
    // A list of a thousand pairs, made into a dictionary five thousand times.
    MalformedFile(
      "one list copied often",
      torchArchive(
        Pickle.file(
          Pickle.list(
            [0x5D, 0x28] + (0..<1000).flatMap { _ in [0x4E, 0x4E, 0x86] as [UInt8] } + [0x65],
            [0x85, 0x71, 0, 0x30, 0x28]
              + Pickle.global("collections", "OrderedDict") + [0x71, 1, 0x68, 0, 0x52]
              + (0..<5000).flatMap { _ in [0x68, 1, 0x68, 0, 0x52] as [UInt8] } + [0x74]))),
      says: "more than 4000000 values in all"),
    MalformedFile(
      "65 dimensions",
      entry(shape: [Int](repeating: 1, count: 65), strides: [Int](repeating: 1, count: 65)),
      says: "impossible shape"),
    // A list of sixty lists, all one, of one tensor: 3,600 tensors in a pickle of 500 bytes.
    MalformedFile(
      "one tensor, often",
      torchArchive(
        Pickle.file(
          Pickle.list(
            Pickle.list(
              Pickle.tensor() + [0x71, 0] + (1..<60).flatMap { _ in [0x68, 0] as [UInt8] }),
            [0x71, 1] + (1..<60).flatMap { _ in [0x68, 1] as [UInt8] }))),
      says: "more entries than its size allows"),
    // A list that holds one dictionary a thousand times, under a name of 10,000 bytes.
    MalformedFile(
      "long name, often",
      torchArchive(
        Pickle.file(
          Pickle.dictionary(
            Pickle.string(String(repeating: "x", count: 10_000)),
            [0x5D, 0x28, 0x4B, 1, 0x71, 0] + (0..<1000).flatMap { _ in [0x68, 0] as [UInt8] } + [
              0x65
            ])
        )), says: "more entries than its size allows"),
  ]

  static let legacyLies: [MalformedFile] = [
    MalformedFile("other protocol", legacy { $0.version = 1002 }, says: "not of protocol 1001"),
    MalformedFile("forged count", legacy { $0.count = 5 }, says: "has 5 elements where 4"),
    MalformedFile("count of 2⁶³ − 1", legacy { $0.count = .max }, says: "where 4 are declared"),
    MalformedFile("negative count", legacy { $0.count = -1 }, says: "has -1 elements"),
    MalformedFile("trailing byte", legacy { $0.trailing = [0] }, says: "1 bytes follow"),
    MalformedFile(
      "missing storage", legacy { $0.keys = Pickle.file(Pickle.list()) }, says: "bytes follow"),
    MalformedFile(
      "unused storage", legacy { $0.keys = Pickle.file(Pickle.list(Pickle.string("1"))) },
      says: "no tensor uses"),
    MalformedFile(
      "storages that are no list", legacy { $0.keys = Pickle.file([0x4E]) }, says: "does not list"),
    MalformedFile(
      "storage twice",
      legacy {
        $0.keys = Pickle.file(Pickle.list(Pickle.string("0"), Pickle.string("0")))
        var data = Data()
        data.appendLittleEndian(4)
        $0.trailing = Array(data + fourFloats)
      }, says: "occurs twice"),
    MalformedFile(
      "part outside of its storage",
      legacy {
        $0.object = Pickle.file(
          Pickle.tensor(
            Pickle.storage(
              view: Pickle.tuple(Pickle.string("p"), Pickle.integer(2), Pickle.integer(3)))))
      }, says: "part outside"),
    MalformedFile(
      "tensor beyond its part",
      legacy {
        $0.object = Pickle.file(
          Pickle.tensor(
            Pickle.storage(
              view: Pickle.tuple(Pickle.string("p"), Pickle.integer(1), Pickle.integer(3)))))
      }, says: "beyond the 12 bytes"),
  ]

  @Test(arguments: tensorLies + pickleLies + legacyLies)
  func `every lie is named`(_ file: MalformedFile) {
    let error = openingError(file.data)
    #expect(error?.message.contains(file.message) == true, "\(String(describing: error))")
  }

  @Test(
    arguments: [
      ("None", [0x4E]), ("a number", [0x4B, 1]), ("a string", [0x55, 1, 0x61]),
      ("os.system", Pickle.global("os", "system")),
      ("os.system", Pickle.global("os", "system") + Pickle.tuple(Pickle.string("true")) + [0x52]),
    ] as [(String, [UInt8])])
  func `what is no dictionary is named`(_ kind: String, _ value: [UInt8]) {
    let error = openingError(torchArchive(Pickle.file(value)))
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(kind) == true, "\(String(describing: error))")
  }

  @Test func `a view that repeats its elements is bounded`() throws {
    let data = Self.entry(shape: [1 << 40], strides: [0])
    let tensor = try #require(try TensorFile(data: data, path: "test")["w"])
    let error = #expect(throws: TensorFileError.self) { try tensor.floats() }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(".contiguous()") == true)
  }

  @Test func `lazy negation is refused`() throws {
    let negated =
      Pickle.global("torch._utils", "_rebuild_tensor_v2")
      + Pickle.tuple(
        Pickle.storage(), Pickle.integer(0), Pickle.integers([4]), Pickle.integers([1]), [0x89],
        Pickle.dictionary(), Pickle.dictionary(Pickle.string("neg"), [0x88])) + [0x52]
    #expect(openingError(Self.entry(negated))?.message.contains("resolve_neg") == true)
  }
}
