import BBBTensors
import Foundation
import Testing

/// The same numbers give the same predictions, whatever kind of file they are in.
@Suite final class InputFileTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0", "-o", "m.bbbz")
    try NPYEncoder.encode(
      Tensor(name: "x", shape: [4, 4], bytes: Array(SmallProblem.images.joined()))
    ).write(to: URL(filePath: commandLine.path("bytes.npy")))
    try write(
      "pixels.csv",
      zip(SmallProblem.images, SmallProblem.labels).map { image, label in
        (image + [label]).map { "\($0)" }.joined(separator: ",")
      })
  }

  deinit { commandLine.removeFolder() }

  private func write(_ name: String, _ lines: [String]) throws {
    let text = (["a,b,c,d,class"] + lines).joined(separator: "\r\n")
    try Data(text.utf8).write(to: URL(filePath: commandLine.path(name)))
  }

  private func predictions(_ arguments: String...) throws -> String {
    let outcome = try commandLine.run(["predict", "m.bbbz", "--input"] + arguments)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome.output
  }

  @Test func `pixels in a table are pixels if they are said to be`() throws {
    let expected = try predictions("bytes.npy")
    #expect(expected.split(separator: "\n").count == 5)
    #expect(try predictions("pixels.csv", "--label-column", "class", "--pixels") == expected)
    // Else they are numbers as they are, of which a note tells.
    let outcome = try commandLine.run(
      "predict", "m.bbbz", "--input", "pixels.csv", "--label-column", "class", "--raw")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output != (try predictions("bytes.npy", "--raw")))
    #expect(outcome.errors.contains("pixels.csv are whole numbers from 0 to 255"))
    #expect(outcome.errors.contains("'--pixels'"))
  }

  @Test func `scaled numbers are the same in a table, an array and an archive`() throws {
    let numbers = SmallProblem.images.joined().map { Float($0) / 256 }
    let tensor = Tensor(name: "x_test", shape: [4, 4], doubles: numbers.map { Double($0) })
    try NPYEncoder.encode(tensor).write(to: URL(filePath: commandLine.path("x.npy")))
    try NPZEncoder.encode([tensor, Tensor(name: "other", shape: [1], floats: [1])])
      .write(to: URL(filePath: commandLine.path("x.npz")))
    try write(
      "x.csv",
      (0..<4).map { row in
        (numbers[row * 4..<row * 4 + 4].map { "\($0)" } + ["0"]).joined(separator: ",")
      })
    let expected = try predictions("x.npy")
    #expect(try predictions("x.npz") == expected)
    #expect(try predictions("x.csv", "--label-column", "class") == expected)
  }

  @Test func `a table with labels is measured like two arrays`() throws {
    let outcome = try commandLine.run(
      "evaluate", "m.bbbz", "--images", "pixels.csv", "--pixels", "--json", "-")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\"errors\" : 0") || outcome.output.contains("\"errors\": 0"))
  }

  @Test func `calibration reads pixels and tables as predictions do`() throws {
    let bytes = try commandLine.object(
      of: "export model.safetensors --sparsity 0 --calibrate bytes.npy --no-condition -o bytes.bbbz"
    )
    let outcome = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0", "--calibrate", "pixels.csv",
      "--no-condition", "--label-column", "class", "--pixels", "-o", "csv.bbbz", "--json",
      "csv.json")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: commandLine.path("csv.json"))))
    func change(_ report: [String: Any]?) -> Double? {
      (report?["rounding"] as? [String: Any])?["output_change"] as? Double
    }
    #expect(change(bytes) != nil && change(json as? [String: Any]) == change(bytes))
    let asTheyAre = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0", "--calibrate", "pixels.csv",
      "--label-column", "class", "-o", "csv.bbbz")
    #expect(asTheyAre.errors.contains("give '--pixels' if they are to be scaled"))
    for option in [["--pixels"], ["--label-column", "class"]] {
      let nothing = try commandLine.run(
        ["export", "model.safetensors", "--sparsity", "0", "-o", "m2.bbbz"] + option)
      #expect(nothing.exitCode == 64 && nothing.errors.contains(option[0]))
    }
  }

  @Test func `a file without examples is called that`() throws {
    try NPYEncoder.encode(Tensor(name: "x", shape: [0, 4], floats: []))
      .write(to: URL(filePath: commandLine.path("none.npy")))
    let outcome = try commandLine.run("predict", "m.bbbz", "--input", "none.npy")
    #expect(outcome.exitCode == 65)
    #expect(outcome.sentence?.contains("holds no examples") == true, "\(outcome.errors)")
  }

  @Test func `a column too many is named as what it may be`() throws {
    let outcome = try commandLine.run("predict", "m.bbbz", "--input", "pixels.csv")
    #expect(outcome.exitCode == 65)
    #expect(outcome.sentence?.contains("'--label-column'") == true, "\(outcome.errors)")
  }

  @Test func `a name that is not UTF-8 is refused as such`() throws {
    let outcome = try commandLine.shell(#"$BBBPRUNE inspect "$(printf '\377.pt')""#)
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("is not UTF-8"), "\(outcome.errors)")
  }

  @Test func `examples of another size are told of without arithmetic`() throws {
    try Data("a,b\n1,2\n".utf8).write(to: URL(filePath: commandLine.path("two.csv")))
    let outcome = try commandLine.run(
      "evaluate", "m.bbbz", "--images", "pixels.csv", "--pixels", "--ood", "two.csv")
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("an example has 2 numbers"), "\(outcome.errors)")
  }
}
