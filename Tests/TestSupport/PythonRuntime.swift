import Foundation

/// Python with ONNX Runtime, which says what others make of a graph.
public enum PythonRuntime {
  /// What a test says that is skipped without it.
  public static let remedy =
    "install Python 3 with onnx and onnxruntime (pip install onnx onnxruntime)"

  /// Whether it is there.
  public static let isThere = (try? run(["-c", "import onnx, onnxruntime"])) != nil

  /// Runs Python.
  ///
  /// - Parameter arguments: Of the command.
  /// - Returns: What it prints.
  /// - Throws: If it fails.
  public static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return data
  }
}
