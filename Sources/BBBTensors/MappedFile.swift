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

/// A file as memory: its bytes are read from disk only when they are touched.
///
/// A file that another program shortens while it is mapped ends the process, which is why writers
/// replace files whole (``OutputFile``).
struct MappedFile {
  /// The file's bytes; the mapping lives as long as they, or any slice of them, do.
  let data: Data
  /// The addresses of the mapping.
  private let addresses: Range<UInt>

  /// Maps a regular file that is not empty.
  init(at path: String) throws(TensorFileError) {
    func inaccessible(_ what: String) -> TensorFileError {
      TensorFileError(.inaccessible, path: path, what)
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw inaccessible("cannot be opened: \(String(cString: strerror(errno))); check the path")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw inaccessible("is not a regular file; give the path of a file on disk")
    }
    guard status.st_size > 0 else {
      throw TensorFileError(.unknownFormat, path: path, "the file is empty; copy it again")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw inaccessible(
        "cannot be read: \(String(cString: strerror(errno))); check the file's permissions")
    }
    defer { close(descriptor) }
    let byteCount = Int(status.st_size)
    guard let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else {
      throw inaccessible("cannot be mapped into memory; check the file system it is on")
    }
    data = Data(
      bytesNoCopy: start, count: byteCount,
      deallocator: .custom { start, byteCount in munmap(start, byteCount) })
    let address = UInt(bitPattern: start)
    addresses = address..<address + UInt(byteCount)
  }

  /// Whether bytes are part of the mapping rather than a copy of a part.
  func holds(_ bytes: Data) -> Bool {
    bytes.withUnsafeBytes { bytes in
      let first = UInt(bitPattern: bytes.baseAddress)
      return addresses.contains(first) && UInt(bytes.count) <= addresses.upperBound - first
    }
  }
}
