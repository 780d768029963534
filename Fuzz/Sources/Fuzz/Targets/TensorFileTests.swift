import Foundation

@testable import BBBTensors

/// Opens a tensor file, reads all that is in it, and writes and reads it again.
func testTensorFile(_ bytes: [UInt8]) {
  do throws(TensorFileError) {
    let file = try TensorFile(data: Data(bytes), path: "input", open: openNothing)
    for tensor in file.tensors { testReading(tensor) }
    testSafetensors(file)
  } catch {
    requireMessage(error.message)
  }
}

/// Keeps an input that turns out to be an index from opening files.
func openNothing(_ path: String) throws(TensorFileError) -> Data {
  throw TensorFileError(.inaccessible, path: path, "is not there")
}

/// Reads a tensor's elements in every way its type has, whole and in part.
func testReading(_ tensor: Tensor) {
  do throws(TensorFileError) {
    let tensor = try tensor.loaded()
    let part = tensor.count / 3..<tensor.count - tensor.count / 4
    if tensor.elementType.isFloatingPoint {
      let floats = try tensor.floats()
      let doubles = try tensor.doubles()
      require(floats.count == tensor.count, "as many floats as elements")
      require(doubles.count == tensor.count, "as many doubles as elements")
      require(
        zip(floats, doubles).allSatisfy { $0 == Float($1) || $0.isNaN && $1.isNaN },
        "floats are doubles rounded")
      require(
        try tensor.floats(in: part).map(\.bitPattern) == floats[part].map(\.bitPattern),
        "a part of the floats is that part of all")
    } else if tensor.elementType == .uint8 || tensor.elementType == .boolean {
      let bytes = try tensor.bytes()
      require(bytes.count == tensor.count, "as many bytes as elements")
      require(try tensor.bytes(in: part) == Array(bytes[part]), "a part of the bytes")
      require(try tensor.integers() == bytes.map { Int($0) }, "integers are the bytes")
    } else {
      require(try tensor.integers().count == tensor.count, "as many integers as elements")
    }
  } catch {
    requireMessage(error.message)
  }
}

/// Encodes a file's tensors as safetensors and reads them again, where the format can hold them.
private func testSafetensors(_ file: TensorFile) {
  guard let bytes = try? SafetensorsEncoder.encode(file.tensors, metadata: file.metadata) else {
    return
  }
  do throws(TensorFileError) {
    let again = try TensorFile(data: bytes, path: "again")
    require(again.metadata == file.metadata, "metadata are what was written")
    require(again.tensors.count == file.tensors.count, "all tensors are written")
    for tensor in file.tensors {
      guard let other = again[tensor.name] else {
        fatalError("broken promise: a tensor keeps its name")
      }
      try requireEqual(tensor, other)
    }
    let second = try SafetensorsEncoder.encode(again.tensors, metadata: again.metadata)
    require(second == bytes, "the same tensors give the same bytes")
  } catch {
    fatalError("broken promise: what was written is read, but: \(error)")
  }
}

/// Encodes arrays as NPY and reads them again, where the format can hold them.
func testNPY(_ bytes: [UInt8]) {
  testTensorFile(bytes)
  guard let file = try? TensorFile(data: Data(bytes), path: "input", open: openNothing) else {
    return
  }
  for tensor in file.tensors where tensor.elementType != .bfloat16 {
    guard let bytes = try? NPYEncoder.encode(tensor) else { continue }
    do throws(TensorFileError) {
      try requireEqual(tensor, try NPYReader.read(bytes, path: "again"))
    } catch {
      fatalError("broken promise: what was written is read, but: \(error)")
    }
  }
}

private func requireEqual(_ tensor: Tensor, _ other: Tensor) throws(TensorFileError) {
  require(other.elementType == tensor.elementType, "a tensor keeps its type")
  require(other.shape == tensor.shape, "a tensor keeps its shape")
  require(try other.fileBytes() == tensor.fileBytes(), "a tensor keeps its bytes")
}
