import Foundation
import Testing

@testable import BBBTensors

/// Sparse tensors in PyTorch files, which are read with all their elements.
struct SparseTensorTests {
  /// A checkpoint of one sparse tensor: the numbers of its integer and floating-point storages.
  private static func archive(
    layout: String, indices: [(values: [Int], shape: [Int])], values: [Float],
    valueShape: [Int]? = nil, shape: [Int], type: String = "FloatStorage"
  ) -> Data {
    func tensor(_ key: Int, _ type: String, _ shape: [Int]) -> [UInt8] {
      var strides = [Int](repeating: 1, count: shape.count)
      for dimension in shape.indices.dropLast().reversed() {
        strides[dimension] = strides[dimension + 1] * max(shape[dimension + 1], 1)
      }
      return Pickle.tensor(
        Pickle.storage("\(key)", count: shape.reduce(1, *), type: type), shape: shape,
        strides: strides)
    }
    let parts =
      indices.enumerated().map { tensor($0, "LongStorage", $1.shape) }
      + [tensor(indices.count, type, valueShape ?? [values.count])]
      + [Pickle.global("torch", "Size") + Pickle.tuple(Pickle.integers(shape)) + [0x52], [0x88]]
    let sparse =
      Pickle.global("torch._utils", "_rebuild_sparse_tensor")
      + Pickle.tuple(
        Pickle.global("torch.serialization", "_get_layout")
          + Pickle.tuple(Pickle.string("torch.\(layout)")) + [0x52],
        [0x28] + parts.flatMap(\.self) + [0x74]) + [0x52]
    var encoder = ZipEncoder()
    let pickle = Pickle.file(Pickle.dictionary(Pickle.string("w"), sparse))
    let storages =
      indices.map { $0.values.withUnsafeBytes { Data($0) } }
      + [values.withUnsafeBytes { Data($0) }]
    do {
      try encoder.append(name: "x/data.pkl", content: Data(pickle), isCompressed: false)
      for (key, storage) in storages.enumerated() {
        try encoder.append(name: "x/data/\(key)", content: storage, isCompressed: false)
      }
    } catch {
      Issue.record(error)
    }
    return encoder.finished()
  }

  private static let dense: [Float] = [0, 5, 0, 7, 0, 9]

  static let forms: [(String, Data)] = [
    (
      "coordinates",
      archive(
        layout: "sparse_coo", indices: [([0, 1, 1, 1, 0, 2], [2, 3])], values: [5, 7, 9],
        shape: [2, 3])
    ),
    (
      "coordinates given twice, whose values are added",
      archive(
        layout: "sparse_coo", indices: [([0, 0, 1, 1, 1, 1, 0, 2], [2, 4])],
        values: [2, 3, 7, 9], shape: [2, 3])
    ),
    (
      "rows whole or absent",
      archive(
        layout: "sparse_coo", indices: [([1, 0], [1, 2])], values: [7, 0, 9, 0, 5, 0],
        valueShape: [2, 3], shape: [2, 3])
    ),
    (
      "compressed rows",
      archive(
        layout: "sparse_csr", indices: [([0, 1, 3], [3]), ([1, 0, 2], [3])], values: [5, 7, 9],
        shape: [2, 3])
    ),
    (
      "compressed columns",
      archive(
        layout: "sparse_csc", indices: [([0, 1, 2, 3], [4]), ([1, 0, 1], [3])],
        values: [7, 5, 9], shape: [2, 3])
    ),
  ]

  @Test(arguments: forms)
  func `a sparse tensor is read with all its elements`(form: String, data: Data) throws {
    let file = try TensorFile(data: data, path: "test")
    let tensor = try #require(file["w"])
    #expect(tensor.shape == [2, 3])
    #expect(tensor.elementType == .float32)
    #expect(try tensor.floats() == Self.dense)
    #expect(try tensor.loaded().floats(in: 3..<6) == Array(Self.dense[3...]))
    #expect(file.unreadTensors == [])
  }

  static let lies: [MalformedFile] = [
    MalformedFile(
      "an index beyond its dimension",
      archive(
        layout: "sparse_coo", indices: [([0, 2], [2, 1])], values: [1], shape: [2, 2]),
      says: "at index 2 of a dimension of 2"),
    MalformedFile(
      "a negative index",
      archive(
        layout: "sparse_coo", indices: [([-1, 0], [2, 1])], values: [1], shape: [2, 2]),
      says: "at index -1"),
    MalformedFile(
      "fewer values than indices",
      archive(
        layout: "sparse_coo", indices: [([0, 0, 0, 1], [2, 2])], values: [1], shape: [2, 2]),
      says: "do not fit its shape"),
    MalformedFile(
      "more coordinates than dimensions",
      archive(
        layout: "sparse_coo", indices: [([0, 0, 0], [3, 1])], values: [1], shape: [2, 2]),
      says: "do not fit its shape"),
    MalformedFile(
      "rows that go back",
      archive(
        layout: "sparse_csr", indices: [([0, 2, 1], [3]), ([0], [1])], values: [1],
        shape: [2, 2]), says: "where its rows begin"),
    MalformedFile(
      "rows beyond the values",
      archive(
        layout: "sparse_csr", indices: [([0, 0, 9], [3]), ([0], [1])], values: [1],
        shape: [2, 2]), says: "where its rows begin"),
    MalformedFile(
      "a row too few",
      archive(
        layout: "sparse_csr", indices: [([0, 1], [2]), ([0], [1])], values: [1], shape: [2, 2]),
      says: "do not fit its shape"),
    MalformedFile(
      "a shape that overflows",
      archive(
        layout: "sparse_coo", indices: [([0, 0], [2, 1])], values: [1],
        shape: [1 << 40, 1 << 40]), says: "impossible shape"),
    MalformedFile(
      "more elements than memory",
      archive(
        layout: "sparse_coo", indices: [([0, 0], [2, 1])], values: [1],
        shape: [1 << 20, 1 << 20]), says: ".to_dense()"),
  ]

  @Test(arguments: lies)
  func `a sparse tensor that does not fit is refused`(_ lie: MalformedFile) {
    let error = #expect(throws: TensorFileError.self) {
      _ = try TensorFile(data: lie.data, path: "test")["w"]?.floats()
    }
    #expect(error?.message.contains(lie.message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["sparse_bsr", "mkldnn"])
  func `a tensor of another layout is named`(layout: String) throws {
    let data = Self.archive(
      layout: layout, indices: [([0, 0], [2, 1])], values: [1], shape: [2, 2])
    let file = try TensorFile(data: data, path: "test")
    #expect(file.tensors.isEmpty)
    #expect(file.unreadTensors.map(\.name) == ["w"])
    #expect(file.unreadTensors.first?.kind.description == "a tensor of layout torch.\(layout)")
  }

  @Test func `a sparse tensor of integers is named`() throws {
    let data = Self.archive(
      layout: "sparse_coo", indices: [([0, 0], [2, 1])], values: [1], shape: [2, 2],
      type: "IntStorage")
    #expect(
      try TensorFile(data: data, path: "test").unreadTensors.first?.kind.description
        == "a sparse tensor of I32 numbers")
  }
}
