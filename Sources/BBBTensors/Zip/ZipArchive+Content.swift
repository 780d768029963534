import BBBZlib

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ZipArchive {
  /// Slack for the few bytes a deflate stream needs whatever its length.
  private static let ratioSlack = 64

  /// The bytes of a member: a slice of the archive, or inflated.
  func content(of member: ZipMember) throws(TensorFileError) -> Data {
    switch member.method {
    case .stored: data.slice(member.range)
    case .deflated: try inflated(member)
    case .other: throw unsupportedMethod(member)
    }
  }

  /// The first bytes of a member, fewer if it is shorter, without inflating the rest.
  func prefix(of member: ZipMember, byteCount: Int) throws(TensorFileError) -> Data {
    switch member.method {
    case .stored: return data.slice(member.range).prefix(byteCount)
    case .deflated:
      try checkRatio(member)
      do {
        let (output, _, _) = try inflatePrefix(
          of: data.slice(member.range).bytes, byteCount: min(byteCount, member.byteCount),
          container: .raw)
        return Data(output)
      } catch { throw damaged(member, error) }
    case .other: throw unsupportedMethod(member)
    }
  }

  /// The bytes of a member from a position on, inflated or checked only when they are needed.
  ///
  /// - Parameters:
  ///   - member: The member.
  ///   - position: The first byte wanted.
  ///   - checksStored: Whether a stored member is compared with its checksum too, which reads it whole.
  ///     NumPy always does; PyTorch can write archives whose checksums mean nothing.
  /// - Returns: The bytes, or how to get them.
  /// - Throws: ``TensorFileError`` if the member declares more than its compressed bytes can hold.
  func deferredContent(
    of member: ZipMember, from position: Int = 0, checksStored: Bool = false
  ) throws(TensorFileError) -> TensorStorage.Content {
    guard member.method == .deflated || checksStored else {
      return .plain(try content(of: member).dropFirst(position))
    }
    try checkRatio(member)
    return .deferred(byteCount: max(0, member.byteCount - position)) {
      () throws(TensorFileError) -> Data in
      let content = try content(of: member)
      if member.method == .stored { try check(content, member) }
      return content.dropFirst(position)
    }
  }

  private func check(_ content: Data, _ member: ZipMember) throws(TensorFileError) {
    guard crc32(content.bytes) == member.checksum else {
      throw Self.malformed(path, "member \"\(member.name)\" does not match its checksum")
    }
  }

  private func inflated(_ member: ZipMember) throws(TensorFileError) -> Data {
    try checkRatio(member)
    let output: Data
    do {
      output = Data(
        try inflate(data.slice(member.range).bytes, byteCount: member.byteCount, container: .raw))
    } catch { throw damaged(member, error) }
    try check(output, member)
    return output
  }

  private func checkRatio(_ member: ZipMember) throws(TensorFileError) {
    let (most, overflow) = member.range.count.multipliedReportingOverflow(by: maximumDeflateRatio)
    guard overflow || member.byteCount <= most + Self.ratioSlack else {
      throw Self.malformed(
        path,
        "member \"\(member.name)\" declares \(member.byteCount) bytes, "
          + "more than \(member.range.count) compressed bytes can hold")
    }
  }

  private func damaged(_ member: ZipMember, _ error: ZlibError) -> TensorFileError {
    Self.malformed(path, "the compressed data of member \"\(member.name)\" \(error)")
  }

  private func unsupportedMethod(_ member: ZipMember) -> TensorFileError {
    TensorFileError(
      .unsupported, path: path,
      "member \"\(member.name)\" of the zip archive is compressed by another method than deflate; "
        + "save it stored or deflated")
  }
}
