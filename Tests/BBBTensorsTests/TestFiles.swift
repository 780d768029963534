import Foundation
import Testing

@testable import BBBTensors

/// A file in Fixtures/, which make_fixtures.py wrote.
func fixturePath(_ name: String) throws -> String {
  try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)").path
}

/// The bytes of a file in Fixtures/.
func fixtureData(_ name: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: fixturePath(name)))
}

/// The error that opening some bytes throws.
func openingError(_ data: Data) -> TensorFileError? {
  do {
    _ = try TensorFile(data: data, path: "test")
    return nil
  } catch { return error }
}

/// A file with one lie in it, and a part of what the reader must say.
struct MalformedFile: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let data: Data
  let message: String

  init(_ lie: String, _ data: Data, says message: String) {
    testDescription = lie
    self.data = data
    self.message = message
  }
}

/// A safetensors file of a header and a payload, with the true length of the header or another one.
func safetensors(_ header: String, payload: Int = 0, length: UInt64? = nil) -> Data {
  var data = Data()
  data.appendLittleEndian(length ?? UInt64(header.utf8.count))
  data.append(contentsOf: header.utf8)
  data.append(Data(count: payload))
  return data
}

/// An NPY file of a dictionary and a payload.
func npy(
  _ dictionary: String, payload: Data = Data(), version: [UInt8] = [1, 0], length: Int? = nil
) -> Data {
  var data = Data(NPYHeader.magic + version)
  let length = length ?? dictionary.utf8.count + 1
  if version[0] == 1 {
    data.appendLittleEndian(UInt16(length))
  } else {
    data.appendLittleEndian(UInt32(length))
  }
  data.append(contentsOf: dictionary.utf8)
  data.append(UInt8(ascii: "\n"))
  data.append(payload)
  return data
}

/// A zip archive of stored or deflated members.
func zipArchive(
  _ members: KeyValuePairs<String, Data>, isCompressed: Bool = false
) -> Data {
  var encoder = ZipEncoder()
  for (name, content) in members {
    do {
      try encoder.append(name: name, content: content, isCompressed: isCompressed)
    } catch {
      Issue.record(error)
    }
  }
  return encoder.finished()
}

extension Data {
  /// The data with other bytes in one place, counted from the end if negative.
  func patched(_ position: Int, _ bytes: [UInt8]) -> Data {
    var copy = Data(self)
    let start = position < 0 ? copy.count + position : position
    copy.replaceSubrange(start..<start + bytes.count, with: bytes)
    return copy
  }

  /// The data with another little-endian integer in one place, counted from the end if negative.
  func patched(_ position: Int, _ value: some FixedWidthInteger) -> Data {
    var bytes = Data()
    bytes.appendLittleEndian(value)
    return patched(position, Array(bytes))
  }
}

/// Assembles pickles of protocol 2 by hand.
enum Pickle {
  static func file(_ parts: [UInt8]...) -> [UInt8] { [0x80, 2] + parts.flatMap(\.self) + [0x2E] }

  static func string(_ string: String) -> [UInt8] {
    var data = Data([0x58])
    data.appendLittleEndian(UInt32(string.utf8.count))
    return Array(data) + Array(string.utf8)
  }

  /// LONG1 of eight bytes.
  static func integer(_ value: Int) -> [UInt8] {
    var data = Data([0x8A, 8])
    data.appendLittleEndian(value)
    return Array(data)
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ elements: [UInt8]...) -> [UInt8] {
    [0x28] + elements.flatMap(\.self) + [0x74]
  }

  static func integers(_ values: [Int]) -> [UInt8] {
    [0x28] + values.flatMap(integer) + [0x74]
  }

  static func dictionary(_ items: [UInt8]...) -> [UInt8] {
    [0x7D, 0x28] + items.flatMap(\.self) + [0x75]
  }

  static func list(_ elements: [UInt8]...) -> [UInt8] {
    [0x5D, 0x28] + elements.flatMap(\.self) + [0x65]
  }

  static func storage(
    _ key: String = "0", count: Int = 4, type: String = "FloatStorage", view: [UInt8]? = nil
  ) -> [UInt8] {
    [0x28] + string("storage") + global("torch", type) + string(key) + string("cpu")
      + integer(count) + (view ?? []) + [0x74, 0x51]
  }

  static func tensor(
    _ storage: [UInt8] = storage(), offset: Int = 0, shape: [Int] = [2, 2],
    strides: [Int] = [2, 1]
  ) -> [UInt8] {
    global("torch._utils", "_rebuild_tensor_v2")
      + tuple(
        storage, integer(offset), integers(shape), integers(strides), [0x89],
        dictionary()) + [0x52]
  }
}

/// A PyTorch archive with one storage, of the four floats 1, 2, 3 and 4.
func torchArchive(
  _ pickle: [UInt8], storage: Data = fourFloats, byteOrder: String = "little"
) -> Data {
  zipArchive([
    "root/data.pkl": Data(pickle), "root/byteorder": Data(byteOrder.utf8), "root/data/0": storage,
  ])
}

let fourFloats = [1, 2, 3, 4].map { Float($0) }.withUnsafeBytes { Data($0) }
