import BBBZlib
import Foundation

/// A file of a public dataset: what it is called, and how it is known to be right.
package struct DatasetFile: Sendable {
  /// The names the file goes by, not compressed; the first is the one that mirrors use.
  package let names: [String]
  /// Whether mirrors have the file gzipped.
  let isGzipped: Bool
  /// About the size of what is downloaded, for progress.
  package let downloadByteCount: Int
  /// The size of the content, not compressed.
  package let byteCount: Int
  /// The SHA-256 of the content, not compressed, or of the file as it is downloaded; in hexadecimal digits.
  package let digest: String
  /// Whether the digest is that of the file as it is downloaded, so that only that file is known to be right.
  let isDigestOfDownload: Bool

  /// Describes a file.
  ///
  /// - Parameters:
  ///   - names: The names the file goes by, not compressed.
  ///   - isGzipped: Whether mirrors have it gzipped.
  ///   - downloadByteCount: About the size of what is downloaded.
  ///   - byteCount: The size of the content, not compressed.
  ///   - digest: The SHA-256 of the content, not compressed, or of what is downloaded.
  ///   - isDigestOfDownload: Whether it is that of what is downloaded.
  package init(
    names: [String], isGzipped: Bool = true, downloadByteCount: Int, byteCount: Int, digest: String,
    isDigestOfDownload: Bool = false
  ) {
    self.names = names
    self.isGzipped = isGzipped
    self.downloadByteCount = downloadByteCount
    self.byteCount = byteCount
    self.digest = digest
    self.isDigestOfDownload = isDigestOfDownload
  }

  /// The name under which the file is downloaded and kept.
  package var downloadName: String { (names.first ?? "") + (isGzipped ? ".gz" : "") }

  /// The names under which it is looked for, in that order.
  ///
  /// What can be known to be right goes before what cannot.
  var spellings: [String] {
    names.flatMap { isDigestOfDownload ? [$0 + ".gz", $0] : [$0, $0 + ".gz"] }
  }

  /// Whether a file of this name can be known to be right.
  func isKnown(as name: String) -> Bool { !isDigestOfDownload || name == downloadName }

  /// Whether a file, gzipped or not, has exactly the content it should have.
  func isIntact(at path: String) -> Bool {
    guard let size = Self.size(of: path), size <= largestByteCount,
      let file = try? [UInt8](Data(contentsOf: URL(filePath: path)))
    else { return false }
    var content = file
    if !isDigestOfDownload, file.starts(with: [0x1F, 0x8B]) {
      guard
        let inflated = try? inflate(file.span.bytes, byteCount: byteCount, container: .gzip)
      else { return false }
      content = inflated
    }
    return SHA256Digest(of: content).hexadecimal == digest
  }

  /// More than the file can have, compressed or not: whoever sends more sends something else.
  var largestByteCount: Int { byteCount + byteCount / 10 + 1024 }

  /// The size of a regular file; nil if there is none.
  static func size(of path: String) -> Int? {
    guard DatasetLocator.isFile(path) else { return nil }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue
  }
}
