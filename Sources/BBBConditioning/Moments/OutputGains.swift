import BBBKernels
import BBBNetwork
import CBBBLibc

/// How much a change of each unit's sum costs: g_o = E_x Σ_c p_c (∂ log p_c/∂z_o)².
///
/// That is the Gauss–Newton curvature of what a network says of its outputs (Martens 2020), in nats per example. It asks for no
/// labels: p are the network's own probabilities. Squares are added up over the positions of a convolution, and over the nodes
/// that share a matrix.
struct OutputGains {
  let plan: PassPlan
  let output: OutputMeaning
  /// By parameter, then by row; sums over examples.
  private(set) var gains: [[Double]]
  private var exampleCount = 0

  /// How many vectors are taken back for each example: of more outputs random ones, whose expectation is the same.
  private let seedCount: Int

  /// - Parameters:
  ///   - plan: The network's.
  ///   - output: What its outputs are.
  ///   - seedCount: How many vectors are taken back for each example; no more than it has outputs.
  init(_ plan: PassPlan, output: OutputMeaning, seedCount: Int) {
    self.plan = plan
    self.output = output
    self.seedCount = min(seedCount, plan.network.outputCount)
    gains = plan.network.parameters.map { Array(repeating: 0, count: $0.weights.rows) }
  }

  /// Adds examples, all of whose values are there.
  ///
  /// - Parameters:
  ///   - pass: The examples.
  ///   - weights: By parameter.
  ///   - number: The pass's number, which random seeds depend on.
  mutating func add(_ pass: NetworkPass, _ weights: [LayerWeights], number: Int) {
    exampleCount += pass.width
    let outputs = pass.value(plan.network.output.index)
    let count = outputs.count / pass.width
    let isRandom = count > seedCount
    for index in 0..<seedCount {
      let seed = pass.makeValue(plan.network.output.index)
      var noise = SplitMix64(seed: UInt64(number), position: UInt64(index) << 32)
      for example in 0..<pass.width {
        // A vector v of which E v vᵀ is the curvature with respect to the outputs.
        let roots =
          isRandom
          ? (0..<count).map { _ in noise.nextUniform() < 0.5 ? Float(-1) : 1 }
          : (0..<count).map { $0 == index ? Float(1) : 0 }
        Self.curvatureRoot(output, outputs, roots, example, pass.width, into: seed.start)
      }
      let scale = isRandom ? 1 / Double(seedCount) : 1
      pass.backward(from: seed, weights) { node, gradient in
        guard case .matrix(let matrix) = plan.steps[node] else { return }
        let length = matrix.outputPositions * pass.width
        for row in gains[matrix.parameter].indices {
          var sum: Float = 0
          let line = gradient.start + row * length
          for i in 0..<length { sum += line[i] * line[i] }
          gains[matrix.parameter][row] += scale * Double(sum)
        }
      }
    }
  }

  /// The means over examples.
  var means: [[Double]] {
    gains.map { $0.map { $0 / Double(max(exampleCount, 1)) } }
  }

  /// Multiplies a vector by a root of the curvature: of classes (diag √p − p √pᵀ) r, whose square is diag p − p pᵀ.
  private static func curvatureRoot(
    _ output: OutputMeaning, _ outputs: AlignedBuffer<Float>, _ roots: [Float], _ example: Int,
    _ width: Int, into seed: UnsafeMutablePointer<Float>
  ) {
    let count = roots.count
    func value(_ index: Int) -> Float { outputs.start[index * width + example] }
    switch output {
    case .classes:
      let largest = (0..<count).reduce(-Float.infinity) { max($0, value($1)) }
      let powers = (0..<count).map { expf(value($0) - largest) }
      let sum = powers.reduce(0, +)
      let shares = powers.map { $0 / sum }
      let total = zip(shares, roots).reduce(Float(0)) { $0 + $1.0.squareRoot() * $1.1 }
      for index in 0..<count {
        seed[index * width + example] =
          shares[index].squareRoot() * roots[index] - shares[index] * total
      }
    case .binary:
      let share = 1 / (1 + expf(-value(0)))
      seed[example] = (share * (1 - share)).squareRoot() * roots[0]
    case .numbers(let deviation):
      for index in 0..<count {
        seed[index * width + example] = roots[index] / Float(deviation ?? 1)
      }
    case .meanAndLogVariance:
      for index in 0..<count {
        let isMean = index < count / 2
        seed[index * width + example] =
          roots[index] * (isMean ? expf(-value(count / 2 + index) / 2) : Float(0.5).squareRoot())
      }
    }
  }
}
