import Foundation
import TestSupport
import Testing

@testable import BBBTensors

/// Elements read from a file rather than through its mapping.
@Suite struct TensorReadingTests {
  @Test(arguments: [
    "all_types.safetensors", "stored.npz", "deflated.npz", "torch.pt", "matrix.npy",
    "sharded/model.safetensors.index.json",
  ])
  func `are those of the mapping, whatever type and layout`(fixture: String) throws {
    let file = try TensorFile(contentsOf: try fixturePath(fixture))
    var readCount = 0
    for tensor in file.tensors where tensor.elementType.isFloatingPoint {
      for range in [0..<tensor.count, tensor.count / 2..<tensor.count, 0..<0] {
        let (copy, part) = try tensor.read(range)
        #expect(
          try copy.doubles(in: part).map(\.bitPattern)
            == tensor.doubles(in: range).map(\.bitPattern))
        let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: range.count)
        defer { floats.deallocate() }
        try tensor.readFloats(in: range, into: floats)
        #expect(floats.map(\.bitPattern) == (try tensor.floats(in: range)).map(\.bitPattern))
        readCount += 1
      }
    }
    #expect(readCount > 0)
  }

  @Test func `come from the file, so that one that was cut short is an error, not the end`() throws
  {
    try withTemporaryFolder { folder in
      let path = folder + "/cut.safetensors"
      let values = (0..<5000).map { Float($0) }
      try SafetensorsEncoder.encode([Tensor(name: "w", shape: [5000], floats: values)])
        .write(to: URL(fileURLWithPath: path))
      let tensor = try #require(try TensorFile(contentsOf: path).tensors.first)
      #expect(try tensor.read(10..<20).tensor.floats() == (10..<20).map { Float($0) })
      #expect(tensor.storage.source != nil)
      #expect(truncate(path, 1000) == 0)
      let error = #expect(throws: TensorFileError.self) { try tensor.read(4000..<5000) }
      #expect(error?.description.contains("another program changed the file") == true)
      let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: 5000)
      defer { floats.deallocate() }
      #expect(throws: TensorFileError.self) { try tensor.readFloats(in: 0..<5000, into: floats) }
    }
  }

  @Test func `of the other byte order are turned round`() throws {
    try withTemporaryFolder { folder in
      let values: [Float] = [1, -2.5, 3e-7]
      let header = "{'descr': '>f4', 'fortran_order': False, 'shape': (3,), }"
      let padding = String(repeating: " ", count: 118 - header.count - 1) + "\n"
      var bytes = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
      bytes.append(contentsOf: (header + padding).utf8)
      for value in values {
        withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
      }
      try bytes.write(to: URL(fileURLWithPath: folder + "/big.npy"))
      let tensor = try #require(try TensorFile(contentsOf: folder + "/big.npy").tensors.first)
      #expect(tensor.storage.source != nil)
      let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2)
      defer { floats.deallocate() }
      try tensor.readFloats(in: 1..<3, into: floats)
      #expect(Array(floats) == Array(values[1...]))
      #expect(try tensor.read(1..<3).tensor.floats() == Array(values[1...]))
    }
  }

  @Test func `in memory are where they are`() throws {
    let tensor = Tensor(name: "w", shape: [3], floats: [1, 2, 3])
    #expect(tensor.storage.source == nil)
    let (same, range) = try tensor.read(1..<3)
    #expect(try same.floats(in: range) == [2, 3])
  }
}
