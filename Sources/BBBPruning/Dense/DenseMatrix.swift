import BBBNetwork

/// The weights and biases of a network's matrix, with a value for every weight.
package struct DenseMatrix: Sendable {
  /// How the weights are arranged.
  package var shape: WeightShape
  /// In the order of the file's tensor, which `shape` gives.
  package var weights: [Float]
  /// One for each row; all zero where the matrix has none.
  package var biases: [Float]
  /// Whether the posterior's biases are among them, and its masks of biases are for these.
  var takesBias = true
  /// σ of each weight; `nil` if standard deviations were not read.
  package var deviations: [Float]?
  /// σ of each bias; `nil` where the biases are certain, there are none, or they were not read.
  var biasDeviations: [Float]?
  /// What is added to each input before the weights apply, by column, so that a weight that is removed takes its share
  /// along (``NormalisationFolding``); `nil` for nothing.
  var inputShifts: [Float]?
  /// What is left of each bias that is removed; `nil` for nothing.
  package var biasesIfRemoved: [Float]?

  /// The biases that give the same without shifts of what is read.
  package var foldedBiases: [Float] {
    guard let inputShifts else { return biases }
    var sums = biases.map(Double.init)
    for (position, weight) in weights.enumerated() {
      let (row, column) = shape.place(at: position)
      sums[row] += Double(weight) * Double(inputShifts[column])
    }
    return sums.map(Float.init)
  }
}
