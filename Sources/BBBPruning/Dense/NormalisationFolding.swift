import BBBNetwork
import BBBPosterior

/// What stands around a matrix, folded into its weights and biases: batch normalisations, or what the exporter of a graph has
/// made of them.
///
/// With y = a x + c for each unit, outputs that are normalised have the weights N(a μ, a² σ²) and the bias
/// a b + c: |μ|/σ stays what it is. Of inputs that are, the weights take a; what remains is that each input is
/// shifted by c/a, which reaches the biases through the weights that are left.
struct NormalisationFolding {
  private let shape: WeightShape
  let outputs: (factors: [Double], shifts: [Double])?
  private let inputs: (factors: [Double], shifts: [Double])?

  /// Reads what is to be folded.
  ///
  /// - Parameters:
  ///   - parameter: What is between the batch normalisations.
  ///   - shape: How its weights are arranged.
  ///   - rows: What a graph makes of its rows, in place of the batch normalisations; `nil` if no graph says it.
  ///   - path: The checkpoint, for messages.
  /// - Throws: `PosteriorError` if their numbers are not valid, `PruningError.Code.notRunnable`
  ///   if an input's factor is 0.
  init(
    _ parameter: PosteriorParameter, _ shape: WeightShape, rows: RowMap?, path: String
  ) throws {
    self.shape = shape
    if let rows {
      outputs = rows.isIdentity ? nil : (rows.factors, rows.shifts)
      inputs = nil
      return
    }
    outputs = try parameter.outputNormalisation?.coefficients()
    inputs = try parameter.inputNormalisation?.coefficients()
    if let unit = inputs?.factors.firstIndex(of: 0) {
      throw PruningError.notRunnable(
        path: path,
        reason:
          "the batch normalisation before \(parameter.name) multiplies unit \(unit) by 0, so that "
          + "it cannot be folded; remove that unit")
    }
  }

  /// Whether there is nothing to fold.
  var isEmpty: Bool { outputs == nil && inputs == nil }

  /// The weights that compute the same from what is not normalised.
  func weights(_ means: [Double]) -> [Float] {
    guard !isEmpty else { return means.map(Float.init) }
    return means.indices.map { Float(means[$0] * factor(at: $0)) }
  }

  /// The standard deviations of those weights.
  func deviations(_ deviations: [Double]) -> [Float] {
    guard !isEmpty else { return deviations.map(Float.init) }
    return deviations.indices.map { Float(deviations[$0] * abs(factor(at: $0))) }
  }

  /// The biases beside those weights.
  func biases(_ means: [Double]) -> [Float] {
    guard let outputs else { return means.map(Float.init) }
    return means.indices.map { Float(means[$0] * outputs.factors[$0] + outputs.shifts[$0]) }
  }

  /// The standard deviations of those biases.
  func biasDeviations(_ deviations: [Double]) -> [Float] {
    guard let outputs else { return deviations.map(Float.init) }
    return deviations.indices.map { Float(deviations[$0] * abs(outputs.factors[$0])) }
  }

  /// What a bias is without the posterior's own share of it; `nil` where that is 0.
  var biasesIfRemoved: [Float]? { outputs?.shifts.map(Float.init) }

  /// What is to be added to each input before the weights apply; `nil` for nothing.
  var inputShifts: [Float]? {
    inputs.map { inputs in zip(inputs.shifts, inputs.factors).map { Float($0 / $1) } }
  }

  /// What the mean of a weight is multiplied by.
  func factor(at position: Int) -> Double {
    let (output, input) = shape.place(at: position)
    return (outputs?.factors[output] ?? 1) * (inputs?.factors[input] ?? 1)
  }
}
