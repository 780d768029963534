import Foundation
import Testing

@testable import BBBPosterior
@testable import BBBTensors

struct GaussianTensorTests {
  /// A layer of two units and three inputs.
  private func weight(
    means: [Float] = [1, -2, 3, -4, 5, -6], rho: [Float] = [-3, 0, 3, -3, 0, 3],
    mask: [UInt8]? = nil
  ) throws -> GaussianTensor {
    var tensors = [
      Tensor(name: "fc.weight_mu", shape: [2, 3], floats: means),
      Tensor(name: "fc.weight_rho", shape: [2, 3], floats: rho),
    ]
    if let mask {
      tensors.append(Tensor(name: "fc.weight_mu.mask", shape: [2, 3], bytes: mask))
    }
    return try #require(try Posterior(TensorFile(tensors)).parameters.first).weight
  }

  private func error(_ body: () throws(PosteriorError) -> [Double]) -> PosteriorError? {
    do throws(PosteriorError) {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `values are read whole or in part`() throws {
    let weight = try weight()
    #expect(weight.shape == [2, 3])
    #expect(weight.count == 6)
    #expect(try weight.means() == [1, -2, 3, -4, 5, -6])
    #expect(try weight.means(in: 2..<4) == [3, -4])
    let deviations = try weight.standardDeviations()
    #expect(abs(deviations[0] - 0.048_587_351_573_742_06) < 1e-17)
    #expect(abs(deviations[1] - log(2)) < 1e-15)
    #expect(try weight.standardDeviations(in: 1..<6) == Array(deviations[1...]))
    #expect(try weight.standardDeviations(in: 3..<3) == [])
  }

  @Test func `subnormal means are kept`() throws {
    let smallest = Float.leastNonzeroMagnitude
    let weight = try weight(means: [smallest, -smallest, 1, 1, 1, 1])
    #expect(try weight.means(in: 0..<2) == [Double(smallest), -Double(smallest)])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `a mean that is not finite is named by tensor and index`(value: Float) throws {
    let weight = try weight(means: [1, 1, 1, 1, value, 1])
    #expect(try weight.means(in: 0..<4) == [1, 1, 1, 1])
    let error = try #require(error { () throws(PosteriorError) in try weight.means(in: 3..<6) })
    #expect(error.code == .invalidValue)
    #expect(
      error.message.hasPrefix("\"fc.weight_mu\" holds \(Double(value)) at index 4 (row-major)"))
  }

  @Test(arguments: [
    (Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "0.0"), (-1000, "0.0"),
  ])
  func `a standard deviation that is not positive and finite is an error`(
    rho: Float, deviation: String
  ) throws {
    let weight = try weight(rho: [0, 0, 0, 0, 0, rho])
    let error = try #require(
      error { () throws(PosteriorError) in try weight.standardDeviations(in: 2..<6) })
    #expect(error.code == .invalidValue)
    #expect(
      error.description == """
        model.file: "fc.weight_rho" holds \(Double(rho)) at index 5 (row-major), which makes the \
        standard deviation \(deviation) (σ = log(1 + exp ρ)); it must be positive and finite
        """)
  }

  @Test(arguments: [Float(0), -0.5])
  func `a stored standard deviation must be positive`(value: Float) throws {
    let file = TensorFile([
      .ramp("fc.weight", 1, 2),
      Tensor(name: "fc.weight.sigma", shape: [1, 2], floats: [1, value]),
    ])
    let weight = try #require(try Posterior(file).parameters.first).weight
    let error = try #require(
      error { () throws(PosteriorError) in try weight.standardDeviations() })
    #expect(error.message.contains("\"fc.weight.sigma\" holds \(Double(value)) at index 1"))
  }

  @Test func `removed weights are zero and exempt from checks`() throws {
    let weight = try weight(
      means: [.nan, 2, 3, 4, 5, .infinity], rho: [-.infinity, 0, 0, 0, 0, .nan],
      mask: [0, 1, 1, 1, 255, 0])
    #expect(weight.mask?.name == "fc.weight_mu.mask")
    #expect(try weight.means() == [0, 2, 3, 4, 5, 0])
    #expect(try weight.means(in: 3..<6) == [4, 5, 0])
    let deviations = try weight.standardDeviations()
    #expect(deviations.map { $0 > 0 } == [false, true, true, true, true, false])
    #expect(try weight.standardDeviations(in: 4..<6) == [deviations[4], 0])
  }

  @Test func `what an earlier pruning left is read in part`() throws {
    let weight = try weight(mask: [0, 1, 2, 255, 0, 1])
    #expect(try weight.isPresent(in: 0..<6) == [false, true, true, true, false, true])
    #expect(try weight.isPresent(in: 3..<5) == [true, false])
    #expect(try weight.isPresent(in: 2..<2) == [])
    #expect(try self.weight().isPresent(in: 0..<6) == nil)
  }

  @Test func `the mask leaves other elements checked`() throws {
    let weight = try weight(rho: [-.infinity, 0, 0, 0, 0, .nan], mask: [0, 1, 1, 1, 1, 1])
    let error = try #require(
      error { () throws(PosteriorError) in try weight.standardDeviations() })
    #expect(error.message.contains("at index 5"))
  }

  @Test func `a mask must have the shape of the means and hold bytes`() {
    let pair: [Tensor] = [.ramp("fc.weight_mu", 2, 2), .ramp("fc.weight_rho", 2, 2)]
    let short = Tensor(name: "fc.weight_mu.mask", shape: [4], bytes: [1, 1, 1, 1])
    #expect(failure(of: TensorFile(pair + [short]))?.code == .shapeMismatch)
    #expect(
      failure(of: TensorFile(pair + [.ramp("fc.weight_mu.mask", 2, 2)]))?.code == .unsupported)
  }

  @Test func `shapes and types of a pair must fit, and it must not be empty`() {
    let mean = Tensor.ramp("fc.weight_mu", 2, 3)
    let shape = failure(of: TensorFile([mean, .ramp("fc.weight_rho", 3, 2)]))
    #expect(
      shape?.message == """
        "fc.weight_mu" has shape 2×3 but "fc.weight_rho" has 3×2; both must come from the \
        same layer of the same network
        """)
    let bytes = Tensor(name: "fc.weight_rho", shape: [2, 3], bytes: [0, 1, 2, 3, 4, 5])
    let type = failure(of: TensorFile([mean, bytes]))
    #expect(type?.code == .unsupported)
    #expect(type?.message.hasPrefix("\"fc.weight_rho\" holds U8 numbers") == true)
    let empty = failure(
      of: TensorFile([.ramp("fc.weight_mu", 0, 3), .ramp("fc.weight_rho", 0, 3)]))
    #expect(empty?.code == .incomplete)
  }

  /// A view of six numbers, 0…5.
  private func view(_ name: String, _ shape: [Int], strides: [Int]) throws -> Tensor {
    let numbers = Tensor(name: "", shape: [6], floats: [0, 1, 2, 3, 4, 5])
    return try Tensor(
      name: name, elementType: .float32, shape: shape, strides: strides, storage: numbers.storage)
  }

  @Test func `transposed views are read in row-major order`() throws {
    let posterior = try Posterior(
      TensorFile([
        try view("fc.weight_mu", [2, 3], strides: [1, 2]),
        try view("fc.weight_rho", [2, 3], strides: [1, 2]),
      ]))
    #expect(try posterior.parameters.first?.weight.means() == [0, 2, 4, 1, 3, 5])
  }

  @Test(arguments: [([1 << 40, 3], [0, 1]), ([3, 4], [1, 1]), ([2, 3], [2, 1])])
  func `means that share memory are refused before anything is copied`(
    shape: [Int], strides: [Int]
  ) throws {
    let mean = try view("fc.weight_mu", shape, strides: strides)
    let rho = try view("fc.weight_rho", shape, strides: strides)
    #expect(failure(of: TensorFile([mean, rho]))?.code == .unsupported)
  }

  @Test func `one stored standard deviation may serve many weights`() throws {
    let posterior = try Posterior(
      TensorFile([
        try view("fc.weight", [2, 3], strides: [3, 1]),
        try view("fc.weight.rho", [2, 3], strides: [0, 0]),
      ]))
    let deviations = try #require(try posterior.parameters.first?.weight.standardDeviations())
    #expect(deviations == [Double](repeating: log(2), count: 6))
  }
}
