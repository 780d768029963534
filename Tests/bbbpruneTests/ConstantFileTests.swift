import BBBTensors
import Foundation
import Testing

/// Files whose output does not depend on the input though weights lead through them, and what rounding is told of.
@Suite final class ConstantFileTests {
  private let commandLine: CommandLine

  /// Writes a network 2-2-1, relu(a + b/10 − 1000) twice, and data for it.
  ///
  /// Of inputs a of 0…1 and b above 10,000, b alone makes the units active, and its
  /// weights are those with the least signal.
  init() throws {
    commandLine = try CommandLine()
    try writeModel(weights: [1, 0.1, 1, 0.1])
    let inputs = (0..<60).map { (index: Int) -> [Float] in
      [Float(index % 7) / 7, Float(10_010 + index % 11 * 4)]
    }
    let targets = inputs.map { (input: [Float]) -> Float in 2 * (input[0] + input[1] / 10 - 1000) }
    let tensors = [
      Tensor(name: "x_test", shape: [60, 2], floats: inputs.flatMap { $0 }),
      Tensor(name: "y_test", shape: [60], floats: targets),
    ]
    try NPZEncoder.encode(tensors).write(to: URL(filePath: commandLine.path("data.npz")))
  }

  deinit { commandLine.removeFolder() }

  /// Writes the network with other weights of its first layer.
  private func writeModel(weights: [Float]) throws {
    let certain = [Float](repeating: -5, count: 4)
    try SafetensorsEncoder.encode(
      [
        Tensor(name: "fc1.weight_mu", shape: [2, 2], floats: weights),
        Tensor(name: "fc1.weight_rho", shape: [2, 2], floats: [-5, 0.5, -5, 0.5]),
        Tensor(name: "fc1.bias_mu", shape: [2], floats: [-1000, -1000]),
        Tensor(name: "fc1.bias_rho", shape: [2], floats: Array(certain.prefix(2))),
        Tensor(name: "fc2.weight_mu", shape: [1, 2], floats: [1, 1]),
        Tensor(name: "fc2.weight_rho", shape: [1, 2], floats: Array(certain.prefix(2))),
        Tensor(name: "fc2.bias_mu", shape: [1], floats: [0.3]),
        Tensor(name: "fc2.bias_rho", shape: [1], floats: [-3]),
      ],
      metadata: [
        "arch": "2-2-1", "activation": "relu", "input_scale": "1/255", "output": "numbers",
      ]
    ).write(to: URL(filePath: commandLine.path("model.safetensors")))
  }

  private func export(_ options: String) throws -> CommandLine.Outcome {
    try commandLine.run(
      ["export", "model.safetensors", "-o", "m.bbbz"]
        + options.split(separator: " ").map(String.init))
  }

  @Test func `export, search and sweep call the same file constant`() throws {
    let outcome = try export("--sparsity 0.34 --calibrate data.npz --no-condition")
    #expect(outcome.exitCode == 65)
    #expect(
      outcome.sentence?.contains("does not depend on the input any more; lower '--sparsity'")
        == true,
      "\(outcome.errors)")
    #expect(try !commandLine.contents().contains("m.bbbz"))

    let sweep = try commandLine.object(
      of: "sweep model.safetensors --images data.npz --sparsity 0,0.34")
    let points = try #require(sweep["points"] as? [[String: Any]])
    #expect(points.map { $0["constant"] as? Bool } == [false, true])
    #expect(points[1]["export_constant"] as? Bool == true)

    let search =
      try commandLine.object(
        of: "export model.safetensors --images data.npz --max-error-increase 100 "
          + "--sparsity 0 -o m.bbbz")["search"] as? [String: Any]
    #expect((search?["chosen"] as? [String: Any])?["constant"] as? Bool == false)
    let none = try export("--images data.npz --max-error-increase 100 --sparsity 0.34")
    #expect(none.exitCode == 65 && none.sentence?.contains("no file (") == true, "\(none.errors)")
  }

  @Test func `a precision that leaves nothing is blamed, and not the sparsity`() throws {
    let outcome = try export("--sparsity 0.17 --precision 1e6")
    #expect(outcome.exitCode == 65)
    let sentence = try #require(outcome.sentence)
    #expect(
      sentence.hasSuffix("lower '--precision' (it was 1000000.0), or leave it out"), "\(sentence)")
  }

  @Test func `floats that nobody asked for are told of`() throws {
    // What makes one unit active keeps the other off, and it takes more than inputs are thought to be.
    try writeModel(weights: [1, 0.1, -1, -0.1])
    let outcome = try export("--sparsity 0 --json m.json")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.errors
        == """
        note: values are float32, because no rounding kept the outputs on synthetic inputs; give inputs \
        of the network's own kind with '--calibrate'\n
        """)
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: commandLine.path("m.json"))))
    let rounding = try #require((json as? [String: Any])?["rounding"] as? [String: Any])
    #expect(rounding["values"] as? String == "float32" && rounding["precision"] == nil)
    #expect(rounding["compared_on"] as? String == "synthetic inputs")
    let asked = try export("--sparsity 0 --values float32")
    #expect(asked.errors.isEmpty)
  }

  @Test func `a precision that was chosen is not called finer for the outputs' sake`() throws {
    let chosen = try export("--sparsity 0 --precision 0.00001")
    #expect(chosen.exitCode == 0, "\(chosen.errors)")
    #expect(chosen.output.contains("outputs change by "))
    #expect(!chosen.output.contains("instead of") && !chosen.output.contains("acceptable"))
    let found = try export("--images data.npz --max-error-increase 50 --sparsity 0")
    #expect(found.exitCode == 0, "\(found.errors)")
    #expect(!found.output.contains("instead of") && !found.output.contains("acceptable"))
  }

  @Test func `what is not known of numbers is left out`() throws {
    let text = try commandLine.output(
      of: "evaluate model.safetensors --images data.npz")
    #expect(text.contains("RMSE ") && text.contains("The noise of the targets is not known"))
    #expect(!text.contains("–") && !text.contains("coverage"), "\(text)")
    let drawn = try commandLine.output(
      of: "evaluate model.safetensors --images data.npz --samples 5")
    #expect(drawn.contains("\nmean standard deviation from the weights "), "\(drawn)")
  }
}
