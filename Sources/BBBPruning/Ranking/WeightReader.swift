import BBBPosterior
import BBBTensors
import CBBBKernels

/// Memory for the weights that are worked on at a time: small enough for the second-level cache.
struct WeightBuffers: ~Copyable {
  /// The most weights.
  static let capacity = 1 << 14

  fileprivate let means: UnsafeMutableBufferPointer<Float>
  /// What standard deviations are computed from.
  fileprivate let stored: UnsafeMutableBufferPointer<Float>
  fileprivate let deviations: UnsafeMutableBufferPointer<Float>
  /// Bits that the comparing kernel writes.
  let above: UnsafeMutableBufferPointer<UInt64>
  let inside: UnsafeMutableBufferPointer<UInt64>

  init() {
    means = .allocate(capacity: Self.capacity)
    stored = .allocate(capacity: Self.capacity)
    deviations = .allocate(capacity: Self.capacity)
    above = .allocate(capacity: Self.capacity / Mask.wordWidth)
    inside = .allocate(capacity: Self.capacity / Mask.wordWidth)
  }

  deinit {
    means.deallocate()
    stored.deallocate()
    deviations.deallocate()
    above.deallocate()
    inside.deallocate()
  }
}

/// Neighbouring weights of one tensor in single precision, none of them removed earlier, all of them
/// valid; in buffers that the next ones overwrite.
struct OrdinaryWeights {
  /// The position of the first one.
  let start: Int
  /// The number of weights.
  let count: Int
  fileprivate let score: WeightScore
  fileprivate let means: UnsafePointer<Float>
  /// As the file has them; `nil` if the weights are certain.
  fileprivate let stored: UnsafePointer<Float>?
  fileprivate let parametrisation: ScaleParametrisation
  /// The numbers that single precision rounded, as the file has them; empty if it did not.
  fileprivate let exactMeans: [Double]
  fileprivate let exactStored: [Double]

  /// What the kernels compare with multiples of the denominators; ones, if `nil`.
  let numerators: UnsafePointer<Float>?
  /// What the kernels multiply; ones, if `nil`.
  let denominators: UnsafePointer<Float>?

  /// Whether the criterion compares numbers of the weights, rather than such that it makes up.
  var areCompared: Bool { numerators != nil || denominators != nil }

  /// The key of a weight, computed in double precision.
  ///
  /// - Parameter index: Which weight, from 0 on.
  /// - Returns: The key.
  @inline(__always)
  func key(_ index: Int) -> RankKey {
    let mean = exactMeans.isEmpty ? Double(means[index]) : exactMeans[index]
    var standardDeviation = 0.0
    if score.criterion.kind.needsDeviations, let stored {
      standardDeviation = parametrisation.standardDeviation(
        exactStored.isEmpty ? Double(stored[index]) : exactStored[index])
    }
    return RankKey(
      score: score.score(
        mean: mean, standardDeviation: standardDeviation, position: start + index))
  }

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

/// Reads neighbouring weights of one tensor: fast in single precision, or exactly.
struct WeightReader {
  /// The position of the tensor's first weight.
  private let firstPosition: Int
  private let tensor: GaussianTensor
  private let score: WeightScore
  /// How single precision gets at the standard deviations; `nil` if it does not.
  private let kernel: ScaleParametrisation.Kernel?

  init(_ segment: Ranking.Segment, _ tensor: GaussianTensor, by score: WeightScore) {
    self.tensor = tensor
    self.score = score
    firstPosition = segment.positions.lowerBound
    kernel = tensor.scale == nil ? .identity : tensor.parametrisation?.kernel
  }

  static let instructionSet = bbb_best_instruction_set()

  /// Reads weights in single precision, if that is certain to be accurate.
  ///
  /// - Parameters:
  ///   - positions: Whose, all of this tensor; at most `WeightBuffers.capacity`.
  ///   - buffers: Where the weights are until something else is read into them.
  /// - Returns: The weights; `nil` where one was removed earlier, is not valid, or has a mean or
  ///   standard deviation that single precision cannot be trusted with.
  func ordinaryWeights(
    at positions: Range<Int>, into buffers: borrowing WeightBuffers
  ) -> OrdinaryWeights? {
    guard let kernel, tensor.mask == nil, tensor.removesReset == .none else { return nil }
    let range = elements(positions)
    let count = range.count
    let means = UnsafeMutableBufferPointer(rebasing: buffers.means[..<count])
    let stored = UnsafeMutableBufferPointer(rebasing: buffers.stored[..<count])
    // What cannot be read is read again exactly, which says what is wrong.
    guard let exactMeans = try? Self.read(tensor.mean, in: range, into: means),
      let exactStored = try? tensor.scale.map({ try Self.read($0, in: range, into: stored) }) ?? []
    else { return nil }
    var deviations = tensor.scale.flatMap { _ in stored.baseAddress.map { UnsafePointer($0) } }
    // SAFETY: all arrays have `count` elements.
    if let source = deviations, case .formula(let scale) = kernel,
      let target = buffers.deviations.baseAddress
    {
      bbb_standard_deviations(Self.instructionSet, scale, source, count, target)
      deviations = UnsafePointer(target)
    }
    guard let address = means.baseAddress,
      bbb_are_ordinary(Self.instructionSet, address, deviations, count) != 0
    else { return nil }
    return OrdinaryWeights(
      start: positions.lowerBound, count: count, score: score, means: address,
      stored: deviations == nil ? nil : stored.baseAddress.map { UnsafePointer($0) },
      parametrisation: tensor.parametrisation ?? .standardDeviation,
      exactMeans: exactMeans, exactStored: exactStored,
      numerators: score.criterion.comparesMean ? UnsafePointer(address) : nil,
      denominators: score.criterion.comparesDeviation ? deviations : nil)
  }

  /// Reads numbers in single precision.
  ///
  /// - Returns: The numbers themselves, if single precision rounds them.
  private static func read(
    _ tensor: Tensor, in range: Range<Int>, into floats: UnsafeMutableBufferPointer<Float>
  ) throws -> [Double] {
    guard tensor.elementType == .float64 else {
      try tensor.readFloats(in: range, into: floats)
      return []
    }
    let (source, part) = try tensor.read(range)
    let doubles = try source.doubles(in: part)
    for index in doubles.indices { floats[index] = Float(doubles[index]) }
    return doubles
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
    return positions.map { position in
      let index = position - positions.lowerBound
      if let isPresent, !isPresent[index] { return .absent }
      return RankKey(
        score: score.score(
          mean: means[index], standardDeviation: deviations[index], position: position))
    }
  }

  private func elements(_ positions: Range<Int>) -> Range<Int> {
    positions.lowerBound - firstPosition..<positions.upperBound - firstPosition
  }
}
