import BBBNetwork
import Foundation
import NetworkReference

@testable import BBBInference

/// Means and variances passed through a network operation by operation, in double precision, as the formulas read: every
/// element is taken as Gaussian and as independent of the others.
struct ReferenceMoments {
  var means: [Double]
  var variances: [Double]

  /// The moments of the output of a model with standard deviations.
  static func output(of model: CompactModel, for input: [Double]) throws -> ReferenceMoments {
    var values = [ReferenceMoments(means: input, variances: input.map { _ in 0 })]
    var parameter = 0
    for node in model.network.nodes {
      let inputs = node.inputs.map { values[$0.index] }
      let shape = node.inputs.first.map { model.network.shape(of: $0) } ?? [1]
      switch node.operation {
      case .matrix:
        values.append(try product(node, model.matrices[parameter], shape, inputs[0]))
        parameter += 1
      case .activation(let activation):
        values.append(inputs[0].map { integrated(activation, mean: $0, variance: $1) })
      case .pool(let pool): values.append(pooled(pool, shape, inputs[0]))
      case .arithmetic(let arithmetic):
        let result = model.network.shapes[values.count]
        values.append(
          computed(arithmetic, inputs, node.inputs.map { model.network.shape(of: $0) }, result))
      case .concatenate:
        values.append(
          ReferenceMoments(
            means: inputs.flatMap(\.means), variances: inputs.flatMap(\.variances)))
      case .constant:
        let matrix = model.matrices[parameter]
        parameter += 1
        values.append(
          ReferenceMoments(
            means: matrix.biases.map(Double.init),
            variances: (matrix.standardDeviations?.biases ?? []).map { Double($0) * Double($0) }))
      case .flatten: values.append(inputs[0])
      case .slice, .gather, .pad, .transpose, .reshape:
        // What is not read is 0, and so is its variance.
        let network = try Network(
          input: shape, nodes: [Node("copy", node.operation, reading: [.input])])
        let copy = ReferenceNetwork(network, [])
        values.append(
          ReferenceMoments(
            means: copy.output(for: inputs[0].means),
            variances: copy.output(for: inputs[0].variances)))
      case .softmax, .normalise, .product:
        preconditionFailure("there is no rule for the moments of a \(node.operation.word)")
      }
    }
    return values[values.count - 1]
  }

  private func map(_ function: (Double, Double) -> (Double, Double)) -> ReferenceMoments {
    let moments = zip(means, variances).map(function)
    return ReferenceMoments(means: moments.map(\.0), variances: moments.map(\.1))
  }

  /// E = Σ μ m + μ_b; Var = Σ (μ² v + σ² (v + m²)) + σ_b².
  private static func product(
    _ node: Node, _ matrix: SparseMatrix, _ shape: Shape, _ input: ReferenceMoments
  ) throws -> ReferenceMoments {
    let network = try Network(
      input: shape, nodes: [Node("matrix", node.operation, reading: [.input])])
    let deviations = matrix.standardDeviations ?? .init(weights: [], biases: [])
    func apply(_ weights: [Float], _ biases: [Float], to values: [Double]) -> [Double] {
      let model = CompactModel(
        network: network,
        matrices: [SparseMatrix(matrix.pattern, values: weights, biases: biases)],
        output: .numbers(noiseDeviation: nil), inputScaling: .identity,
        origin: .init(denseWeightCount: 0, denseBiasCount: 0, removedCount: 0, criterion: "snr"))
      return ReferenceNetwork(model).output(for: values)
    }
    let seconds = zip(input.means, input.variances).map { $0 * $0 + $1 }
    let certain = apply(
      matrix.values.map { $0 * $0 }, matrix.biases.map { _ in 0 }, to: input.variances)
    let uncertain = apply(
      deviations.weights.map { $0 * $0 }, deviations.biases.map { $0 * $0 }, to: seconds)
    return ReferenceMoments(
      means: apply(matrix.values, matrix.biases, to: input.means),
      variances: zip(certain, uncertain).map { $0 + $1 })
  }

  /// ∫ of a function and of its square over a Gaussian, by Simpson's rule.
  static func integrated(
    _ activation: Activation, mean: Double, variance: Double
  ) -> (Double, Double) {
    let deviation = variance.squareRoot()
    guard deviation > 0 else { return (activation(mean), 0) }
    let (steps, reach) = (2000, 9.0)
    var (weight, first, second) = (0.0, 0.0, 0.0)
    for step in 0...steps {
      let z = reach * (2 * Double(step) / Double(steps) - 1)
      let factor = step == 0 || step == steps ? 1.0 : step % 2 == 0 ? 2.0 : 4.0
      let share = factor * exp(-z * z / 2)
      let value = activation(mean + deviation * z)
      weight += share
      first += share * value
      second += share * value * value
    }
    return (first / weight, max(0, second / weight - (first / weight) * (first / weight)))
  }

  private static func pooled(
    _ pool: Pool, _ shape: Shape, _ input: ReferenceMoments
  ) -> ReferenceMoments {
    var result = ReferenceMoments(means: [], variances: [])
    let windows = pool.window.sources(over: shape.positions)
    for channel in 0..<shape.extents[0] {
      for window in windows {
        let cells = window.compactMap { $0.map { channel * shape.positionCount + $0 } }
        let (means, variances) = (cells.map { input.means[$0] }, cells.map { input.variances[$0] })
        switch pool.kind {
        case .average(let countsPadding):
          let count = Double(countsPadding ? window.count : cells.count)
          result.means.append(means.reduce(0, +) / count)
          result.variances.append(variances.reduce(0, +) / (count * count))
        case .max:
          let largest = zip(means, variances).dropFirst().reduce((means[0], variances[0])) {
            maximum($0, $1)
          }
          result.means.append(largest.0)
          result.variances.append(largest.1)
        }
      }
    }
    return result
  }

  private static func computed(
    _ arithmetic: Arithmetic, _ inputs: [ReferenceMoments], _ shapes: [Shape], _ output: Shape
  ) -> ReferenceMoments {
    let elements = shapes.map { $0.elements(broadcastTo: output) }
    let moments = zip(elements[0], elements[1]).map { one, other -> (Double, Double) in
      let (m1, v1) = (inputs[0].means[one], inputs[0].variances[one])
      let (m2, v2) = (inputs[1].means[other], inputs[1].variances[other])
      switch arithmetic {
      case .add: return (m1 + m2, v1 + v2)
      case .subtract: return (m1 - m2, v1 + v2)
      case .multiply: return (m1 * m2, v1 * v2 + v1 * m2 * m2 + v2 * m1 * m1)
      case .maximum: return maximum((m1, v1), (m2, v2))
      case .minimum:
        let negative = maximum((-m1, v1), (-m2, v2))
        return (-negative.0, negative.1)
      case .divide, .power, .equal, .less, .select: return (.nan, .nan)
      }
    }
    return ReferenceMoments(means: moments.map(\.0), variances: moments.map(\.1))
  }

  /// Clark's formulas.
  static func maximum(
    _ one: (Double, Double), _ other: (Double, Double)
  ) -> (Double, Double) {
    let a = (one.1 + other.1).squareRoot()
    guard a > 0 else { return (max(one.0, other.0), 0) }
    let alpha = (one.0 - other.0) / a
    let share = erfc(-alpha / 2.0.squareRoot()) / 2
    let density = a * exp(-alpha * alpha / 2) / (2 * Double.pi).squareRoot()
    let first = one.0 * share + other.0 * (1 - share) + density
    let second =
      (one.0 * one.0 + one.1) * share + (other.0 * other.0 + other.1) * (1 - share)
      + (one.0 + other.0) * density
    return (first, max(0, second - first * first))
  }
}
