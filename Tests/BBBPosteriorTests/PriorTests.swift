import BBBTensors
import Foundation
import Testing

@testable import BBBPosterior

@Suite struct PriorTests {
  @Test(arguments: [
    Prior.gaussian(deviation: 0.1), .gaussian(deviation: 1e-9), .gaussian(deviation: 1e15),
    .scaleMixture(wideShare: 0.25, wideDeviation: 1, narrowDeviation: exp(-2.5)),
    .scaleMixture(wideShare: 0.1, wideDeviation: 3, narrowDeviation: 1e-8),
  ])
  func `the formula that a checkpoint names is read back`(prior: Prior) {
    #expect(Prior(formula: prior.description) == prior)
  }

  @Test func `how training computed the cost is not part of the formula`() {
    let formula = Prior.closedFormGaussian(deviation: 0.5).description
    #expect(Prior(formula: formula) == .gaussian(deviation: 0.5))
  }

  @Test(arguments: [
    "", "N", "N(0, 1)", "N(1, 1^2)", "N(0, x^2)", "N(0, 0^2)", "N(0, -1^2)", "N(0, nan^2)",
    "0.5 N(0, 1^2)", "0.5 N(0, 1^2) + 0.6 N(0, 0.1^2)", "0.5 N(0, 0.1^2) + 0.5 N(0, 1^2)",
    "1 N(0, 1^2) + 0 N(0, 0.1^2)", "N(0, 1^2) + N(0, 0.1^2)", "x N(0, 1^2)",
    "scale mixture pi=0.5 sigma1=exp(0) sigma2=exp(-6)",
    "0.3 N(0, 1^2) + 0.3 N(0, 0.1^2) + 0.4 N(0, 0.01^2)",
  ])
  func `anything else is not guessed at`(formula: String) {
    #expect(Prior(formula: formula) == nil)
  }

  @Test func `the density at 0 is that of the formula`() {
    // 1/√(2π) = 0.3989…
    #expect(abs(exp(Prior.gaussian(deviation: 2).logDensityAtZero) - 0.3989422804 / 2) < 1e-9)
    let mixture = Prior.scaleMixture(wideShare: 0.5, wideDeviation: 1, narrowDeviation: exp(-6))
    #expect(abs(mixture.logDensityAtZero - 4.390) < 0.001)
  }

  private func posterior(prior: String?) throws -> Posterior {
    try Posterior(
      TensorFile(
        path: "x.safetensors", format: .safetensors,
        tensors: [
          Tensor(name: "fc.weight", shape: [1, 2], floats: [1, 2]),
          Tensor(name: "fc.weight.sigma", shape: [1, 2], floats: [1, 1]),
        ], metadata: prior.map { ["prior": $0] } ?? [:]))
  }

  @Test func `a posterior knows the prior that its metadata name`() throws {
    #expect(try posterior(prior: "N(0, 0.3^2)").prior == .gaussian(deviation: 0.3))
    #expect(try posterior(prior: "something else").prior == nil)
    #expect(try posterior(prior: nil).prior == nil)
  }

  @Test func `curvature tells the prior that was added to it`() throws {
    // IVON: the prior's precision is ess times the weight decay, 400 · 0.01 = 4.
    let ivon = try Posterior(
      TensorFile(
        path: "ivon.pt", format: .pytorch,
        tensors: [
          Tensor(name: "model/0.weight", shape: [1, 2], floats: [1, 2]),
          Tensor(name: "optimizer/param_groups/0/hess", shape: [2], floats: [0, 3]),
        ],
        scalars: [
          "optimizer/param_groups/0/ess": 400, "optimizer/param_groups/0/weight_decay": 0.01,
        ]))
    guard case .gaussian(let deviation) = ivon.prior else {
      Issue.record("no Gaussian prior: \(String(describing: ivon.prior))")
      return
    }
    #expect(abs(deviation - 0.5) < 1e-12)
    // A weight about which the data say nothing has the prior's own σ.
    #expect(abs(try ivon.parameters[0].weight.standardDeviations()[0] - deviation) < 1e-12)
    #expect(Prior([.laplace(curvatureFactor: 2, priorPrecision: 25)]) == .gaussian(deviation: 0.2))
    #expect(Prior([.laplace(curvatureFactor: 2, priorPrecision: 0)]) == nil)
    #expect(Prior([.softplus()]) == nil && Prior([nil]) == nil && Prior([]) == nil)
  }
}
