import Foundation

/// The value of an option `--NAME=VALUE` of the command line; libFuzzer ignores those.
func option(_ name: String) -> String? {
  let prefix = "--\(name)="
  return CommandLine.arguments.first { $0.hasPrefix(prefix) }.map {
    String($0.dropFirst(prefix.count))
  }
}

/// Writes a target's seeds to a folder, and its dictionary beside it, as libFuzzer reads them.
///
/// - Parameters:
///   - target: The target.
///   - folder: Where the seeds go; the dictionary is `folder.dict`.
///   - fixtures: Folders, with commas, in whose folders `Fixtures` and `golden` small files are found.
/// - Throws: If a file cannot be written.
func writeSeeds(of target: FuzzTarget, to folder: String, fixtures: String) throws {
  let files = fixtures.split(separator: ",").flatMap { root in
    let folder = URL(fileURLWithPath: String(root), isDirectory: true)
    let paths = (FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? [])
      .compactMap { $0 as? String }
      .filter { $0.contains("Fixtures/") || $0.contains("golden/") }
    return paths.sorted().compactMap { path -> Fixture? in
      let file = folder.appendingPathComponent(path)
      // Folders are not read.
      guard let data = try? Data(contentsOf: file) else { return nil }
      return Fixture(name: file.lastPathComponent, bytes: Array(data))
    }
  }
  let output = URL(fileURLWithPath: folder, isDirectory: true)
  try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
  for (index, seed) in try target.seeds(files).enumerated() {
    try Data(seed).write(to: output.appendingPathComponent("seed-\(index)"))
  }
  // libFuzzer refuses a dictionary without a line.
  let lines =
    ["# \(target.name)"]
    + target.dictionary.map { word in
      "\"" + word.utf8.map { String(format: "\\x%02x", $0) }.joined() + "\""
    }
  try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + ".dict"))
}

extension [Fixture] {
  /// The bytes of the fixtures whose names end so.
  func named(_ suffixes: String...) -> [[UInt8]] {
    filter { fixture in suffixes.contains { fixture.name.hasSuffix($0) } }.map(\.bytes)
  }
}
