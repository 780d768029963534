import ArgumentParser
import BBBTensors
import Foundation

/// The `--output` option of experiments: a folder for all files.
struct ExperimentFolder: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The folder for numbers and figure; it is made if need be.", valueName: "folder"))
  var path: String

  /// Makes the folder, and checks that files can be written to it, before the work begins.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CommandError(
        .unwritable, path: path, "cannot be made a folder; check the path and its permissions")
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw CommandError(.unwritable, path: path, "is not writable; choose another folder")
    }
  }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a text into the folder.
  func write(_ text: String, to name: String) throws {
    try OutputFile.write(Data(text.utf8), to: file(name))
  }
}
