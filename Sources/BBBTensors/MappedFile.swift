#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Opens files as memory maps.
enum MappedFile {
  /// Maps a regular file; its bytes are read from disk only when they are touched.
  ///
  /// `.alwaysMapped`, because `.mappedIfSafe` reads the whole file on Linux. A file that another
  /// program shortens while it is mapped ends the process, which is why writers replace files whole
  /// (``OutputFile``).
  static func data(at path: String) throws(TensorFileError) -> Data {
    func inaccessible(_ what: String) -> TensorFileError {
      TensorFileError(.inaccessible, path: path, what)
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw inaccessible("cannot be opened: \(String(cString: strerror(errno))); check the path")
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw inaccessible("is a folder; give " + fileToGive(of: path))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw inaccessible("is not a regular file; give the path of a file on disk")
    }
    guard status.st_size > 0 else {
      throw TensorFileError(.unknownFormat, path: path, "the file is empty; copy it again")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      guard access(path, R_OK) == 0 else {
        throw inaccessible(
          "cannot be read: \(String(cString: strerror(errno))); check the file's permissions")
      }
      throw inaccessible("cannot be mapped into memory; check the file system it is on")
    }
  }

  /// What to give in place of a folder: the checkpoint in it, where it has one of the usual names.
  private static func fileToGive(of folder: String) -> String {
    let files = ["model.safetensors.index.json", "model.safetensors"].map { name in
      folder + (folder.hasSuffix("/") ? "" : "/") + name
    }
    let file = files.first(where: FileManager.default.fileExists(atPath:))
    return file ?? "the path of a file in it"
  }
}
