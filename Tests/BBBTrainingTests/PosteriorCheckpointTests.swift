import BBBPosterior
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBTraining

/// What a run leaves behind can be read by others.
struct PosteriorCheckpointTests {
  private func trainer(_ method: TrainingConfiguration.Method) throws -> Trainer {
    let trainer = try Trainer(
      TrainingConfiguration(
        network: .layers(6, 9, 4, 3), method: method, inputScale: 1.0 / 126, learningRate: 0.05,
        epochs: 2, minibatchSize: 5),
      examples: Problems.classes(10, inputCount: 6, classCount: 3))
    try trainer.take(3)
    return trainer
  }

  private func withFile(_ data: Data, _ body: (TensorFile) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try data.write(to: URL(filePath: folder + "/trained.safetensors"))
      try body(TensorFile(contentsOf: folder + "/trained.safetensors"))
    }
  }

  @Test(arguments: Trainer.CheckpointPrecision.allCases)
  func `a checkpoint is read as the posterior that was learned`(
    precision: Trainer.CheckpointPrecision
  ) throws {
    let trainer = try trainer(.bayesByBackprop(.init(initialRho: -3)))
    try withFile(trainer.checkpoint(precision: precision, metadata: ["dataset": "none"])) { file in
      let posterior = try Posterior(file)
      #expect(posterior.warnings.isEmpty)
      #expect(posterior.network != nil)
      #expect(posterior.network?.layerSizes?.sizes == [6, 9, 4, 3])
      #expect(posterior.interface.inputScaling?.factor == 1.0 / 126)
      #expect(posterior.parameters.map(\.name) == ["fc1", "fc2", "fc3"])
      #expect(file.metadata["dataset"] == "none")
      #expect(file.metadata["arch"] == "6-9-4-3 relu")
      #expect(file.metadata["network"] == trainer.configuration.network.textInOneLine)
      #expect(file.metadata["epochs_done"] == "1")
      #expect(file.metadata["training"] == trainer.configuration.json)
      #expect(file.metadata["prior"] == "0.5 N(0, 1.0^2) + 0.5 N(0, \(exp(-6.0))^2)")
      for (layer, trained) in zip(posterior.parameters, trainer.network.matrices.map(\.matrix)) {
        let bias = try #require(layer.bias)
        for (gaussian, tensor) in [
          (layer.weight, trained.weight), (bias, try #require(trained.bias)),
        ] {
          let rho = try #require(tensor.rho)
          #expect(gaussian.shape == tensor.shape)
          // Half precision keeps 11 significant bits of μ and of ρ; dσ/σ is at most dρ.
          let rounding = precision == .float32 ? 0 : 0x1p-11
          for (actual, mean) in zip(try gaussian.means(), tensor.mean.values) {
            #expect(abs(actual - Double(mean)) <= rounding * abs(Double(mean)) + rounding * 1e-4)
          }
          for (actual, rho) in zip(try gaussian.standardDeviations(), rho.values) {
            let expected = softplus(Double(rho))
            #expect(
              abs(actual - expected) <= (rounding * abs(Double(rho)) * 1.01 + 1e-14) * expected)
          }
        }
      }
    }
  }

  @Test func `half precision takes half the bytes`() throws {
    let trainer = try trainer(.bayesByBackprop(.init()))
    let difference = try trainer.checkpoint().count - trainer.checkpoint(precision: .float16).count
    #expect(abs(difference - 2 * 2 * trainer.configuration.parameterCount) < 200)
  }

  @Test func `a point estimate is saved as plain weights`() throws {
    let trainer = try trainer(.pointEstimate(.init(ridge: 1e-3)))
    try withFile(trainer.checkpoint()) { file in
      #expect(
        Set(file.tensors.map(\.name)) == [
          "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias",
        ])
      let weights = try #require(file["fc2.weight"]).floats()
      #expect(weights == trainer.network.matrices[1].matrix.weight.mean.values)
      #expect(file.metadata["prior"] == nil)
    }
  }

  @Test func `a saved run tells its configuration, and wants its own examples back`() throws {
    let trainer = try trainer(.bayesByBackprop(.init()))
    try withFile(trainer.savedState()) { file in
      #expect(try Trainer.configuration(ofSavedRun: file) == trainer.configuration)
      let others = try Problems.classes(11, inputCount: 6, classCount: 3)
      let refusal = try #require(message { try Trainer(resuming: file, examples: others) })
      #expect(refusal.hasPrefix("\(file.path): the run learns from 10 examples with 6 inputs, "))
      #expect(refusal.contains("but 11 examples with 6 inputs, "))
      #expect(refusal.hasSuffix("were given; give the same data"))
    }
  }

  @Test func `a file that is no saved run, or a damaged one, is refused`() throws {
    let trainer = try trainer(.bayesByBackprop(.init()))
    let examples = try Problems.classes(10, inputCount: 6, classCount: 3)
    func refusal(_ file: TensorFile) -> String? {
      message { try Trainer(resuming: file, examples: examples) }
    }
    try withFile(trainer.checkpoint()) { file in
      #expect(refusal(file)?.contains("holds no saved training run; give the .state file") == true)
    }
    try withFile(trainer.savedState()) { file in
      func changed(_ tensors: [Tensor], _ old: String = "", _ new: String = "") -> TensorFile {
        TensorFile(
          path: "run.state", format: .safetensors, tensors: tensors,
          metadata: file.metadata.mapValues { $0.replacingOccurrences(of: old, with: new) })
      }
      for name in ["fc1.weight.mu", "fc2.bias.rho.memory1"] {
        #expect(
          refusal(changed(file.tensors.filter { $0.name != name }))?.contains("lacks \"\(name)\"")
            == true)
      }
      // Sizes that would take more memory than there is are noticed before any is taken.
      #expect(
        refusal(changed(file.tensors, "fc1 = linear 9", "fc1 = linear 1048576"))?
          .contains("lacks \"fc1.weight.mu\" of shape 1048576×6") == true)
      for count in ["-1", "5"] {
        #expect(
          refusal(changed(file.tensors, "\"stepCount\":3", "\"stepCount\":\(count)"))
            == "run.state: says that \(count) of 4 steps are done; the file is damaged, use an"
            + " older one")
      }
    }
  }

  private func message(_ body: () throws -> Trainer) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? TrainingError)?.description
    }
  }
}
