import CBBBKernels
import Foundation
import Testing

@testable import BBBTensors

struct TensorTests {
  @Test func `a part of a vector is seen in another shape`() throws {
    let vector = Tensor(name: "hess", shape: [10], floats: (0..<10).map(Float.init))
    let matrix = try vector.slice(2..<8, shape: [2, 3], name: "fc1")
    #expect(matrix.name == "fc1")
    #expect(matrix.shape == [2, 3])
    #expect(try matrix.floats() == [2, 3, 4, 5, 6, 7])
    #expect(try matrix.doubles(in: 3..<5) == [5, 6])
    let row = try Tensor(name: "x", shape: [6], floats: matrix.floats())
    #expect(try row.slice(6..<6, shape: [0], name: "end").floats() == [])
  }

  @Test func `a part of a strided vector keeps its stride`() throws {
    let base = Tensor(name: "base", shape: [9], floats: (0..<9).map(Float.init))
    let strided = try Tensor(
      name: "strided", elementType: .float32, shape: [4], strides: [2], offset: 1,
      storage: base.storage)
    #expect(try strided.floats() == [1, 3, 5, 7])
    #expect(try strided.slice(1..<4, shape: [3, 1], name: "part").floats() == [3, 5, 7])
  }

  @Test func `a part that does not fit is refused`() {
    let vector = Tensor(name: "v", shape: [4], floats: [1, 2, 3, 4])
    let matrix = Tensor(name: "m", shape: [2, 2], floats: [1, 2, 3, 4])
    #expect(throws: TensorFileError.self) { try vector.slice(1..<5, shape: [4], name: "p") }
    #expect(throws: TensorFileError.self) { try vector.slice(0..<4, shape: [3], name: "p") }
    #expect(throws: TensorFileError.self) { try vector.slice(0..<1, shape: [-1, -1], name: "p") }
    #expect(throws: TensorFileError.self) { try matrix.slice(0..<2, shape: [2], name: "p") }
  }

  @Test func `every binary16 is decoded exactly`() {
    for bits in 0...UInt16.max {
      let sign: Double = bits >> 15 == 0 ? 1 : -1
      let exponent = Int(bits >> 10 & 31)
      let fraction = Double(bits & 1023)
      let value = bbb_half_to_float(bits)
      if exponent == 31 {
        #expect(fraction == 0 ? Double(value) == sign * .infinity : value.isNaN)
      } else {
        // IEEE 754-2008, section 3.4.
        let expected =
          exponent == 0
          ? sign * fraction * 0x1p-24
          : sign * (1 + fraction / 1024)
            * Double(sign: .plus, exponent: exponent - 15, significand: 1)
        #expect(Double(value) == expected && value.sign == (sign < 0 ? .minus : .plus))
      }
    }
  }

  @Test(arguments: [[], [1], [5], [2, 3], [3, 1, 2], [2, 0, 3], [2, 3, 2, 2]])
  func `any order of the dimensions is read`(_ shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let base = Tensor(name: "base", shape: [count], floats: (0..<count).map(Float.init))
    // The dimensions reversed, and all but the last of them.
    let strides = try #require(TensorShape.columnMajorStrides(of: shape))
    let view = try Tensor(
      name: "view", elementType: .float32, shape: shape, strides: strides, storage: base.storage)
    var expected: [Float] = []
    for position in 0..<count {
      var rest = position
      var index = 0
      for dimension in shape.indices.reversed() {
        index += rest % shape[dimension] * strides[dimension]
        rest /= shape[dimension]
      }
      expected.append(Float(index))
    }
    #expect(try view.floats() == expected)
    for start in 0...count {
      #expect(try view.floats(in: start..<count) == Array(expected[start...]))
    }
  }

  @Test func `bytes are read in part, whatever their order`() throws {
    let base = Tensor(name: "mask", shape: [6], bytes: [0, 1, 2, 3, 4, 5])
    #expect(try base.bytes(in: 2..<5) == [2, 3, 4])
    #expect(try base.bytes(in: 6..<6) == [])
    let view = try Tensor(
      name: "mask", elementType: .uint8, shape: [2, 3], strides: [1, 2], storage: base.storage)
    #expect(try view.bytes() == [0, 2, 4, 1, 3, 5])
    #expect(try view.bytes(in: 1..<5) == [2, 4, 1, 3])
    let floats = Tensor(name: "w", shape: [1], floats: [1])
    #expect(throws: TensorFileError.self) { try floats.bytes(in: 0..<1) }
  }

  @Test func `ranges beyond the elements are programming errors`() async {
    await #expect(processExitsWith: .failure) {
      _ = try Tensor(name: "v", shape: [1], floats: [1]).floats(in: 0..<2)
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor(name: "v", shape: [2, 2], floats: [1])
    }
  }
}
