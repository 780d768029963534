import BBBPosterior
import Foundation
import Testing

@testable import BBBPruning
@testable import BBBTensors

@Suite struct DenseExportTests {
  /// bayesian-torch inside a wrapping dictionary: ratios fall from left to right.
  let file = TensorFile(
    path: "wrapped.pth", format: .pytorch,
    tensors: [
      Tensor(name: "state_dict/fc.mu_weight", shape: [1, 4], floats: [4, 3, 2, 1]),
      Tensor(name: "state_dict/fc.rho_weight", shape: [1, 4], floats: [-1, -1, -1, -1]),
      Tensor(name: "state_dict/fc.mu_bias", shape: [1], floats: [9]),
      Tensor(name: "state_dict/fc.rho_bias", shape: [1], floats: [-2]),
    ])

  func dense(_ file: TensorFile, keepsUncertainty: Bool) throws -> DenseExport {
    let posterior = try Posterior(file)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0.5)
    return try DenseExport(posterior, from: file, pruning, keepsUncertainty: keepsUncertainty)
  }

  func export(_ file: TensorFile, keepsUncertainty: Bool) throws -> [String: Tensor] {
    let tensors = try dense(file, keepsUncertainty: keepsUncertainty).tensors
    return Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
  }

  @Test func `means keep their names, removed ones are zero, and a mask apart says which`() throws {
    let export = try dense(file, keepsUncertainty: false)
    #expect(export.tensors.map(\.name) == ["fc.mu_weight", "fc.mu_bias"])
    #expect(try export.tensors[0].floats() == [4, 3, 0, 0])
    #expect(try export.tensors[1].floats() == [9])
    #expect(export.masks.map(\.name) == ["fc.mu_weight.mask"])
    #expect(try export.masks[0].bytes() == [1, 1, 0, 0])
    #expect(export.masks[0].shape == [1, 4])
  }

  @Test func `a removed weight's ρ stands for σ = 0, never for σ = ln 2`() throws {
    let tensors = try export(file, keepsUncertainty: true)
    #expect(try tensors["fc.rho_weight"]?.floats() == [-1, -1, -.infinity, -.infinity])
    #expect(try tensors["fc.rho_bias"]?.floats() == [-2])
  }

  @Test func `an exported checkpoint reads back as the pruned posterior`() throws {
    let tensors = try export(file, keepsUncertainty: true)
    let again = TensorFile(
      path: "again.safetensors", format: .safetensors, tensors: Array(tensors.values))
    let ranking = try Ranking(try Posterior(again), by: .signalToNoiseRatio)
    #expect(try ranking.pruning(atSparsity: 0.5).keeps == [true, true, false, false])
  }

  @Test func `σ that has no tensor of its own is written as itself`() throws {
    let ivon = TensorFile(
      path: "ivon.pt", format: .pytorch,
      tensors: [
        Tensor(name: "model/0.weight", shape: [1, 2], floats: [1, 2]),
        Tensor(name: "model/0.bias", shape: [1], floats: [3]),
        Tensor(name: "optimizer/param_groups/0/hess", shape: [3], floats: [0, 0, 3]),
      ],
      scalars: ["optimizer/param_groups/0/ess": 4, "optimizer/param_groups/0/weight_decay": 1])
    let tensors = try export(ivon, keepsUncertainty: true)
    // 1/√(4·(0 + 1)) = ½; the first weight is removed. The bias has 1/√(4·(3 + 1)) = ¼.
    #expect(try tensors["0.weight.sigma"]?.doubles() == [0, 0.5])
    #expect(try tensors["0.bias.sigma"]?.doubles() == [0.25])
    #expect(try tensors["0.weight"]?.floats() == [0, 2])
  }

  @Test func `what is not part of the posterior is copied, from the same dictionary only`() throws {
    let norm = [
      Tensor(name: "state_dict/bn.running_mean", shape: [1], floats: [7]),
      Tensor(name: "optimizer/state/0/step", shape: [1], floats: [3]),
    ]
    let file = TensorFile(path: "x.pth", format: .pytorch, tensors: file.tensors + norm)
    let tensors = try export(file, keepsUncertainty: false)
    #expect(try tensors["bn.running_mean"]?.floats() == [7])
    #expect(tensors.keys.contains { $0.contains("step") } == false)
    #expect(tensors["fc.rho_weight"] == nil)
  }

  @Test func `what BLiTZ saves twice is pruned twice`() throws {
    let blitz = TensorFile(
      path: "blitz.pt", format: .pytorch,
      tensors: [
        Tensor(name: "fc.weight_mu", shape: [1, 2], floats: [1, 2]),
        Tensor(name: "fc.weight_rho", shape: [1, 2], floats: [0, 0]),
        Tensor(name: "fc.weight_sampler.mu", shape: [1, 2], floats: [1, 2]),
        Tensor(name: "fc.weight_sampler.rho", shape: [1, 2], floats: [0, 0]),
        Tensor(name: "fc.weight_sampler.eps_w", shape: [1, 2], floats: [5, 6]),
      ])
    let tensors = try export(blitz, keepsUncertainty: true)
    #expect(try tensors["fc.weight_sampler.mu"]?.floats() == [0, 2])
    #expect(try tensors["fc.weight_mu"]?.floats() == [0, 2])
    #expect(try tensors["fc.weight_rho"]?.floats() == [-.infinity, 0])
    #expect(try export(blitz, keepsUncertainty: false)["fc.weight_rho"] == nil)
  }

  @Test(arguments: [ElementType.float64, .float32, .float16, .bfloat16])
  func `the type of the numbers stays what it was`(type: ElementType) throws {
    // 3/8 and -5 · 2⁻¹⁴ are numbers of every type.
    let file = TensorFile(
      path: "plain.npz", format: .npz,
      tensors: [
        Tensor(name: "w", shape: [1, 2], type, doubles: [-0.00030517578125, 0.375]),
        Tensor(name: "w.sigma", shape: [1, 2], type, doubles: [1, 1]),
      ])
    let tensors = try export(file, keepsUncertainty: true)
    #expect(tensors["w"]?.elementType == type && tensors["w.sigma"]?.elementType == type)
    #expect(try tensors["w"]?.doubles() == [0, 0.375])
    #expect(try tensors["w.sigma"]?.doubles() == [0, 1])
  }

  @Test func `without σ a layer's noise goes too, a buffer of another layer does not`() throws {
    let others = [
      Tensor(name: "state_dict/fc.eps_weight", shape: [1, 4], floats: [5, 6, 7, 8]),
      Tensor(name: "state_dict/bn.running_mean", shape: [1], floats: [7]),
    ]
    let file = TensorFile(path: "x.pth", format: .pytorch, tensors: file.tensors + others)
    #expect(
      try Set(export(file, keepsUncertainty: false).keys)
        == ["fc.mu_weight", "fc.mu_bias", "bn.running_mean"])
    // Strictly the names of the dictionary.
    #expect(
      try Set(export(file, keepsUncertainty: true).keys)
        == Set(file.tensors.map { String($0.name.dropFirst("state_dict/".count)) }))
  }

  @Test func `what no format can hold is named`() throws {
    let complex = try Tensor(
      name: "state_dict/phase", elementType: .other(name: "C64", bitCount: 64), shape: [1],
      storage: TensorStorage(content: .plain(Data(count: 8)), isBigEndian: false, path: ""))
    let file = TensorFile(path: "x.pth", format: .pytorch, tensors: file.tensors + [complex])
    let export = try dense(file, keepsUncertainty: false)
    #expect(export.leftOut == ["phase"])
    #expect(export.tensors.map(\.name) == ["fc.mu_weight", "fc.mu_bias"])
  }
}
