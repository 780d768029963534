import BBBDatasets
import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBTensors
import Testing

/// Sweeps over a network whose errors can be told by hand.
///
/// Two inputs, two classes: the larger input names the class. The weights on the diagonal are strong,
/// one other is weak, and one is 0, so that they go in this order: 0, weak, and the strong ones.
struct SweepTests {
  private func posterior() throws -> Posterior {
    try Posterior(
      TensorFile(
        path: "small.safetensors", format: .safetensors,
        tensors: [
          Tensor(name: "fc.weight", shape: [2, 2], floats: [4, 0.5, 0, 8.25]),
          Tensor(name: "fc.weight.sigma", shape: [2, 2], floats: [1, 1, 1, 1]),
          Tensor(name: "fc.bias", shape: [2], floats: [0, 0]),
        ]))
  }

  private func dataset() throws -> Dataset {
    try Dataset(
      name: "small", inputs: .floats([1, 0, 2, 1, 0, 1, 1, 3]), exampleShape: [2],
      labels: [0, 0, 1, 1])
  }

  private func run(
    _ sparsities: [Double], _ criteria: [Criterion] = [.signalToNoiseRatio], threadCount: Int = 1
  ) throws -> [SweepCurve] {
    try Sweep(sparsities: sparsities, criteria: criteria, threadCount: threadCount)
      .run(try posterior(), on: try dataset())
  }

  @Test func `measures each sparsity once, in ascending order`() throws {
    let curve = try run([1, 0.25, 0, 0.5, 0.25, 1, 0])[0]
    #expect(curve.points.map(\.sparsity) == [0, 0.25, 0.5, 1])
    #expect(curve.points.map(\.removed) == [0, 1, 2, 4])
    #expect(curve.points.map(\.kept) == [4, 3, 2, 0])
    // The second example needs the weak weight: 4 · 2 + 0.5 · 1 > 8.25 · 1 > 4 · 2. Without weights
    // every example is of the first class.
    #expect(curve.points.map(\.errors) == [0, 0, 1, 2])
    #expect(curve.weights == 4)
    #expect(curve.dataset == "small")
    #expect(curve.points[0].pruned.pValue == 1)
  }

  @Test func `the p-value is against the unpruned network, asked for or not`() throws {
    #expect(try run([0.5, 1])[0].points == Array(try run([0, 0.5, 1])[0].points.dropFirst()))
  }

  @Test func `gives decibels only where the threshold is a ratio above 0`() throws {
    let curves = try run([0, 0.25, 0.5, 0.75], [.signalToNoiseRatio, .magnitude])
    #expect(curves.map(\.criterion) == ["snr", "magnitude"])
    for curve in curves { #expect(curve.points.map(\.threshold) == [nil, 0, 0.5, 4]) }
    let decibels = curves[0].points.map(\.thresholdDecibels)
    #expect(decibels[..<2] == [nil, nil])
    #expect(abs(try #require(decibels[2]) - -6.0206) < 1e-4)
    #expect(abs(try #require(decibels[3]) - 12.0412) < 1e-4)
    #expect(curves[1].points.allSatisfy { $0.thresholdDecibels == nil })
  }

  @Test func `the ratio is that of 4 bytes for each weight and bias to the file`() throws {
    for point in try run([0, 0.5])[0].points {
      #expect(point.pruned.ratio == 24 / Double(point.pruned.bytes))
    }
  }

  @Test func `the number of threads changes nothing`() throws {
    let criteria: [Criterion] = [.signalToNoiseRatio, .random(seed: 1)]
    #expect(try run([0, 0.5, 1], criteria, threadCount: 3) == run([0, 0.5, 1], criteria))
  }

  @Test(arguments: [-0.01, 1.01, .infinity, .nan])
  func `refuses a sparsity out of range before it measures anything`(sparsity: Double) throws {
    let posterior = try posterior()
    let dataset = try dataset()
    let error = #expect(throws: PruningError.self) {
      try Sweep(sparsities: [0, 0.5, sparsity]).run(posterior, on: dataset) { _ in
        Issue.record("a point was measured")
      }
    }
    #expect(error?.description.hasPrefix("sparsity \(sparsity) is not between 0 and 1") == true)
  }

  @Test func `a sweep that makes no sense is refused before anything is measured`() throws {
    let (posterior, dataset) = (try posterior(), try dataset())
    func message(_ sweep: Sweep) -> String? {
      let error = #expect(throws: PruningError.self) { try sweep.run(posterior, on: dataset) }
      return error?.code == .invalidOption ? error?.message : nil
    }
    #expect(
      message(Sweep(criteria: []))
        == "there is no criterion to sweep by; give at least one, such as .signalToNoiseRatio")
    #expect(
      message(Sweep(sampleCount: -1))
        == "-1 draws cannot be made; give their number, or 0 for none")
    for tolerance in [0, -0.1, 1.5, .nan] {
      var sweep = Sweep()
      sweep.tolerance = tolerance
      #expect(message(sweep)?.hasPrefix("a tolerance of \(tolerance) is no fraction") == true)
    }
  }
}
