import BBBKernels
import BBBLinearAlgebra

/// The mean and the covariance of a network's inputs, of which examples can be drawn: what stands in for inputs that may not leave the
/// place where they are.
///
/// How inputs go together is most of what conditioning asks of them, so that Gaussian examples of the right covariance do nearly as well as
/// the inputs themselves.
public struct InputDistribution: Sendable {
  /// The mean of each input, as the network takes it.
  public let mean: [Float]
  /// (inputs, inputs), row-major.
  public let covariance: [Float]
  /// Of how many examples it is; 0 if that is not known.
  public let exampleCount: Int

  /// The most inputs whose covariance is formed: it takes 64 MiB.
  public static let mostInputs = 4096

  /// Measures examples.
  ///
  /// - Parameter examples: The examples, each of at most ``mostInputs`` numbers.
  /// - Throws: ``ConditioningError`` if there is no BLAS, or an input is no finite number.
  public init(_ examples: CalibrationExamples) throws(ConditioningError) {
    try self.init(
      exampleCount: examples.count, inputCount: examples.inputs.count / examples.count,
      rows: examples.rows)
  }

  /// Measures examples that need not be in memory at once.
  ///
  /// - Parameters:
  ///   - exampleCount: How many; at least 1.
  ///   - inputCount: How many numbers each has; at most ``mostInputs``.
  ///   - rows: Gives examples, row-major, as the network takes them; is asked for each twice.
  /// - Throws: ``ConditioningError`` if there is no BLAS, or an input is no finite number.
  public init(
    exampleCount: Int, inputCount: Int, rows: (Range<Int>) -> [Float]
  ) throws(ConditioningError) {
    precondition(
      exampleCount > 0 && (1...Self.mostInputs).contains(inputCount),
      "examples that a covariance can be formed of")
    try requireLibrary()
    let blocks = stride(from: 0, to: exampleCount, by: Self.blockLength).map {
      $0..<min($0 + Self.blockLength, exampleCount)
    }
    var sums = [Double](repeating: 0, count: inputCount)
    for block in blocks {
      for (index, value) in rows(block).enumerated() { sums[index % inputCount] += Double(value) }
    }
    let mean = sums.map { Float($0 / Double(exampleCount)) }
    if let wrong = mean.firstIndex(where: { !$0.isFinite }) {
      throw ConditioningError(
        .diverged, "input \(wrong + 1) has no finite mean; remove examples with NaN or infinity")
    }
    self.mean = mean
    self.exampleCount = exampleCount
    var covariance = [Float](repeating: 0, count: inputCount * inputCount)
    MatrixProduct.withOneThreadPerProduct {
      for block in blocks {
        var centred = rows(block)
        for index in centred.indices { centred[index] -= mean[index % inputCount] }
        Self.addSquare(of: &centred, inputCount, to: &covariance)
      }
    }
    let scale = 1 / Float(exampleCount)
    for row in 0..<inputCount {
      for column in 0...row {
        let value = scale * covariance[row * inputCount + column]
        guard value.isFinite else {
          throw ConditioningError(
            .diverged,
            "the covariance of inputs \(column + 1) and \(row + 1) is no finite number; scale inputs so large down"
          )
        }
        covariance[row * inputCount + column] = value
        covariance[column * inputCount + row] = value
      }
    }
    self.covariance = covariance
  }

  /// A distribution that was measured before.
  ///
  /// - Parameters:
  ///   - mean: The mean of each input, as the network takes it.
  ///   - covariance: (inputs, inputs), row-major.
  ///   - exampleCount: Of how many examples; 0 if that is not known.
  /// - Throws: ``ConditioningError`` if that is no mean and covariance.
  public init(
    mean: [Float], covariance: [Float], exampleCount: Int
  ) throws(ConditioningError) {
    let count = mean.count
    guard (1...Self.mostInputs).contains(count), covariance.count == count * count
    else {
      throw ConditioningError(
        .invalidMoments,
        "a mean of \(count) numbers and a covariance of \(covariance.count) are not of the same inputs"
      )
    }
    guard mean.allSatisfy(\.isFinite), covariance.allSatisfy(\.isFinite) else {
      throw ConditioningError(.invalidMoments, "a mean or a covariance is no finite number")
    }
    for row in 0..<count {
      for column in 0...row {
        let variances = [row, column].map { Double(covariance[$0 * count + $0]) }
        let difference = abs(
          Double(covariance[row * count + column]) - Double(covariance[column * count + row]))
        guard variances.allSatisfy({ $0 >= 0 }),
          difference <= 1e-3 * (variances[0] * variances[1]).squareRoot()
        else {
          throw ConditioningError(
            .invalidMoments,
            "the covariance of inputs \(column + 1) and \(row + 1) is none: it is not symmetric, or a variance is negative"
          )
        }
      }
    }
    self.mean = mean
    self.covariance = covariance
    self.exampleCount = exampleCount
  }

  /// Draws examples from the normal distribution of that mean and covariance, always the same.
  ///
  /// - Parameter count: How many; at least 1.
  /// - Returns: (examples, inputs), row-major, as the network takes them.
  /// - Throws: ``ConditioningError`` if there is no BLAS, or the covariance is not positive semidefinite.
  public func examples(_ count: Int) throws(ConditioningError) -> [Float] {
    try requireLibrary()
    var factor = try factor()
    var noise = GaussianDraw.standardNormals(
      count: count * mean.count, key: NoiseStream.inputs.key(seed: 0))
    let inputs = mean.count
    var result = (0..<count).flatMap { _ in mean }
    MatrixProduct.withOneThreadPerProduct {
      factor.withUnsafeMutableBufferPointer { factor in
        noise.withUnsafeMutableBufferPointer { noise in
          result.withUnsafeMutableBufferPointer { result in
            guard let factor = factor.baseAddress, let noise = noise.baseAddress,
              let result = result.baseAddress
            else { return }
            MatrixProduct.multiply(
              .init(start: noise, stride: inputs),
              by: .init(start: factor, stride: inputs, isTransposed: true),
              into: .init(start: result, stride: inputs), isAdded: true, rows: count,
              columns: inputs, depth: inputs)
          }
        }
      }
    }
    return result
  }

  /// L of L Lᵀ, the covariance with so little more variance that rounding has left it positive definite.
  private func factor() throws(ConditioningError) -> [Float] {
    let count = mean.count
    for ridge in [1e-6, 1e-5, 1e-4, 1e-3, 1e-2] {
      var matrix = covariance.map(Double.init)
      for index in 0..<count {
        let variance = matrix[index * count + index]
        matrix[index * count + index] = variance > 0 ? variance * (1 + ridge) : 1
      }
      let isPositive = matrix.withUnsafeMutableBufferPointer { matrix in
        matrix.baseAddress.map { SymmetricMatrix.factorise($0, count: count) } ?? false
      }
      guard isPositive else { continue }
      return (0..<count).flatMap { row in
        // What never varies does not vary here.
        let varies = covariance[row * count + row] > 0
        return (0..<count).map { $0 <= row && varies ? Float(matrix[row * count + $0]) : 0 }
      }
    }
    throw ConditioningError(
      .invalidMoments,
      "the covariance is of no numbers that there can be: it is not positive semidefinite")
  }

  /// Adds Xᵀ X of some rows X.
  private static func addSquare(
    of rows: inout [Float], _ inputCount: Int, to covariance: inout [Float]
  ) {
    let count = rows.count / inputCount
    rows.withUnsafeMutableBufferPointer { rows in
      covariance.withUnsafeMutableBufferPointer { covariance in
        guard let rows = rows.baseAddress, let covariance = covariance.baseAddress else { return }
        MatrixProduct.multiply(
          .init(start: rows, stride: inputCount, isTransposed: true),
          by: .init(start: rows, stride: inputCount),
          into: .init(start: covariance, stride: inputCount), isAdded: true, rows: inputCount,
          columns: inputCount, depth: count)
      }
    }
  }

  private static let blockLength = 1024
}
