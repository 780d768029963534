import BBBZlib
import Foundation

/// A gzipped `tar` archive that a public dataset comes in, of which some files are kept.
package struct DatasetArchive: Sendable {
  /// The archive, as it is downloaded.
  let file: DatasetFile
  /// The files that are kept, whose first names are those in the archive.
  let members: [DatasetFile]

  /// Describes an archive.
  ///
  /// - Parameters:
  ///   - file: The archive, as it is downloaded.
  ///   - members: The files that are kept, whose first names are those in the archive.
  package init(file: DatasetFile, members: [DatasetFile]) {
    self.file = file
    self.members = members
  }

  /// The content of files.
  ///
  /// - Parameters:
  ///   - members: Some of the files.
  ///   - path: Where the archive is.
  ///   - receive: Is given each of them and its content.
  /// - Throws: ``DatasetError`` if the archive cannot be read or lacks a file; what `receive` throws.
  func unpack(
    _ members: [DatasetFile], from path: String,
    _ receive: (DatasetFile, ArraySlice<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let compressed = try fileContent(path)
    // The last four bytes of a gzip stream tell how long its content is.
    let byteCount = compressed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard
      let content = try? inflate(compressed.span.bytes, byteCount: byteCount, container: .gzip),
      let archive = TarArchive(content)
    else {
      throw DatasetError(
        .malformed, path: path, "is no gzipped tar archive; remove it and download it again")
    }
    for member in members {
      guard let content = archive.content(of: member.names[0]), content.count == member.byteCount
      else {
        throw DatasetError(
          .malformed, path: path,
          "lacks the file \(member.names[0]) of \(member.byteCount) bytes; remove it and download it again"
        )
      }
      try receive(member, content)
    }
  }
}
