#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The bytes that one or more tensors view: part of a mapped file, or memory.
///
/// Bytes that a file holds deflated are inflated only by ``loaded()``.
public struct TensorStorage: Sendable {
  package enum Content: Sendable {
    /// Bytes as they are; a slice of a memory-mapped file is not read before it is touched.
    case plain(Data)
    /// Bytes that `inflate` yields, `byteCount` of them.
    case deferred(byteCount: Int, inflate: @Sendable () throws(TensorFileError) -> Data)
  }

  package let content: Content
  /// Whether the elements are stored most significant byte first.
  package let isBigEndian: Bool
  /// The file the bytes come from, for messages.
  package let path: String
  /// The file that the bytes are a part of as they are, and where in it they begin; `nil` for others.
  package var source: (file: MappedFile, offset: Int)?

  /// Creates storage of bytes that lie in memory or in a mapped file.
  package init(content: Content, isBigEndian: Bool, path: String) {
    self.content = content
    self.isBigEndian = isBigEndian
    self.path = path
  }

  /// Whether this machine stores numbers most significant byte first.
  package static let isHostBigEndian = 1.bigEndian == 1

  /// The number of bytes, inflated.
  var byteCount: Int {
    switch content {
    case .plain(let data): data.count
    case .deferred(let byteCount, _): byteCount
    }
  }

  /// The number of bits, inflated.
  var bitCount: Int {
    byteCount.multipliedReportingOverflow(by: 8).overflow ? Int.max : byteCount * 8
  }

  /// The storage with its bytes at hand; costs nothing unless they are deflated.
  ///
  /// - Throws: ``TensorFileError`` if the deflated bytes are damaged.
  func loaded() throws(TensorFileError) -> TensorStorage {
    guard case .deferred(_, let inflate) = content else { return self }
    return TensorStorage(content: .plain(try inflate()), isBigEndian: isBigEndian, path: path)
  }
}
