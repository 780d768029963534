import BBBTensors
import Foundation
import Testing

@testable import bbbprune

/// The width of what every command prints.
@Suite final class TableWidthTests {
  private let commandLine: CommandLine
  private static let widths = [40, 60, 80, 120, 200]

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder)
  }

  deinit { commandLine.removeFolder() }

  /// The rows of all tables that a command prints: runs of lines between which there is no empty one, and of which the
  /// second begins where a table's does.
  private func rows(_ arguments: String, width: Int) throws -> [Substring] {
    let outcome = try commandLine.run(
      arguments.split(separator: " ").map(String.init), ["COLUMNS": "\(width)"])
    #expect(outcome.exitCode == 0, "\(arguments): \(outcome.errors)")
    // A row has two spaces between cells; a sentence has none, but for those of 'evaluate' after a number.
    return (outcome.output + outcome.errors).split(separator: "\n").filter {
      $0.contains("  ") && !$0.contains(" %  (")
    }
  }

  @Test(arguments: [
    "inspect model.safetensors",
    "sweep model.safetensors --dataset mnist --data . --uncertainty --ood noise",
    "sweep model.safetensors --dataset mnist --data . --units",
    "evaluate model.safetensors --dataset mnist --data .",
  ])
  func `no row is longer than COLUMNS`(arguments: String) throws {
    for width in Self.widths {
      let rows = try rows(arguments, width: width)
      #expect(!rows.isEmpty && rows.allSatisfy { $0.count <= width }, "\(width): \(rows)")
    }
  }

  @Test func `a model's layers and sections fit, and what has no room is named`() throws {
    _ = try commandLine.output(of: "export model.safetensors --sparsity 0.5 -o model.bbbz")
    for width in Self.widths {
      let rows = try rows("inspect model.bbbz", width: width)
      #expect(rows.allSatisfy { $0.count <= width }, "\(width): \(rows)")
      let titles = try #require(rows.first { $0.contains("weights") })
      #expect(titles.contains("layer") && titles.contains("file"))
      #expect(titles.contains("levels") == (width > 80))
    }
    let narrow = try commandLine.run("inspect", "model.bbbz", environment: ["COLUMNS": "80"])
    #expect(narrow.output.contains("left out in 80 columns: levels, entropy, cost (all in "))
  }

  @Test func `fifty layers of long names fit`() throws {
    let prefix = "guide.module.encoder.blocks.attention_free_mixer"
    let tensors = (0..<50).flatMap { layer in
      ["weight_mu", "weight_rho"].map { part in
        Tensor(
          name: "\(prefix).\(layer).linear.\(part)", shape: [2, 2],
          floats: [Float](repeating: part == "weight_mu" ? 0.5 : -3, count: 4))
      }
    }
    try SafetensorsEncoder.encode(tensors, metadata: [:])
      .write(to: commandLine.folder.appending(path: "deep.safetensors"))
    for width in Self.widths {
      let rows = try rows("inspect deep.safetensors", width: width)
      #expect(rows.count > 50 && rows.allSatisfy { $0.count <= width }, "\(width): \(rows)")
      // The ends of the names, which tell them apart, are there.
      for layer in [0, 49] {
        #expect(
          rows.contains { $0.contains(".\(layer).linear") || $0.contains("\(layer).linear.") })
      }
    }
  }

  @Test func `the width is the user's, else 80, and never less than 40`() {
    func width(_ columns: String?) -> Int {
      TerminalWidth.columns(of: -1, variables: columns.map { ["COLUMNS": $0] } ?? [:])
    }
    #expect(width(nil) == 80 && width("") == 80 && width("wide") == 80 && width("0") == 80)
    #expect(width("97") == 97 && width("12") == 40)
  }

  @Test func `epochs are rows that fit`() {
    for width in Self.widths {
      for hasComplexity in [false, true] {
        for hasValidation in [false, true] {
          let table = EpochTable(
            .categorical, hasComplexity: hasComplexity, hasValidation: hasValidation, width: width)
          let lines = table.header.split(separator: "\n")
          #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
          let titles = lines.dropLast().last ?? ""
          for title in ["epoch", "training", "time left"] { #expect(titles.contains(title)) }
        }
      }
    }
  }
}
