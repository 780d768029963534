import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBPosterior

/// Files that other scripts pruned by setting ρ to zero, with μ or without, which means σ = ln 2.
@Suite struct ResetWeightsTests {
  private func file(_ means: Tensor, _ scales: Tensor, mask: [UInt8]? = nil) -> TensorFile {
    TensorFile(
      path: "x.safetensors", format: .safetensors,
      tensors: [means, scales]
        + (mask.map { [Tensor(name: "w.mask", shape: means.shape, bytes: $0)] } ?? []))
  }

  /// 200 weights, of which a share was reset.
  private func file(
    _ suffix: String, reset: Int, to stored: Float = 0, else other: Float = -3
  ) -> TensorFile {
    file(
      Tensor(name: "w", shape: [10, 20], floats: (0..<200).map { $0 < reset ? 0 : 1 }),
      Tensor(
        name: "w.\(suffix)", shape: [10, 20], floats: (0..<200).map { $0 < reset ? stored : other })
    )
  }

  private func warning(_ file: TensorFile) throws -> String? {
    let warnings = try Posterior(file).warnings.filter { $0.contains("--removed-by-rho-zero") }
    #expect(warnings.count <= 1)
    return warnings.first
  }

  @Test func `the warning says how many, what they really are, and what to do`() throws {
    let text = try #require(try warning(file("rho", reset: 150)))
    #expect(text.contains("150 of 200 weights (75.0 %)") && text.contains("σ = ln 2"))
    #expect(text.contains("--removed-by-rho-zero"))
    let log = try #require(try warning(file("log_sigma", reset: 150)))
    #expect(log.contains("log σ = 0, which means σ = 1"))
    #expect(try warning(file("logvar", reset: 150))?.contains("σ = 1") == true)
  }

  @Test func `few of them, or all, are no pruning`() throws {
    #expect(try warning(file("rho", reset: 1)) == nil)
    #expect(try warning(file("rho", reset: 2)) != nil)
    #expect(try warning(file("rho", reset: 199)) != nil)
    #expect(try warning(file("rho", reset: 200)) == nil)
    #expect(try warning(file("rho", reset: 0)) == nil)
  }

  /// 200 weights with means other than 0, of which a share has another σ.
  private func file(
    leavingMeans suffix: String, reset: Int, to stored: Float = 0, else other: Float = -3
  ) -> TensorFile {
    file(
      Tensor(name: "w", shape: [10, 20], floats: .init(repeating: 1, count: 200)),
      Tensor(
        name: "w.\(suffix)", shape: [10, 20], floats: (0..<200).map { $0 < reset ? stored : other })
    )
  }

  @Test func `ρ = 0 tells though the means were left alone, where others have another ρ`() throws {
    let text = try #require(try warning(file(leavingMeans: "rho", reset: 150)))
    #expect(text.contains("150 of 200 weights (75.0 %) have exactly ρ = 0, which means σ = ln 2"))
    #expect(text.contains("while others have not") && !text.contains("μ"))
    let ln2 = Float(log(2.0))
    #expect(try warning(file(leavingMeans: "sigma", reset: 150, to: ln2, else: 0.1)) != nil)
    // What training began with, or too few.
    #expect(try warning(file(leavingMeans: "rho", reset: 200)) == nil)
    #expect(try warning(file(leavingMeans: "rho", reset: 1)) == nil)
    // A number that is near 0 only, and σ = 1, which priors have.
    #expect(try warning(file(leavingMeans: "rho", reset: 150, to: 1e-7)) == nil)
    #expect(try warning(file(leavingMeans: "log_sigma", reset: 150)) == nil)
    // In half precision many numbers become that of ln 2.
    let halves = Tensor(
      name: "w.sigma", shape: [10, 20], halves: (0..<200).map { $0 < 150 ? ln2 : 0.1 })
    let means = Tensor(name: "w", shape: [10, 20], floats: .init(repeating: 1, count: 200))
    #expect(try warning(file(means, halves)) == nil)
  }

  @Test func `they are read as removed, their means too, unless all have ρ = 0`() throws {
    let options = PosteriorOptions(readsResetAsRemoved: true)
    let weight = try Posterior(file(leavingMeans: "rho", reset: 150), options: options)
      .parameters[0].weight
    #expect(try weight.isPresent(in: 0..<200) == (0..<200).map { $0 >= 150 })
    #expect(try weight.means() == (0..<200).map { $0 >= 150 ? 1 : 0 })
    #expect(try weight.standardDeviations().prefix(150).allSatisfy { $0 == 0 })
    let untouched = try Posterior(file(leavingMeans: "rho", reset: 200), options: options)
    #expect(try untouched.parameters[0].weight.means() == .init(repeating: 1, count: 200))
  }

  @Test func `a mean of zero alone is no sign, nor is σ = 1`() throws {
    let means = Tensor(name: "w", shape: [10, 20], floats: (0..<200).map { $0 < 150 ? 0 : 1 })
    let scales = Tensor(name: "w.rho", shape: [10, 20], floats: .init(repeating: -3, count: 200))
    #expect(try warning(file(means, scales)) == nil)
    // σ = 1 is what many start from, and only log σ = 0 is suspicious.
    #expect(try warning(file("sigma", reset: 150, to: 1, else: 0.1)) == nil)
  }

  @Test func `σ = ln 2 tells, to the rounding of every precision`() throws {
    let values = (0..<200).map { $0 < 150 ? Float(log(2.0)) : 0.1 }
    let means = Tensor(name: "w", shape: [10, 20], floats: (0..<200).map { $0 < 150 ? 0 : 1 })
    let shape = [10, 20]
    let tensors = [
      Tensor(name: "w.sigma", shape: shape, floats: values),
      Tensor(name: "w.sigma", shape: shape, halves: values),
      // Here all are ln 2, but only those with a mean of 0 count.
      Tensor(name: "w.sigma", shape: shape, doubles: values.map { _ in log(2.0) }),
      try bfloat16("w.sigma", shape, values),
    ]
    for tensor in tensors {
      let text = try #require(try warning(file(means, tensor)), "\(tensor.elementType)")
      #expect(text.contains("150 of 200 weights") && text.contains("σ = ln 2"))
    }
    // What bfloat16 keeps of ln 2 is another number where the tensor could hold ln 2 better.
    let others = values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
    #expect(try warning(file(means, Tensor(name: "w.sigma", shape: shape, floats: others))) == nil)
  }

  /// A bfloat16 tensor, the upper halves of single-precision numbers, by way of a safetensors file.
  private func bfloat16(_ name: String, _ shape: [Int], _ values: [Float]) throws -> Tensor {
    let header =
      "{\"\(name)\":{\"dtype\":\"BF16\",\"shape\":\(shape),\"data_offsets\":[0,\(2 * values.count)]}}"
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    bytes += Data(header.utf8)
    for value in values {
      let half = UInt16(value.bitPattern >> 16)
      bytes += [UInt8(half & 0xFF), UInt8(half >> 8)]
    }
    var tensor: Tensor?
    try withTemporaryFolder { folder in
      let path = folder + "/x.safetensors"
      try bytes.write(to: URL(filePath: path))
      tensor = try TensorFile(contentsOf: path)[name]?.loaded()
    }
    return try #require(tensor)
  }

  @Test func `what a mask says was removed needs no guess`() throws {
    let plain = file("rho", reset: 150)
    let masked = file(plain.tensors[0], plain.tensors[1], mask: (0..<200).map { $0 < 150 ? 0 : 1 })
    #expect(try warning(masked) == nil)
  }

  @Test(arguments: [1000, 200_000])
  func `a sample finds them in large tensors too`(count: Int) throws {
    let reset = count / 10
    let large = file(
      Tensor(
        name: "w", shape: [1, count],
        floats: (0..<count).map { $0 % 10 == 3 ? 0 : 1 }),
      Tensor(name: "w.rho", shape: [1, count], floats: (0..<count).map { $0 % 10 == 3 ? 0 : -3 }))
    #expect(try warning(large)?.contains("\(reset) of \(count) weights (10.0 %)") == true)
  }

  @Test func `on request they are read as removed, and nobody warns`() throws {
    let options = PosteriorOptions(readsResetAsRemoved: true)
    for (suffix, stored) in [("rho", 0), ("log_sigma", 0), ("sigma", Float(log(2.0)))] {
      let file = file(suffix, reset: 150, to: stored, else: 0.25)
      let posterior = try Posterior(file, options: options)
      #expect(posterior.warnings.isEmpty)
      let weight = posterior.parameters[0].weight
      #expect(try weight.isPresent(in: 0..<200)?.count { $0 } == 50)
      #expect(try weight.standardDeviations().prefix(150).allSatisfy { $0 == 0 })
      // Without the request they are there.
      #expect(try Posterior(file).parameters[0].weight.isPresent(in: 0..<200) == nil)
    }
  }
}
