import BBBNetwork

/// The weights and biases of a network's matrix, with a value for every weight.
struct DenseMatrix: Sendable {
  /// How the weights are arranged.
  var shape: WeightShape
  /// In the order of the file's tensor, which `shape` gives.
  var weights: [Float]
  /// One for each row; all zero where the matrix has none.
  var biases: [Float]
  /// Whether the posterior's biases are among them, and its masks of biases are for these.
  var takesBias = true
  /// σ of each weight; `nil` if standard deviations were not read.
  var deviations: [Float]?
  /// σ of each bias; `nil` where the biases are certain, there are none, or they were not read.
  var biasDeviations: [Float]?
  /// What is added to each input before the weights apply, by column, so that a weight that is removed takes its share
  /// along (``NormalisationFolding``); `nil` for nothing.
  var inputShifts: [Float]?
  /// What is left of each bias that is removed; `nil` for nothing.
  var biasesIfRemoved: [Float]?
}
