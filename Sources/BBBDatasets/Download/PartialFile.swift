import Foundation

/// A file while it is being downloaded: what came stays on disk, so that a later attempt can go on.
struct PartialFile {
  let path: String

  /// The part of a file that is to have this path: under a name that nobody takes for the whole.
  init(of path: String) { self.path = path + ".partial" }

  /// The number of bytes that are there.
  var byteCount: Int { DatasetFile.size(of: path) ?? 0 }

  /// Opens the file to write from a place on; what stands behind it is cut off.
  func opened(at offset: Int) throws(DatasetError) -> FileHandle {
    let manager = FileManager.default
    if manager.fileExists(atPath: path) || manager.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path),
      (try? handle.truncate(atOffset: UInt64(offset))) != nil,
      (try? handle.seek(toOffset: UInt64(offset))) != nil
    {
      return handle
    }
    throw unwritable
  }

  /// Gives the file its name, in place of what had it before.
  func finish(as final: String) throws(DatasetError) {
    guard rename(path, final) == 0 else { throw unwritable }
  }

  func remove() { unlink(path) }

  /// The error that nothing can be written.
  var unwritable: DatasetError {
    DatasetError(
      .unwritable, path: path,
      "cannot be written; check the permissions of its folder and the free space")
  }
}
