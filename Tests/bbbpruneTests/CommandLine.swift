import BBBTensors
import Foundation
import Testing

/// The built `bbbprune`, run as users run it.
struct CommandLine {
  /// What a run left behind.
  struct Outcome {
    var exitCode: Int32
    var output: String
    var errors: String

    /// The only line on standard error, without its "error: ".
    var sentence: String? {
      // What is assumed of a checkpoint is said before anything can go wrong.
      let lines = errors.split(separator: "\n").filter { !$0.hasPrefix("assumed, ") }
      guard lines.count == 1, let line = lines.first, line.hasPrefix("error: ") else { return nil }
      return String(line.dropFirst("error: ".count))
    }
  }

  /// A folder of its own for the files of one test.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "bbbprune-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func removeFolder() { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func contents() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  static let executable: URL = {
    #if os(macOS)
      let products = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        .map { $0.bundleURL.deletingLastPathComponent() }
    #else
      let products: URL? = Bundle.main.bundleURL
    #endif
    return (products ?? URL(filePath: ".")).appending(path: "bbbprune")
  }()

  /// Runs `bbbprune` in the folder.
  func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Outcome {
    try run(Self.executable, arguments, environment)
  }

  /// Runs `bbbprune` in the folder.
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(Self.executable, arguments, environment)
  }

  /// Runs `bbbprune` in the folder, which must succeed.
  ///
  /// - Parameter arguments: With spaces between.
  /// - Returns: What it printed.
  /// - Throws: What prevented it from starting.
  func output(of arguments: String) throws -> String {
    let outcome = try run(arguments.split(separator: " ").map(String.init))
    #expect(outcome.exitCode == 0, "\(arguments): \(outcome.errors)")
    return outcome.output
  }

  /// Runs `bbbprune` in the folder with `--json -`, which must succeed.
  ///
  /// - Parameter arguments: With spaces between.
  /// - Returns: The object it printed.
  /// - Throws: What prevented it from starting, or an object from being read.
  func object(of arguments: String) throws -> [String: Any] {
    let output = try output(of: arguments + " --json -")
    return try #require(
      JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// Runs a shell script in which `$BBBPRUNE` is the tool.
  func shell(_ script: String) throws -> Outcome {
    try run(
      URL(filePath: "/bin/sh"), ["-c", script], ["BBBPRUNE": Self.executable.path])
  }

  private func run(
    _ executable: URL, _ arguments: [String], _ environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    // What the machine has must not decide what the test sees.
    variables["BBBPRUNE_DATA"] = nil
    variables["XDG_CACHE_HOME"] = folder.path
    process.environment = variables.merging(environment) { $1 }
    // Files, not pipes: a long output would block a pipe that is read only at the end.
    let streams = ["stdout", "stderr"].map { folder.appending(path: ".\($0)-\(UUID().uuidString)") }
    for stream in streams { try Data().write(to: stream) }
    defer { for stream in streams { try? FileManager.default.removeItem(at: stream) } }
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit, "bbbprune crashed: \(arguments)")
    return Outcome(
      exitCode: process.terminationStatus,
      output: try String(contentsOf: streams[0], encoding: .utf8),
      errors: try String(contentsOf: streams[1], encoding: .utf8))
  }
}
