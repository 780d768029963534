import CBBBLibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An open file, as memory and to read from.
///
/// Its bytes as memory are read from disk only when they are touched. A file that another program
/// shortens while it is mapped ends the process, which is why writers replace files whole
/// (``OutputFile``).
package final class MappedFile: Sendable {
  /// The file's bytes; the mapping lives as long as they, or any slice of them, do.
  package let data: Data
  private let descriptor: Int32
  /// The addresses of the mapping.
  private let addresses: Range<UInt>

  /// Opens and maps a regular file that is not empty.
  package init(at path: String) throws(TensorFileError) {
    func inaccessible(_ what: String) -> TensorFileError {
      TensorFileError(.inaccessible, path: path, what)
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw inaccessible(
        "cannot be opened: \(String(cString: strerror(bbb_error_number()))); check the path")
    }
    guard !bbb_is_folder(&status) else {
      throw inaccessible("is a folder; give " + Self.fileToGive(of: path))
    }
    guard bbb_is_regular_file(&status) else {
      throw inaccessible("is not a regular file; give the path of a file on disk")
    }
    guard status.st_size > 0 else {
      throw TensorFileError(.unknownFormat, path: path, "the file is empty; copy it again")
    }
    let descriptor = bbb_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else {
      let code = bbb_error_number()
      let remedy =
        code == EMFILE
        ? "each shard is an open file, raise the limit with 'ulimit -n'"
        : "check the file's permissions"
      throw inaccessible("cannot be read: \(String(cString: strerror(code))); \(remedy)")
    }
    let byteCount = Int(status.st_size)
    guard let start = bbb_map(descriptor, byteCount) else {
      let isTooLarge = bbb_error_number() == ENOMEM
      close(descriptor)
      throw inaccessible(
        isTooLarge
          ? "its \(byteCount) bytes do not fit into the memory that is allowed; raise the limit ('ulimit -v')"
          : "cannot be mapped into memory; check the file system it is on")
    }
    data = Data(
      bytesNoCopy: start, count: byteCount,
      deallocator: .custom { start, byteCount in munmap(start, byteCount) })
    self.descriptor = descriptor
    let address = UInt(bitPattern: start)
    addresses = address..<address + UInt(byteCount)
  }

  deinit { close(descriptor) }

  /// The bytes of a regular file that is not empty, mapped.
  static func data(at path: String) throws(TensorFileError) -> Data {
    try MappedFile(at: path).data
  }

  /// Where in the file some bytes begin; `nil` if they are not part of the mapping but, say, a copy.
  package func offset(of bytes: Data) -> Int? {
    bytes.withUnsafeBytes { bytes in
      let first = UInt(bitPattern: bytes.baseAddress)
      guard addresses.contains(first), UInt(bytes.count) <= addresses.upperBound - first else {
        return nil
      }
      return Int(first - addresses.lowerBound)
    }
  }

  /// Copies bytes out of the file.
  ///
  /// - Parameters:
  ///   - offset: The position of the first one.
  ///   - target: Is filled.
  /// - Returns: Whether the file still had them all.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var done = 0
    while done < target.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      // SAFETY: `rest` has room for as many bytes as are asked for.
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, bbb_error_number() == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
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
