import Foundation
import Testing

@testable import BBBTensors

/// Checkpoints that PyTorch wrote; make_fixtures.py says what is in them.
struct PyTorchReaderTests {
  @Test(arguments: ["torch.pt", "torch_legacy.pt"])
  func `every tensor is read`(_ name: String) throws {
    let file = try TensorFile(contentsOf: fixturePath(name))
    #expect(file.format == .pytorch)
    func tensor(_ name: String) throws -> Tensor {
      try #require(file["state_dict/" + name], "\(name)")
    }
    let base = (0..<12).map { Float($0) * 0.5 - 1 }
    #expect(try tensor("base").floats() == base)

    let transposed = try tensor("transposed")
    #expect(transposed.shape == [4, 3])
    #expect(transposed.strides == [1, 4])
    let expected = (0..<12).map { base[$0 % 3 * 4 + $0 / 3] }
    #expect(try transposed.floats() == expected)
    for start in 0...12 {
      for end in start...12 {
        #expect(try transposed.floats(in: start..<end) == Array(expected[start..<end]))
      }
    }

    #expect(try tensor("shifted").floats() == Array(base[5..<9]))
    #expect(try tensor("every_third").doubles() == [1, 4, 7, 10].map { Double(base[$0]) })
    #expect(try tensor("half").floats() == [1.5, -0.0, 0x1p-24, 65504, .infinity])
    #expect(try tensor("brain").floats()[0...1] == [1.5, -3])
    #expect(try tensor("brain").floats()[2].isSubnormal)
    #expect(try tensor("double").doubles() == [0.1, 1e300])
    #expect(try tensor("double").floats() == [0.1, .infinity])
    // NumPy's bits of 1e-45, -1e-40 and 1.1754942e-38.
    #expect(
      try tensor("subnormal").floats().map(\.bitPattern) == [1, 0x8001_16C2, 0x007F_FFFF])
    #expect(try tensor("scalar").shape == [])
    #expect(try tensor("scalar").floats() == [2.5])
    #expect(try tensor("empty").shape == [0, 3])
    #expect(try tensor("empty").floats() == [])
    #expect(try tensor("counts").elementType.description == "I64")
    #expect(try tensor("mask").bytes() == [1, 0, 1])
    #expect(try tensor("parameter").floats() == [4, 5])
    #expect(try tensor("parameter_with_state").floats() == [1, -2])
    #expect(try tensor("expanded").floats() == [7, 7, 7, 7, 7, 7])
    #expect(try file["numbers/0"]?.floats() == [9])
  }

  @Test(arguments: ["torch.pt", "torch_legacy.pt"])
  func `numbers are listed and everything else is passed over`(_ name: String) throws {
    let file = try TensorFile(contentsOf: fixturePath(name))
    #expect(
      file.scalars == [
        "epoch": 7, "best": 0.25, "done": 1, "big": 0x1p70, "negative": -300, "history/0": 1,
        "history/1/0": 2, "history/1/1": 3, "size/0": 3, "size/1": 4, "numbers/1": 5,
      ])
    #expect(file.tensors.count == 16)
    #expect(file.tensors.first?.name == "state_dict/base", "dictionary order")
  }

  @Test func `later pickle protocols and types without a storage class are read`() throws {
    let file = try TensorFile(contentsOf: fixturePath("torch_protocol_4.pt"))
    #expect(try file["w"]?.floats() == [1, 1])
    #expect(file["u"]?.elementType == .other(name: "U16", bitCount: 16))
    #expect(file["u"]?.shape == [2])
  }

  @Test func `a tensor or a list can be the whole checkpoint`() throws {
    let single = try TensorFile(contentsOf: fixturePath("torch_tensor.pt"))
    #expect(try single["tensor"]?.floats() == [1, 2])
    let list = try TensorFile(contentsOf: fixturePath("torch_list.pt"))
    #expect(list.tensors.map(\.name) == ["0", "1/x"])
  }

  @Test(arguments: ["torch_object.pt", "torch_object_in_dictionary.pt"])
  func `a pickled object is refused with the remedy`(_ name: String) throws {
    let path = try fixturePath(name)
    let error = #expect(throws: TensorFileError.self) { try TensorFile(contentsOf: path) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("__main__.Opaque") == true)
    #expect(error?.message.contains("torch.save(model.state_dict(), \"model.pt\")") == true)
  }

  @Test func `the byte order of the archive is kept`() throws {
    let pickle = Pickle.file(Pickle.dictionary(Pickle.string("w"), Pickle.tensor()))
    let swapped = [1, 2, 3, 4].map { Float($0).bitPattern.byteSwapped }
      .withUnsafeBytes { Data($0) }
    let file = try TensorFile(
      data: torchArchive(pickle, storage: swapped, byteOrder: "big"), path: "test")
    #expect(try file["w"]?.floats() == [1, 2, 3, 4])
  }

  @Test func `a deflated archive is read`() throws {
    let pickle = Pickle.file(
      Pickle.dictionary(
        Pickle.string("w"),
        Pickle.tensor(
          Pickle.storage(count: 1000), shape: [1000], strides: [1])))
    let ones = [Float](repeating: 1, count: 1000)
    let data = zipArchive(
      ["x/data.pkl": Data(pickle), "x/data/0": ones.withUnsafeBytes { Data($0) }],
      isCompressed: true)
    #expect(data.count < 1000)
    #expect(try TensorFile(data: data, path: "test")["w"]?.loaded().floats() == ones)
  }

  @Test func `the oldest files show parts of a storage`() throws {
    let view = Pickle.tuple(Pickle.string("part"), Pickle.integer(1), Pickle.integer(3))
    let pickle = Pickle.file(
      Pickle.dictionary(
        Pickle.string("whole"),
        Pickle.tensor(Pickle.storage(view: [0x4E])),
        Pickle.string("part"),
        Pickle.tensor(Pickle.storage(view: view), offset: 1, shape: [2], strides: [1])))
    let file = try TensorFile(data: LegacyFile(pickle).data, path: "test")
    #expect(try file["whole"]?.floats() == [1, 2, 3, 4])
    #expect(try file["part"]?.floats() == [3, 4])
  }

  @Test func `Python 2 wrote dictionaries as lists of pairs`() throws {
    let pairs = Pickle.list(Pickle.list([0x55, 1, 0x77], Pickle.tensor()))
    let dictionary =
      Pickle.global("collections", "OrderedDict") + Pickle.tuple(pairs) + [0x52]
    let file = try TensorFile(data: torchArchive(Pickle.file(dictionary)), path: "test")
    #expect(try file["w"]?.floats() == [1, 2, 3, 4])
  }
}

/// A file of the layout before PyTorch 1.6, with one storage.
struct LegacyFile {
  var object: [UInt8]
  var keys = Pickle.file(Pickle.list(Pickle.string("0")))
  var count = 4
  var version = 1001
  var trailing: [UInt8] = []

  init(_ object: [UInt8]) {
    self.object = object
  }

  var data: Data {
    let magic: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    var data = Data(magic + Pickle.file(Pickle.integer(version)) + Pickle.file(Pickle.dictionary()))
    data.append(contentsOf: object + keys)
    data.appendLittleEndian(count)
    data.append(fourFloats)
    data.append(contentsOf: trailing)
    return data
  }
}
