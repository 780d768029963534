import Foundation
import Testing

@testable import BBBTensors

struct EncoderTests {
  private let tensors = [
    Tensor(name: "b", shape: [2, 2], floats: [1, -0.0, .leastNonzeroMagnitude, .infinity]),
    Tensor(name: "a", shape: [3], doubles: [0.1, -2, 1e300]),
    Tensor(name: "mask/é", shape: [3], bytes: [0, 1, 255]),
    Tensor(name: "empty", shape: [0, 2], floats: []),
    Tensor(name: "scalar", shape: [], floats: [3]),
  ]

  private func expectSameNumbers(_ file: TensorFile) throws {
    #expect(file.tensors.count == tensors.count)
    for tensor in tensors {
      let copy = try #require(file[tensor.name]).loaded()
      #expect(copy.shape == tensor.shape)
      #expect(copy.elementType == tensor.elementType)
      if tensor.elementType.isFloatingPoint {
        #expect(try copy.doubles().map(\.bitPattern) == tensor.doubles().map(\.bitPattern))
      } else {
        #expect(try copy.bytes() == tensor.bytes())
      }
    }
  }

  @Test func `safetensors are the bytes of the reference implementation`() throws {
    let fixture = try TensorFile(contentsOf: fixturePath("all_types.safetensors"))
    let encoded = try SafetensorsEncoder.encode(
      fixture.tensors.reversed(), metadata: fixture.metadata)
    #expect(try encoded == fixtureData("all_types.safetensors"))
  }

  @Test func `safetensors are read as they were written`() throws {
    let metadata = ["z": "\u{1}\"\\\n", "a": "é"]
    let data = try SafetensorsEncoder.encode(tensors, metadata: metadata)
    let file = try TensorFile(data: data, path: "test")
    try expectSameNumbers(file)
    #expect(file.metadata == metadata)
    #expect(file.tensors.map(\.name) == ["a", "b", "empty", "scalar", "mask/é"])
    #expect(try data == SafetensorsEncoder.encode(tensors.reversed(), metadata: metadata))
    #expect(data[0].isMultiple(of: 8), "the payload is aligned")
  }

  @Test(arguments: [false, true])
  func `arrays are read as they were written`(isCompressed: Bool) throws {
    let data = try NPZEncoder.encode(tensors, isCompressed: isCompressed)
    let file = try TensorFile(data: data, path: "test")
    #expect(file.format == .npz)
    #expect(file.tensors.map(\.name) == tensors.map(\.name))
    try expectSameNumbers(file)
    #expect(try data == NPZEncoder.encode(tensors, isCompressed: isCompressed))
  }

  @Test func `bfloat16 is the nearest number, ties to even`() throws {
    // 1 + 2⁻⁷ is the next number after 1; halfway goes to the even one, here 1.
    let doubles = [1 + 0x1p-8, 1 + 0x1.8p-7, 1 + 0x1.02p-8, -0x1.FFp127, .infinity, 0x1p-133]
    let tensor = Tensor(name: "x", shape: [6], .bfloat16, doubles: doubles)
    #expect(tensor.elementType == .bfloat16)
    #expect(try tensor.doubles() == [1, 1 + 0x1p-6, 1 + 0x1p-7, -.infinity, .infinity, 0x1p-133])
    #expect(try Tensor(name: "x", shape: [], .bfloat16, doubles: [.nan]).doubles()[0].isNaN)
  }

  @Test func `zeros are deflated`() throws {
    let zeros = Tensor(
      name: "zeros", shape: [100, 1000], floats: [Float](repeating: 0, count: 100_000))
    let data = try NPZEncoder.encode([zeros])
    #expect(data.count < 1000)
    #expect(try TensorFile(data: data, path: "test").tensors[0].floats() == zeros.floats())
  }

  @Test(arguments: ["scalar.npy", "vector.npy", "matrix.npy", "empty.npy", "mask.npy"])
  func `an array is the bytes of NumPy`(_ name: String) throws {
    let tensor = try TensorFile(contentsOf: fixturePath(name)).tensors[0]
    #expect(try NPYEncoder.encode(tensor) == fixtureData(name))
  }

  @Test func `views are written in their own order`() throws {
    let file = try TensorFile(contentsOf: fixturePath("torch.pt"))
    let names = ["transposed", "shifted", "every_third", "counts", "brain"]
    let views = try names.map { try #require(file["state_dict/" + $0]) }
    let copies = try TensorFile(data: SafetensorsEncoder.encode(views), path: "test")
    for view in views where view.elementType.isFloatingPoint {
      #expect(try copies[view.name]?.floats() == view.floats())
    }
    let arrays = try TensorFile(data: NPZEncoder.encode(views), path: "test")
    #expect(arrays["state_dict/brain"]?.elementType == .float32)
    #expect(try arrays["state_dict/brain"]?.floats() == file["state_dict/brain"]?.floats())
    #expect(arrays["state_dict/counts"]?.elementType.description == "I64")
  }

  @Test func `what a format cannot hold is refused`() throws {
    let twice = [tensors[0], tensors[0]]
    #expect(throws: TensorFileError.self) { try SafetensorsEncoder.encode(twice) }
    #expect(throws: TensorFileError.self) { try NPZEncoder.encode(twice) }
    let reserved = Tensor(name: "__metadata__", shape: [0], floats: [])
    #expect(throws: TensorFileError.self) { try SafetensorsEncoder.encode([reserved]) }
    let eighths = try TensorFile(
      data: safetensors(#"{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}"#, payload: 1),
      path: "test")
    #expect(throws: TensorFileError.self) { try NPYEncoder.encode(eighths.tensors[0]) }
    #expect(try SafetensorsEncoder.encode(eighths.tensors).count > 0)
  }
}
