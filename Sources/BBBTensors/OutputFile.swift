import CBBBLibc

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes files that are there whole or not at all.
public enum OutputFile {
  /// Writes data to a path.
  ///
  /// A file is written under a temporary name in the same folder, flushed to disk and renamed, so that
  /// neither a reader nor a full disk ever leaves half a file, and a mapped old version stays intact.
  /// An existing file keeps its permissions; a symbolic link is followed and its target replaced.
  /// A path that exists and is no regular file, such as a pipe or `/dev/stdout`, is written to
  /// directly.
  ///
  /// - Parameters:
  ///   - data: The content.
  ///   - path: Where to write it.
  /// - Throws: ``TensorFileError`` with the system's reason.
  public static func write(_ data: Data, to path: String) throws(TensorFileError) {
    try write([(data, path)])
  }

  /// Writes several files, all of them or none: a file is renamed only when what follows it has been written.
  ///
  /// - Parameter files: What to write where, as ``write(_:to:)`` does.
  /// - Throws: ``TensorFileError`` with the system's reason for the first that cannot be written.
  public static func write(_ files: [(data: Data, path: String)]) throws(TensorFileError) {
    guard let (data, path) = files.first else { return }
    var laterFailure: TensorFileError?
    func writeOthers() throws(SystemError) {
      do throws(TensorFileError) {
        try write(Array(files.dropFirst()))
      } catch {
        laterFailure = error
        throw SystemError()
      }
    }
    do throws(SystemError) {
      if let stream = openStream(path) {
        defer { close(try? stream.get()) }
        try writeAll(data, to: stream.get())
        try writeOthers()
      } else {
        try replace(linkTarget(of: path), with: data, after: writeOthers)
      }
    } catch {
      if let laterFailure { throw laterFailure }
      throw TensorFileError(
        .unwritable, path: path,
        "cannot be written: \(String(cString: strerror(error.code))); "
          + "check the path, the permissions of its folder and the free space")
    }
  }

  /// Removes the temporary files of writes under way, in a process that is about to end.
  ///
  /// For a program's handling of Ctrl-C: a signal handler may call it, if it has been called once before, outside
  /// of one.
  public static func removeTemporaryFiles() { TemporaryFiles.removeAll() }

  /// A failed system call, by its error number.
  private struct SystemError: Error {
    let code: Int32

    init(_ code: Int32 = bbb_error_number()) { self.code = code }
  }

  /// A descriptor for a path that is written to directly; nil if it is to be replaced or created.
  private static func openStream(_ path: String) -> Result<Int32, SystemError>? {
    // The standard streams by their number: opening them by name would start at byte 0 of a file
    // that the shell redirected them to.
    let standard = ["/dev/stdout": 1, "/dev/stderr": 2, "/dev/fd/1": 1, "/dev/fd/2": 2]
    if let number = standard[path] {
      let copy = dup(Int32(number))
      return copy >= 0 ? .success(copy) : .failure(SystemError())
    }
    var status = stat()
    guard stat(path, &status) == 0, !bbb_is_regular_file(&status) else { return nil }
    let descriptor = bbb_open(path, O_WRONLY | O_CLOEXEC, 0)
    return descriptor >= 0 ? .success(descriptor) : .failure(SystemError())
  }

  private static func close(_ descriptor: Int32?) {
    if let descriptor { _ = CBBBLibc.close(descriptor) }
  }

  /// Follows symbolic links, to a target that may not exist yet.
  private static func linkTarget(of path: String) throws(SystemError) -> String {
    var path = path
    for _ in 0..<40 {
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let length = buffer.withUnsafeMutableBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          characters.baseAddress.map { readlink(path, $0, characters.count) } ?? -1
        }
      }
      guard length >= 0 else { return path }
      let target = String(decoding: buffer.prefix(length), as: UTF8.self)
      path = target.hasPrefix("/") ? target : folder(of: path) + target
    }
    throw SystemError(ELOOP)
  }

  /// The folder a path is in, with its slash; empty for the current one.
  private static func folder(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[...$0] } ?? ""
  }

  /// A hidden name that no file has, in the folder of a path, so that renaming stays on one disk.
  static func temporaryPath(beside path: String) -> String {
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    return folder(of: path) + ".bbbprune-" + suffix + ".tmp"
  }

  /// Replaces or creates a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - data: Its content.
  ///   - others: What has to succeed before the file gets its name.
  /// - Throws: What the system says, or `others` throws.
  private static func replace(
    _ path: String, with data: Data, after others: () throws(SystemError) -> Void
  ) throws(SystemError) {
    var status = stat()
    let isExisting = stat(path, &status) == 0
    if isExisting {
      guard access(path, W_OK) == 0 else { throw SystemError() }
    }
    let temporary = temporaryPath(beside: path)
    try TemporaryFiles.listing(temporary) { () throws(SystemError) in
      try write(
        data, to: temporary, replacing: path, permissions: isExisting ? status.st_mode : nil,
        after: others)
    }
  }

  /// Writes a file under a temporary name, and gives it its own.
  private static func write(
    _ data: Data, to temporary: String, replacing path: String, permissions: mode_t?,
    after others: () throws(SystemError) -> Void
  ) throws(SystemError) {
    let descriptor = bbb_open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError() }
    do throws(SystemError) {
      do throws(SystemError) {
        try writeAll(data, to: descriptor)
        if let permissions {
          guard fchmod(descriptor, permissions & 0o7777) == 0 else { throw SystemError() }
        }
        guard fsync(descriptor) == 0 else { throw SystemError() }
      } catch {
        close(descriptor)
        throw error
      }
      guard CBBBLibc.close(descriptor) == 0 else { throw SystemError() }
      try others()
      guard rename(temporary, path) == 0 else { throw SystemError() }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func writeAll(_ data: Data, to descriptor: Int32) throws(SystemError) {
    var position = 0
    while position < data.count {
      // At most 1 GiB at a time: Linux writes no more, and Darwin refuses more than 2 GiB.
      let part = data.slice(position..<min(data.count, position + 1 << 30))
      let written = part.withUnsafeBytes { CBBBLibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        let error = SystemError()
        if error.code == EINTR { continue }
        throw error
      }
      position += written
    }
  }
}
