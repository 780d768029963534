import Foundation
import TestSupport
import Testing

/// `bbbprune data`, without a network.
@Suite final class DataCommandTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  /// Nothing listens at port 9 of the machine itself.
  static let nobody = "http://127.0.0.1:9/mnist"

  @Test func `no connection is one sentence, and leaves no file`() throws {
    let outcome = try commandLine.run("data", "mnist", "--data", "new", "--mirror", Self.nobody)
    #expect(outcome.exitCode == 69)
    let sentence = try #require(outcome.sentence, "\(outcome.errors)")
    for part in ["mnist: ", Self.nobody + "/train-images-idx3-ubyte.gz: ", "--mirror"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: commandLine.path("new")) == ["mnist"])
  }

  @Test(arguments: ["mnist.org", "file:///tmp", "https://", ""])
  func `a mirror must be an address`(mirror: String) throws {
    let outcome = try commandLine.run("data", "mnist", "--mirror", mirror)
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--mirror"))
  }

  @Test func `the built-in digits need no download`() throws {
    let outcome = try commandLine.run("data", "synthetic-digits")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("built in"))
  }

  @Test func `a file where the folder should be`() throws {
    try Data().write(to: URL(filePath: commandLine.path("file")))
    let outcome = try commandLine.run("data", "mnist", "--data", "file", "--mirror", Self.nobody)
    #expect(outcome.exitCode == 74)
    #expect(outcome.sentence?.contains("file/mnist") == true, "\(outcome.errors)")
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `the real files are right, and stay`() throws {
    let outcome = try commandLine.run(
      "data", "mnist", "--data", SharedFolder.data, "--mirror", Self.nobody, "--json", "-")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let result = try #require(json as? [String: Any], "\(outcome.errors)")
    let files = try #require(result["files"] as? [[String: String]])
    #expect(files.count == 4 && files.allSatisfy { $0["outcome"] == "present" })
    #expect((result["folder"] as? String)?.hasSuffix("/mnist") == true)
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `the real mushrooms are right, and stay`() throws {
    let outcome = try commandLine.run(
      "data", "mushroom", "--data", SharedFolder.data, "--mirror", Self.nobody)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("agaricus-lepiota.data: already there"), "\(outcome.output)")
  }

  @Test func `the mushrooms go to a folder of their name`() throws {
    let outcome = try commandLine.run("data", "mushroom", "--data", "new", "--mirror", Self.nobody)
    #expect(outcome.exitCode == 69)
    let sentence = try #require(outcome.sentence, "\(outcome.errors)")
    for part in ["mushroom: ", Self.nobody + "/agaricus-lepiota.data: ", "--mirror"] {
      #expect(sentence.contains(part), "\(sentence)")
    }
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: commandLine.path("new")) == ["mushroom"])
  }
}
