import Foundation
import Testing

@testable import BBBTensors

struct NumPyReaderTests {
  private let quarters: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.25]

  @Test(arguments: ["version_1.npy", "version_2.npy", "version_3.npy"])
  func `every version is read`(_ name: String) throws {
    let file = try TensorFile(contentsOf: fixturePath(name))
    #expect(file.format == .npy)
    let tensor = try #require(file["array"])
    #expect(tensor.shape == [2, 3])
    #expect(tensor.strides == [1, 2], "Fortran order")
    #expect(try tensor.floats() == quarters)
    #expect(try tensor.floats(in: 2..<4) == [0.5, 0.75])
  }

  @Test(arguments: ["stored.npz", "deflated.npz"])
  func `every member is read`(_ name: String) throws {
    let file = try TensorFile(contentsOf: fixturePath(name))
    #expect(file.format == .npz)
    #expect(
      file.tensors.map(\.name) == [
        "c_order", "fortran", "big_endian", "half", "scalar", "mask", "bytes", "integers", "words",
        "zeros",
      ])
    for name in ["c_order", "fortran", "big_endian", "half"] {
      let tensor = try #require(file[name])
      #expect(tensor.shape == [2, 3])
      #expect(try tensor.floats() == quarters)
      #expect(try tensor.loaded().doubles() == quarters.map(Double.init))
    }
    #expect(file["scalar"]?.shape == [])
    #expect(try file["scalar"]?.doubles() == [2.5])
    #expect(try file["mask"]?.bytes() == [1, 0])
    #expect(try file["bytes"]?.bytes() == [0, 1, 2, 3])
    #expect(file["integers"]?.elementType.description == "I32")
    #expect(file["words"]?.elementType == .other(name: "<U2", bitCount: 64))
    #expect(throws: TensorFileError.self) { try file["integers"]?.floats() }
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{\"shape\":(1L,),\"fortran_order\":False,\"descr\":\"=f4\"}",
    "  {'shape': (1,) , 'descr':\n'|f4','fortran_order':True}  ",
    "{'descr': 'f4', 'fortran_order': False, 'shape': ()}",
  ])
  func `the dictionary is parsed as Python`(_ dictionary: String) throws {
    let one = Data([0, 0, 0x80, 0x3F])
    #expect(
      try TensorFile(data: npy(dictionary, payload: one), path: "test").tensors[0].floats() == [1])
  }

  private static func header(
    descr: String = "'<f4'", order: String = "False", shape: String = "(1,)"
  ) -> String {
    "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }"
  }

  private static func array(
    descr: String = "'<f4'", order: String = "False", shape: String = "(1,)", payload: Int = 4
  ) -> Data {
    npy(header(descr: descr, order: order, shape: shape), payload: Data(count: payload))
  }

  static let lies: [MalformedFile] = [
    MalformedFile("version 4", npy(header(), version: [4, 0]), says: "version 4.0"),
    MalformedFile("header beyond the file", npy("{}", length: 60_000), says: "truncated"),
    MalformedFile(
      "header of 4 GiB", npy("{}", version: [2, 0], length: 0xFFFF_FFFF), says: "at most 1048576"),
    MalformedFile("too few bytes", array(payload: 3), says: "needs 4 bytes but has 3"),
    MalformedFile("too many bytes", array(payload: 5), says: "1 bytes follow"),
    MalformedFile(
      "shape overflows", array(shape: "(4611686018427387904, 4)"), says: "impossible shape"),
    MalformedFile("size overflows", array(shape: "(4611686018427387904,)"), says: "impossible"),
    MalformedFile("extent of 2⁶³", array(shape: "(9223372036854775808,)"), says: "too large"),
    // Each element in Fortran order is found by a walk over all dimensions.
    MalformedFile(
      "65 dimensions",
      array(shape: "(" + String(repeating: "1,", count: 65) + ")"), says: "at most 64"),
    MalformedFile("negative extent", array(shape: "(-1,)"), says: "out of place"),
    MalformedFile("shape that is a number", array(shape: "(1)"), says: "comma is missing"),
    MalformedFile("shape that is a list", array(shape: "[1]"), says: "exactly descr"),
    MalformedFile("shape of strings", array(shape: "('a',)"), says: "tuple of integers"),
    MalformedFile("order that is a number", array(order: "0"), says: "value is missing"),
    MalformedFile("Python objects", array(descr: "'|O'"), says: "Python objects"),
    MalformedFile("structured type", array(descr: "[('a', '<f4')]"), says: "structured array"),
    MalformedFile("unknown type", array(descr: "'<f3'"), says: "unknown type"),
    MalformedFile("empty type", array(descr: "''"), says: "unknown type \"\""),
    MalformedFile("byte order alone", array(descr: "'<'"), says: "unknown type \"<\""),
    MalformedFile("huge type", array(descr: "'<U9223372036854775807'"), says: "unknown type"),
    MalformedFile("type that is a truth value", array(descr: "True"), says: "not a string"),
    MalformedFile(
      "missing key", npy("{'descr': '<f4', 'shape': (1,)}"), says: "exactly descr"),
    MalformedFile(
      "additional key",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': True}"),
      says: "exactly descr"),
    MalformedFile(
      "key twice", npy("{'descr': '<f4', 'descr': '<f8', 'shape': (1,)}"), says: "occurs twice"),
    MalformedFile("code behind the dictionary", npy(header() + "+ x()"), says: "out of place"),
    MalformedFile("word behind the dictionary", npy(header() + "x"), says: "follows"),
    MalformedFile("string that does not end", npy("{'descr"), says: "does not end"),
    MalformedFile("list that does not end", npy("{'descr': [[["), says: "does not end"),
    MalformedFile("nothing", npy(""), says: "is missing"),
    MalformedFile(
      "archive member that is no array", zipArchive(["x.npy": Data("not an array".utf8)]),
      says: "does not start as an NPY array"),
    MalformedFile(
      "archive without arrays", zipArchive(["x.txt": Data("text".utf8)]),
      says: "neither NumPy arrays nor"),
    MalformedFile(
      "one name twice", zipArchive(["x": array(), "x.npy": array()]), says: "two tensors"),
  ]

  @Test(arguments: lies)
  func `every lie is named`(_ file: MalformedFile) {
    let error = openingError(file.data)
    #expect(error?.message.contains(file.message) == true, "\(String(describing: error))")
  }

  @Test(arguments: ["object.npy", "structured.npy"])
  func `arrays of other things than numbers are refused`(_ name: String) throws {
    let error = try openingError(fixtureData(name))
    #expect(error?.code == .unsupported)
  }

  @Test func `members that are no arrays are passed over`() throws {
    let file = try TensorFile(
      data: zipArchive(["readme.txt": Data("text".utf8), "folder/": Data(), "x.npy": Self.array()]),
      path: "test")
    #expect(file.tensors.map(\.name) == ["x"])
  }

  @Test func `Python objects are passed over unless nothing else is there`() throws {
    let objects = try fixtureData("object.npy")
    let file = try TensorFile(
      data: zipArchive(["nn$params.npy": objects, "x.npy": Self.array()]), path: "test")
    #expect(file.tensors.map(\.name) == ["x"])
    let error = openingError(zipArchive(["nn$params.npy": objects]))
    #expect(error?.message.contains("Python objects") == true)
  }
}
