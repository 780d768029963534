import ArgumentParser
import BBBTensors
import Foundation

/// The files that a command will write, checked before it starts to work.
struct OutputPaths {
  private var outputs: [(option: String, path: String)] = []

  /// Adds a file; nothing if the user did not ask for it, or asked for standard output.
  mutating func add(_ option: String, _ path: String?) {
    guard let path, path != "-" else { return }
    outputs.append((option, path))
  }

  /// Checks that no file is written twice or over an input, and that each can be written where it is to be.
  ///
  /// - Parameter inputs: The files the command reads; the shards that an index names are read with it.
  /// - Throws: `ValidationError` for files that would overwrite one another, ``CommandError`` for a folder
  ///   that is not there or not writable.
  func check(inputs: [String?]) throws {
    let inputs = inputs.compactMap(\.self)
      .flatMap { [$0] + TensorFile.shardPaths(ofIndex: $0) }
    for (index, output) in outputs.enumerated() {
      if let input = inputs.first(where: { Self.isSameFile($0, output.path) }) {
        throw ValidationError(
          "'\(output.option) \(output.path)' would overwrite the input '\(input)': choose another name."
        )
      }
      if let other = outputs[..<index].first(where: { Self.isSameFile($0.path, output.path) }) {
        throw ValidationError(
          "'\(other.option)' and '\(output.option)' both write '\(output.path)': choose another name."
        )
      }
      try Self.checkFolder(of: output.path)
    }
  }

  /// Refuses a path whose file would have an ending but no name, such as `.bbbz`.
  static func checkName(_ path: String) throws {
    let name = URL(filePath: path).lastPathComponent
    guard name.first == ".", !name.dropFirst().contains(".") else { return }
    throw ValidationError("'\(path)' is an ending without a name: write such as 'model\(name)'.")
  }

  static func isSameFile(_ first: String, _ second: String) -> Bool {
    func place(_ path: String) -> URL { URL(filePath: path).resolvingSymlinksInPath() }
    // Devices and pipes take any number of writers.
    if isDevice(first) { return false }
    return place(first).path == place(second).path
  }

  private static func isDevice(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  private static func checkFolder(of path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard !isFolder.boolValue else {
        throw CommandError(.unwritable, path: path, "is a folder; name a file to write")
      }
      if isDevice(path) { return }
      guard FileManager.default.isWritableFile(atPath: path) else {
        throw CommandError(
          .unwritable, path: path,
          "cannot be written: the file is write-protected; choose another name")
      }
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CommandError(
        .unwritable, path: path, "cannot be written: its folder does not exist; make it first")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw CommandError(
        .unwritable, path: path, "cannot be written: its folder is not writable; choose another")
    }
  }
}
