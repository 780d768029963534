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
  fileprivate let criterion: Criterion
  fileprivate let means: UnsafePointer<Float>
  /// As the file has them; `nil` if the weights are certain.
  fileprivate let stored: UnsafePointer<Float>?
  fileprivate let parametrisation: ScaleParametrisation
  fileprivate let tensor: GaussianTensor
  /// Whether the tensor's numbers are in double precision, and these rounded.
  fileprivate let isRounded: Bool

  /// What the kernels compare with multiples of the denominators; ones, if `nil`.
  let numerators: UnsafePointer<Float>?
  /// What the kernels multiply; ones, if `nil`.
  let denominators: UnsafePointer<Float>?

  /// Whether the criterion compares numbers of the weights, rather than such that it makes up.
  var areCompared: Bool { numerators != nil || denominators != nil }

  /// The key of a weight, computed in double precision.
  ///
  /// - Parameters:
  ///   - index: Which weight, from 0 on.
  ///   - firstElement: The number of the first weight in its tensor.
  /// - Returns: The key.
  @inline(__always)
  func key(_ index: Int, firstElement: Int) -> RankKey {
    var (mean, scale) = (Double(means[index]), stored.map { Double($0[index]) } ?? 0)
    if isRounded { (mean, scale) = exact(firstElement + index) ?? (mean, scale) }
    return RankKey(
      score: criterion.score(
        mean: mean,
        standardDeviation: criterion.usesDeviation
          ? parametrisation.standardDeviation(scale) : 0,
        position: start + index))
  }

  /// The numbers of one weight as they are stored; `nil` only if the file has changed since.
  @inline(never)
  private func exact(_ element: Int) -> (mean: Double, scale: Double)? {
    func number(_ tensor: Tensor) -> Double? {
      guard let (source, range) = try? tensor.read(element..<element + 1) else { return nil }
      return try? source.doubles(in: range).first
    }
    guard let mean = number(tensor.mean) else { return nil }
    return (mean, tensor.scale.flatMap(number) ?? 0)
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
  let firstPosition: Int
  private let tensor: GaussianTensor
  private let criterion: Criterion
  /// How single precision gets at the standard deviations; `nil` if it does not.
  private let kernel: ScaleParametrisation.Kernel?
  private let isRounded: Bool

  init(_ segment: Ranking.Segment, _ tensor: GaussianTensor, by criterion: Criterion) {
    self.tensor = tensor
    self.criterion = criterion
    firstPosition = segment.positions.lowerBound
    kernel = tensor.scale == nil ? .identity : tensor.parametrisation?.kernel
    isRounded = tensor.mean.elementType == .float64 || tensor.scale?.elementType == .float64
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
    guard let kernel, tensor.mask == nil else { return nil }
    let range = elements(positions)
    let count = range.count
    let means = UnsafeMutableBufferPointer(rebasing: buffers.means[..<count])
    let stored = UnsafeMutableBufferPointer(rebasing: buffers.stored[..<count])
    do {
      try tensor.mean.readFloats(in: range, into: means)
      try tensor.scale?.readFloats(in: range, into: stored)
    } catch {
      // It is read again exactly, which says what is wrong.
      return nil
    }
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
      start: positions.lowerBound, count: count, criterion: criterion, means: address,
      stored: deviations == nil ? nil : stored.baseAddress.map { UnsafePointer($0) },
      parametrisation: tensor.parametrisation ?? .standardDeviation,
      tensor: tensor, isRounded: isRounded,
      numerators: criterion.usesMean ? UnsafePointer(address) : nil,
      denominators: criterion.usesDeviation ? deviations : nil)
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
        score: criterion.score(
          mean: means[index], standardDeviation: deviations[index], position: position))
    }
  }

  private func elements(_ positions: Range<Int>) -> Range<Int> {
    positions.lowerBound - firstPosition..<positions.upperBound - firstPosition
  }
}
