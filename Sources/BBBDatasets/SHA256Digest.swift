import Crypto
import Foundation

/// A SHA-256 checksum, by which inputs are recognised.
package struct SHA256Digest: Equatable, Sendable {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// The checksum of bytes at hand.
  package init(of content: some DataProtocol) {
    bytes = Array(SHA256.hash(data: content))
  }

  /// The checksum of a file, which is read piece by piece.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``DatasetError`` if it cannot be read.
  package init(ofFile path: String) throws(DatasetError) {
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? file.close() }
      var hash = SHA256()
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
      bytes = Array(hash.finalize())
    } catch {
      throw DatasetError(
        .inaccessible, path: path,
        "cannot be read to compute its checksum; check that it is still there")
    }
  }

  /// 64 hexadecimal digits.
  package var hexadecimal: String {
    bytes.flatMap { [String($0 >> 4, radix: 16), String($0 & 15, radix: 16)] }.joined()
  }

  /// The bytes in Base64, as a content security policy names a script.
  package var base64: String { Data(bytes).base64EncodedString() }
}
