import BBBNetwork
import BBBPosterior

/// The means of a posterior's tensors whose network has other weights and biases: what folding has put together, taken apart again.
public struct PosteriorMeans: Sendable {
  private var weights: [Int: [Double]] = [:]
  private var biases: [Int: [Double]] = [:]

  /// Finds the means.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - posterior: The posterior that it was read from, before its weights were changed.
  /// - Throws: `PruningError.Code.invalidOption` if no means make the network; `PosteriorError` if a number cannot be read.
  public init(of network: DenseNetwork, in posterior: Posterior) throws {
    let binding = try? posterior.binding.get()
    for (index, matrix) in network.matrices.enumerated() {
      let number = network.posteriorParameters[index]
      let parameter = posterior.parameters[number]
      let folding = try NormalisationFolding(
        parameter, matrix.shape, rows: binding?.rows?[index], path: posterior.path)
      guard let means = folding.unfolded(weights: matrix.weights),
        weights[number].map({ $0 == means }) ?? true
      else {
        throw Self.impossible(parameter, posterior)
      }
      weights[number] = means
      guard network.network.parameters[index].hasBias else { continue }
      let own = folding.unfolded(biases: matrix.biases, beside: matrix)
      if matrix.takesBias, parameter.bias != nil, let own {
        biases[number] = own
      } else if own?.contains(where: { abs($0) > Self.rounding }) != false {
        throw Self.impossible(parameter, posterior)
      }
    }
  }

  /// What rounding may leave of a bias of 0.
  private static let rounding = 1e-6

  private static func impossible(
    _ parameter: PosteriorParameter, _ posterior: Posterior
  ) -> PruningError {
    PruningError(
      .invalidOption, path: posterior.path,
      """
      "\(parameter.name)" takes over what was removed by its bias too, for which the checkpoint has no tensor of its own \
      (a normalisation stands there, or the weights are used several times); write a .bbbz, or a graph (.onnx), \
      or leave the means as they are ('--no-condition')
      """)
  }

  /// The means of a tensor, row-major; `nil` if they are those of the posterior.
  func values(_ parameter: Int, isBias: Bool) -> [Double]? {
    isBias ? biases[parameter] : weights[parameter]
  }
}

extension NormalisationFolding {
  /// The means that folding makes these weights of; `nil` if there are none.
  fileprivate func unfolded(weights: [Float]) -> [Double]? {
    var means: [Double] = []
    means.reserveCapacity(weights.count)
    for (position, weight) in weights.enumerated() {
      let factor = isEmpty ? 1 : factor(at: position)
      guard factor != 0 || weight == 0 else { return nil }
      means.append(weight == 0 ? 0 : Double(weight) / factor)
    }
    return means
  }

  /// The means that folding makes these biases of; `nil` if there are none.
  ///
  /// - Parameters:
  ///   - biases: One for each row, beside weights that read what is not normalised.
  ///   - matrix: The matrix that they stand in.
  /// - Returns: The means.
  fileprivate func unfolded(biases: [Float], beside matrix: DenseMatrix) -> [Double]? {
    var sums = biases.map(Double.init)
    // What is shifted before the matrix reads it reaches the sums through the weights.
    if matrix.inputShifts == nil, let shifts = inputShifts {
      for (position, weight) in matrix.weights.enumerated() {
        let (row, column) = matrix.shape.place(at: position)
        sums[row] -= Double(weight) * Double(shifts[column])
      }
    }
    guard let outputs else { return sums }
    var means: [Double] = []
    for (row, sum) in sums.enumerated() {
      let rest = sum - outputs.shifts[row]
      guard outputs.factors[row] != 0 || rest == 0 else { return nil }
      means.append(rest == 0 ? 0 : rest / outputs.factors[row])
    }
    return means
  }
}
