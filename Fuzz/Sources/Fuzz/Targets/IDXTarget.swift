import BBBDatasets
import BBBZlib

extension FuzzTarget {
  /// IDX files, gzipped or not.
  static let idx = FuzzTarget(
    name: "idx", test: testIDX,
    seeds: { _ in
      let files = IDXFile.ElementType.allCases.flatMap { type in
        [[], [3], [2, 1, 2]].map { shape in
          idxFile(
            type: type.rawValue, shape: shape,
            elements: (0..<shape.reduce(type.byteCount, *)).map { UInt8($0) })
        }
      }
      return files + files.map { deflate($0.span.bytes, container: .gzip) }
    },
    container: GzipStream.self)
}

/// Reads an IDX file, and reads what it holds again from a file made of it, plain and gzipped.
private func testIDX(_ bytes: [UInt8]) {
  do throws(DatasetError) {
    let file = try IDXFile(bytes: bytes, path: "input")
    require(
      file.bytes.count == file.shape.reduce(file.elementType.byteCount, *),
      "as many bytes as the shape says")
    let plain = idxFile(type: file.elementType.rawValue, shape: file.shape, elements: file.bytes)
    for copy in [plain, deflate(plain.span.bytes, container: .gzip)] {
      let again = try IDXFile(bytes: copy, path: "again")
      require(again.elementType == file.elementType, "the same type of elements")
      require(again.shape == file.shape, "the same shape")
      require(again.bytes == file.bytes, "the same elements")
    }
  } catch {
    require(error.path == "input", "what was written is read")
    requireMessage(error.message)
  }
}

/// An IDX file.
private func idxFile(type: UInt8, shape: [Int], elements: [UInt8]) -> [UInt8] {
  [0, 0, type, UInt8(shape.count)]
    + shape.flatMap { [UInt8](littleEndian: $0, byteCount: 4).reversed() } + elements
}
