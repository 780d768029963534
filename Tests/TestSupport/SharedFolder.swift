import Foundation

/// The folder of real checkpoints, references and data that `BBBPRUNE_SHARED` names, if it is set.
public enum SharedFolder {
  /// The folder.
  public static let path = ProcessInfo.processInfo.environment["BBBPRUNE_SHARED"]

  /// Whether tests that need it can run.
  public static var isThere: Bool { path != nil }

  /// What a test says that is skipped without it.
  public static let remedy = "set BBBPRUNE_SHARED to the folder that holds checkpoints/ and data/"

  /// The folder of datasets.
  public static var data: String { (path ?? "") + "/data" }

  /// The path of a file in it.
  public static func file(_ name: String) -> String { (path ?? "") + "/" + name }

  /// The path of a checkpoint, or of what lies beside it.
  public static func checkpoint(_ name: String) -> String { (path ?? "") + "/checkpoints/" + name }

  /// The path of a network of convolutions or attention, or of what lies beside it.
  public static func graph(_ name: String) -> String { (path ?? "") + "/graphs/" + name }

  /// The names of the checkpoints that have a reference beside them.
  public static let checkpoints = namesWithReference(in: checkpoint(""))

  /// The names of the networks of convolutions or attention that have a reference beside them.
  public static let graphNames = namesWithReference(in: graph(""))

  private static func namesWithReference(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".reference.json") }
      .map { String($0.dropLast(".reference.json".count)) }.sorted()
  }
}
