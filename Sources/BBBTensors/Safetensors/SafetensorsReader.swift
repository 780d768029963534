#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads safetensors files and holds them to every rule of the format.
///
/// Layout: the header's length as a little-endian 64-bit number, at most 100,000,000; the header, a
/// JSON object that may be padded with spaces; the bytes of the tensors, without holes or overlaps.
enum SafetensorsReader {
  private static let headerLimit = 100_000_000

  static func read(
    _ data: Data, path: String
  ) throws(TensorFileError) -> (tensors: [Tensor], metadata: [String: String]) {
    var cursor = ByteCursor(data, path: path, place: "the file")
    let length = try cursor.integer(UInt64.self)
    guard length <= UInt64(headerLimit) else {
      throw TensorFileError.damaged(
        path: path,
        "the header is said to have \(length) bytes where at most \(headerLimit) are allowed")
    }
    guard length <= UInt64(cursor.remaining) else {
      throw TensorFileError(
        .malformed, path: path,
        "the header is said to have \(length) bytes but the file has only \(cursor.remaining) "
          + "behind its length; the file is truncated, copy it again")
    }
    let header = try object(in: Array(try cursor.bytes(length)), path: path)
    let payload = data.slice(cursor.position..<data.count)

    var metadata: [String: String] = [:]
    var entries: [SafetensorsEntry] = []
    for (key, value) in header {
      if key == "__metadata__" {
        metadata = try Self.metadata(value, path: path)
      } else {
        entries.append(try SafetensorsEntry(name: key, value, path: path))
      }
    }
    let ordered = entries.enumerated().sorted {
      ($0.element.start, $0.element.end, $0.offset) < ($1.element.start, $1.element.end, $1.offset)
    }.map(\.element)
    var tensors: [Tensor] = []
    var end = 0
    for entry in ordered {
      guard entry.start == end else {
        throw TensorFileError.damaged(
          path: path,
          "tensor \"\(entry.name)\" starts at byte \(entry.start) "
            + (entry.start < end ? "within the one before it" : "behind a hole")
            + ", which ends at byte \(end)")
      }
      guard entry.end <= payload.count else {
        throw TensorFileError(
          .malformed, path: path,
          "the header says tensor \"\(entry.name)\" ends at byte \(entry.end) but only "
            + "\(payload.count) follow the header; the file is truncated, copy it again")
      }
      end = entry.end
      let storage = TensorStorage(
        content: .plain(payload.slice(entry.start..<entry.end)), isBigEndian: false, path: path)
      tensors.append(
        try Tensor(
          name: entry.name, elementType: entry.elementType, shape: entry.shape, storage: storage))
    }
    guard end == payload.count else {
      throw TensorFileError.damaged(
        path: path, "\(payload.count - end) bytes follow the last tensor")
    }
    return (tensors, metadata)
  }

  private static func object(
    in header: [UInt8], path: String
  ) throws(TensorFileError) -> [(key: String, value: StrictJSON)] {
    do throws(StrictJSONParser.Failure) {
      guard header.first == UInt8(ascii: "{"),
        case .object(let members) =
          try StrictJSONParser.parse(header)
      else { throw StrictJSONParser.Failure(reason: "it is not an object", position: 0) }
      return members
    } catch {
      throw TensorFileError.damaged(
        path: path, "the header is not valid at byte \(error.position): \(error.reason)")
    }
  }

  private static func metadata(
    _ value: StrictJSON, path: String
  ) throws(TensorFileError) -> [String: String] {
    guard case .object(let members) = value else {
      throw TensorFileError.damaged(path: path, "__metadata__ is not an object")
    }
    var metadata: [String: String] = [:]
    for (key, value) in members {
      guard case .string(let string) = value else {
        throw TensorFileError.damaged(
          path: path, "the value of \"\(key)\" in __metadata__ is not a string")
      }
      metadata[key] = string
    }
    return metadata
  }
}
