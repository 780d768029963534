import BBBPosterior
import BBBTensors
import CBBBKernels

/// Reads neighbouring weights of one tensor: fast in single precision, or exactly.
struct WeightReader {
  private let tensor: GaussianTensor
  private let criterion: Criterion
  /// The position of the tensor's first weight.
  private let firstPosition: Int
  /// How single precision gets at the standard deviations; `nil` if it does not.
  private let kernel: ScaleParametrisation.Kernel?

  /// The most weights that are read at a time: their numbers stay in the second-level cache.
  static let mostWeights = 1 << 14

  init(_ segment: Ranking.Segment, _ tensor: GaussianTensor, by criterion: Criterion) {
    self.tensor = tensor
    self.criterion = criterion
    firstPosition = segment.positions.lowerBound
    kernel = tensor.scale == nil ? .identity : tensor.parametrisation?.kernel
  }

  /// Weights in single precision, none of them removed earlier, all of them valid.
  struct Weights {
    fileprivate let means: UnsafeBufferPointer<Float>
    /// As the file has them; `nil` if the weights are certain.
    fileprivate let stored: UnsafeBufferPointer<Float>?
    fileprivate let deviations: UnsafePointer<Float>?

    /// What a kernel multiplies: `nil` stands for ones.
    fileprivate(set) var numerators: UnsafePointer<Float>?
    fileprivate(set) var denominators: UnsafePointer<Float>?

    /// The number of weights.
    var count: Int { means.count }
    /// Whether the criterion compares numbers of theirs, rather than what it makes up.
    var areCompared: Bool { numerators != nil || denominators != nil }

    /// The criterion's values in single precision; `nil` if no numbers are compared.
    var scores: [Float]? {
      // SAFETY: both arrays, where there, have `count` elements.
      switch (numerators, denominators) {
      case (let means?, let deviations?): (0..<count).map { means[$0].magnitude / deviations[$0] }
      case (let means?, nil): (0..<count).map { means[$0].magnitude }
      case (nil, let deviations?): (0..<count).map { 1 / deviations[$0] }
      case (nil, nil): nil
      }
    }
  }

  /// Hands over weights in single precision, if that is certain to be accurate.
  ///
  /// - Parameters:
  ///   - positions: Whose, all of this tensor; at most ``mostWeights``.
  ///   - scratch: Memory for as many numbers.
  ///   - body: Called once, or not at all: where a weight was removed earlier, is not valid, or has a
  ///     mean or standard deviation that single precision cannot be trusted with.
  /// - Returns: What the body returns; `nil` if it was not called.
  func withOrdinaryWeights<Result>(
    at positions: Range<Int>, scratch: UnsafeMutableBufferPointer<Float>,
    _ body: (Weights) -> Result
  ) -> Result? {
    guard let kernel, tensor.mask == nil else { return nil }
    let range = elements(positions)
    // What cannot be read is read again exactly, which says what is wrong.
    return try? tensor.mean.withFloats(in: range) { means in
      guard let scale = tensor.scale else {
        return withOrdinaryWeights(means, nil, kernel, scratch, body)
      }
      return try? scale.withFloats(in: range) { stored in
        withOrdinaryWeights(means, stored, kernel, scratch, body)
      }
    }
  }

  private func withOrdinaryWeights<Result>(
    _ means: UnsafeBufferPointer<Float>, _ stored: UnsafeBufferPointer<Float>?,
    _ kernel: ScaleParametrisation.Kernel, _ scratch: UnsafeMutableBufferPointer<Float>,
    _ body: (Weights) -> Result
  ) -> Result? {
    var deviations = stored?.baseAddress
    // SAFETY: all arrays have `means.count` elements, and `scratch` has room for them.
    if let address = deviations, case .formula(let scale) = kernel {
      precondition(means.count <= scratch.count, "more weights than there is room for")
      guard let converted = scratch.baseAddress else { return nil }
      bbb_standard_deviations(Self.instructionSet, scale, address, means.count, converted)
      deviations = UnsafePointer(converted)
    }
    guard bbb_are_ordinary(Self.instructionSet, means.baseAddress, deviations, means.count) != 0
    else { return nil }
    return body(
      Weights(
        means: means, stored: stored, deviations: deviations,
        numerators: criterion.usesMean ? means.baseAddress : nil,
        denominators: criterion.usesDeviation ? deviations : nil))
  }

  static let instructionSet = bbb_best_instruction_set()

  /// The key of one of some weights in single precision, computed in double precision.
  ///
  /// - Parameters:
  ///   - index: Which of the weights.
  ///   - weights: From this reader.
  ///   - positions: The positions of the weights.
  /// - Returns: The key.
  @inline(__always)
  func key(_ index: Int, of weights: Weights, at positions: Range<Int>) -> RankKey {
    var standardDeviation = 0.0
    if criterion.usesDeviation, let stored = weights.stored, let scale = tensor.scale,
      let parametrisation = tensor.parametrisation
    {
      standardDeviation = parametrisation.standardDeviation(
        exact(stored, index, of: scale, at: positions))
    }
    return RankKey(
      score: criterion.score(
        mean: criterion.usesMean
          ? exact(weights.means, index, of: tensor.mean, at: positions) : 0,
        standardDeviation: standardDeviation, position: positions.lowerBound + index))
  }

  /// The number that single precision may have rounded.
  @inline(__always)
  private func exact(
    _ floats: UnsafeBufferPointer<Float>, _ index: Int, of source: Tensor,
    at positions: Range<Int>
  ) -> Double {
    if source.elementType == .float64 {
      let element = elements(positions).lowerBound + index
      // It was read just now, as a float.
      if let value = try? source.doubles(in: element..<element + 1).first { return value }
    }
    return Double(floats[index])
  }

  /// The keys of any weights, computed in double precision.
  ///
  /// - Parameter positions: Whose, all of this tensor.
  /// - Returns: The keys.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid, whichever
  ///   the criterion uses.
  func keys(at positions: Range<Int>) throws(PosteriorError) -> [RankKey] {
    do throws(PosteriorError) {
      return try exactKeys(at: positions)
    } catch {
      guard positions.count > 1 else { throw error }
      // Whole arrays are checked one after the other; halves find the first position.
      let middle = positions.lowerBound + positions.count / 2
      _ = try keys(at: positions.lowerBound..<middle)
      _ = try keys(at: middle..<positions.upperBound)
      throw error
    }
  }

  private func exactKeys(at positions: Range<Int>) throws(PosteriorError) -> [RankKey] {
    let range = elements(positions)
    let means = try tensor.means(in: range)
    // Read whatever the criterion, so that an invalid σ is found whatever is asked.
    let deviations = try tensor.standardDeviations(in: range)
    let isPresent = try tensor.isPresent(in: range)
    return positions.indices.map { position in
      let index = position - positions.lowerBound
      if let isPresent, !isPresent[index] { return .absent }
      return RankKey(
        score: criterion.score(
          mean: means[index], standardDeviation: deviations[index], position: position))
    }
  }

  /// Has the system read weights soon; see `Tensor.prefetch(_:)`.
  func prefetch(_ positions: Range<Int>) {
    for tensor in [tensor.mean, tensor.scale] { tensor?.prefetch(elements(positions)) }
  }

  /// Gives back the memory of weights of a mapped file; see `Tensor.release(_:)`.
  func release(_ positions: Range<Int>) {
    for tensor in [tensor.mean, tensor.scale] { tensor?.release(elements(positions)) }
  }

  private func elements(_ positions: Range<Int>) -> Range<Int> {
    positions.lowerBound - firstPosition..<positions.upperBound - firstPosition
  }
}
