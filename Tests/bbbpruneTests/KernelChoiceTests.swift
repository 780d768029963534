import BBBInference
import BBBKernels
import BBBTensors
import Foundation
import TestSupport
import Testing

/// The kernels that `BBBPRUNE_KERNELS` forces.
@Suite final class KernelChoiceTests {
  let commandLine: CommandLine

  init() throws { commandLine = try CommandLine() }

  deinit { commandLine.removeFolder() }

  @Test func `every instruction set that the processor has gives the same predictions`() throws {
    var generator = SeededGenerator(seed: 7)
    func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }
    try SmallProblem.writeCheckpoint(
      to: commandLine.path("model.safetensors"),
      [
        Tensor(name: "fc1.weight_mu", shape: [40, 784], floats: floats(40 * 784)),
        Tensor(name: "fc1.weight_rho", shape: [40, 784], floats: floats(40 * 784)),
        Tensor(name: "fc2.weight_mu", shape: [10, 40], floats: floats(400)),
        Tensor(name: "fc2.weight_rho", shape: [10, 40], floats: floats(400)),
      ])
    let exported = try commandLine.run(
      "export", "model.safetensors", "--sparsity", "0.8", "-o", "model.bbbz")
    #expect(exported.exitCode == 0)
    let errors = try InstructionSet.available.map { set in
      let outcome = try commandLine.run(
        "evaluate", "model.bbbz", "--dataset", "synthetic-digits", "--json", "-",
        environment: ["BBBPRUNE_KERNELS": set.rawValue])
      #expect(outcome.exitCode == 0)
      let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      return try #require((json as? [String: Any])?["errors"] as? Int)
    }
    #expect(Set(errors).count == 1, "\(errors)")
  }

  @Test func `kernels that are not there are wrong usage`() throws {
    let outcome = try commandLine.run("--version", environment: ["BBBPRUNE_KERNELS": "avx1024"])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("BBBPRUNE_KERNELS names no kernels; this processor has"))
    for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
      let outcome = try commandLine.run(
        "--version", environment: ["BBBPRUNE_KERNELS": set.rawValue])
      #expect(outcome.exitCode == 64 && outcome.errors.contains("cannot run"))
    }
  }
}
