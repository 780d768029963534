import BBBTensors
import Foundation
import TestSupport
import Testing

/// Arrays with channels first and last, and folders of pictures, given to every command that reads examples.
@Suite final class InputLayoutTests {
  let commandLine: CommandLine

  private static let text =
    "input 3 6 4; conv = convolution 3 3x3; relu; flatten; fc = linear 4"

  init() throws {
    commandLine = try CommandLine()
    var generator = SeededGenerator(seed: 62)
    func tensor(_ name: String, _ shape: [Int], _ range: ClosedRange<Float>) -> Tensor {
      Tensor(
        name: name, shape: shape,
        floats: (0..<shape.reduce(1, *)).map { _ in Float.random(in: range, using: &generator) })
    }
    try SafetensorsEncoder.encode(
      [
        tensor("conv.weight.mu", [3, 3, 3, 3], -1...1),
        tensor("conv.weight.rho", [3, 3, 3, 3], -4 ... -2),
        tensor("fc.weight.mu", [4, 24], -1...1), tensor("fc.weight.rho", [4, 24], -4 ... -2),
        tensor("conv.bias.mu", [3], -1...1), tensor("fc.bias.mu", [4], -1...1),
      ], metadata: ["network": Self.text]
    ).write(to: URL(filePath: commandLine.path("net.safetensors")))
    let first = (0..<20 * 72).map { _ in Float.random(in: 0...1, using: &generator) }
    // Place p of channel c comes third by third.
    let last = (0..<20 * 72).map { index in
      let (example, rest) = index.quotientAndRemainder(dividingBy: 72)
      return first[example * 72 + rest % 3 * 24 + rest / 3]
    }
    for (name, shape, inputs) in [("first", [20, 3, 6, 4], first), ("last", [20, 6, 4, 3], last)] {
      try NPZEncoder.encode([
        Tensor(name: "x_test", shape: shape, floats: inputs),
        Tensor(name: "y_test", shape: [20, 1], bytes: (0..<20).map { UInt8($0 % 4) }),
      ]).write(to: URL(filePath: commandLine.path("\(name).npz")))
    }
  }

  deinit { commandLine.removeFolder() }

  @Test(arguments: [
    "predict net.safetensors --input FILE", "evaluate net.safetensors --images FILE",
    "evaluate net.safetensors --images first.npz --ood FILE",
    "sweep net.safetensors --sparsity 0,0.5 --images FILE",
    "export net.safetensors --sparsity 0.5 --calibrate FILE -o OUT.bbbz",
  ])
  func `the order of the file makes no difference`(command: String) throws {
    func output(_ file: String, _ options: String = "") throws -> String {
      let command = command.replacing("FILE", with: file).replacing("OUT", with: file) + options
      return try commandLine.output(of: command)
        .replacing("first.npz", with: "").replacing("last.npz", with: "")
    }
    let first = try output("first.npz")
    #expect(try output("last.npz") == first)
    // What is said of the layout is said of every file.
    if !command.contains("first.npz") {
      #expect(try output("last.npz", " --input-layout channels-last") == first)
    }
    if command.hasPrefix("export") {
      #expect(
        try Data(contentsOf: URL(filePath: commandLine.path("first.npz.bbbz")))
          == Data(contentsOf: URL(filePath: commandLine.path("last.npz.bbbz"))))
    }
  }

  @Test func `what the user says must be so`() throws {
    let outcome = try commandLine.run(
      "predict", "net.safetensors", "--input", "last.npz", "--input-layout", "channels-first")
    #expect(outcome.exitCode == 65)
    #expect(outcome.sentence?.contains("with the channels first") == true, "\(outcome.errors)")
  }

  @Test(arguments: [
    "evaluate net.safetensors --dataset synthetic-digits --input-layout channels-last",
    "evaluate net.safetensors --images first.npz --resize 6",
    "predict net.safetensors --input first.npz --crop 6",
    "evaluate net.safetensors --images pictures --labels first.npz",
    "evaluate net.safetensors --images pictures --input-layout channels-last",
    "evaluate net.safetensors --images pictures --resize 0",
    "train --dataset synthetic-digits --input-layout channels-last -o x.safetensors",
  ])
  func `options that have nothing to say are refused`(command: String) throws {
    try FileManager.default.createDirectory(
      atPath: commandLine.path("pictures/a"), withIntermediateDirectories: true)
    let outcome = try commandLine.run(command.split(separator: " ").map(String.init))
    #expect(outcome.exitCode == 64, "\(outcome.errors)")
  }

  @Test(arguments: ["predict", "evaluate", "export"])
  func `a picture that is none is named`(command: String) throws {
    for name in ["a", "b", "c", "d"] {
      try FileManager.default.createDirectory(
        atPath: commandLine.path("pictures/\(name)"), withIntermediateDirectories: true)
    }
    try Data("no picture".utf8).write(to: URL(filePath: commandLine.path("pictures/b/x.png")))
    let options =
      switch command {
      case "predict": ["--input", "pictures"]
      case "evaluate": ["--images", "pictures"]
      default: ["--calibrate", "pictures", "--sparsity", "0.5", "-o", "x.bbbz"]
      }
    let outcome = try commandLine.run([command, "net.safetensors"] + options)
    #expect(outcome.exitCode == 65)
    #expect(
      outcome.sentence?.hasPrefix("pictures/b/x.png: is neither a PNG nor a JPEG file") == true,
      "\(outcome.errors)")
  }
}
