import BBBTensors
import Testing

@testable import BBBPosterior

/// Files that leave open what they hold: what is taken is said.
struct AmbiguityTests {
  private func pairs(
    _ layers: [(String, Int, Int)], format: TensorFile.Format = .safetensors
  ) throws -> Posterior {
    let tensors = layers.flatMap { name, rows, columns -> [Tensor] in
      [.ramp(name + ".mu_weight", rows, columns), .ramp(name + ".rho_weight", rows, columns)]
    }
    return try Posterior(TensorFile(tensors, format: format))
  }

  @Test func `a missing number counts as 0`() throws {
    let names = ["dense", "dense_1", "dense_10", "dense_11", "dense_2"]
    let posterior = try pairs(names.map { ($0, 4, 4) }, format: .npz)
    #expect(
      posterior.parameters.map(\.name) == ["dense", "dense_1", "dense_2", "dense_10", "dense_11"])
    #expect(posterior.warnings == [])
  }

  @Test func `a head comes last in a file sorted by name, with a warning`() throws {
    let posterior = try pairs([("head", 4, 4), ("layers.0", 4, 4), ("layers.1", 4, 4)])
    #expect(posterior.parameters.map(\.name) == ["layers.0", "layers.1", "head"])
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.contains("taken is layers.0, layers.1, head") == true)
  }

  @Test func `an order that sizes prove, or the file has, is no guess`() throws {
    #expect(
      try pairs([("head", 2, 4), ("layers.0", 4, 3), ("layers.1", 4, 4)]).warnings == [])
    #expect(
      try pairs([("a", 4, 3), ("b", 4, 4), ("head", 4, 4)], format: .pytorch).warnings == [])
  }

  @Test func `interleaved visits of two sizes are a guess, nested ones are not`() throws {
    // 3→4→5→4→5→2: both stretches 4→5 could be exchanged.
    let interleaved = [("a", 4, 3), ("b", 5, 4), ("c", 4, 5), ("d", 5, 4), ("e", 2, 5)]
    #expect(try pairs(interleaved).warnings.count == 1)
    // 3→4→5→5→4→2.
    let nested = [("a", 4, 3), ("b", 5, 4), ("c", 5, 5), ("d", 4, 5), ("e", 2, 4)]
    #expect(try pairs(nested).warnings == [])
  }

  @Test func `with convolutions layers stay in file order`() throws {
    let posterior = try Posterior(
      TensorFile([
        .ramp("fc.mu_weight", 8, 4), .ramp("fc.rho_weight", 8, 4),
        .ramp("up1.mu_kernel", 8, 4, 3, 3), .ramp("up1.rho_kernel", 8, 4, 3, 3),
        .ramp("up2.mu_kernel", 4, 1, 3, 3), .ramp("up2.rho_kernel", 4, 1, 3, 3),
      ]))
    #expect(posterior.parameters.map(\.name) == ["fc", "up1", "up2"])
  }

  @Test func `the same network twice is an error that shows how to choose`() {
    let tensors = ["model", "ema"].flatMap { dictionary -> [Tensor] in
      ["weight_mu", "weight_rho"].map { .ramp("\(dictionary)/fc.\($0)", 4, 4) }
    }
    let error = failure(of: TensorFile(tensors))
    #expect(error?.code == .incomplete)
    #expect(error?.message.contains("in \"model\" and in \"ema\"") == true)
    #expect(
      error?.message.contains("--mean 'model/*_mu' --scale 'model/*_rho' --scale-is rho") == true)
  }

  @Test func `tensors outside the dictionary that was named are no part of the network`() throws {
    let tensors = ["model", "ema"].flatMap { dictionary -> [Tensor] in
      ["weight_mu", "weight_rho", "offset"].map { .ramp("\(dictionary)/fc.\($0)", 4, 4) }
    }
    let posterior = try Posterior(
      TensorFile(tensors),
      options: .init(meanPattern: "model/*_mu", scalePattern: "model/*_rho"))
    #expect(posterior.parameters.map(\.name) == ["fc"])
    #expect(posterior.warnings.count == 1)
    #expect(posterior.warnings.first?.hasSuffix(": model/fc.offset") == true)
  }
}
