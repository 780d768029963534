import BBBZlib
import Foundation

/// A file of a public dataset: what it is called, and how it is known to be right.
package struct DatasetFile: Sendable {
  /// The names the file goes by, not compressed; the first is the one that mirrors use.
  package let names: [String]
  /// About the size of the gzipped file, for progress.
  package let downloadByteCount: Int
  /// The size of the content, not compressed.
  package let byteCount: Int
  /// The SHA-256 of the content, not compressed, in hexadecimal digits.
  package let digest: String

  /// Describes a file.
  package init(names: [String], downloadByteCount: Int, byteCount: Int, digest: String) {
    self.names = names
    self.downloadByteCount = downloadByteCount
    self.byteCount = byteCount
    self.digest = digest
  }

  /// The name under which the file is downloaded and kept: mirrors have it gzipped.
  package var downloadName: String { (names.first ?? "") + ".gz" }

  /// The names under which it is looked for, in that order.
  var spellings: [String] { names.flatMap { [$0, $0 + ".gz"] } }

  /// Whether a file, gzipped or not, has exactly the content it should have.
  func isIntact(at path: String) -> Bool {
    guard let size = Self.size(of: path), size <= largestByteCount,
      let file = try? [UInt8](Data(contentsOf: URL(filePath: path)))
    else { return false }
    var content = file
    if file.starts(with: [0x1F, 0x8B]) {
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
