import BBBTensors

/// A tensor of independent Gaussians: element i is distributed as N(μᵢ, σᵢ²).
public struct GaussianTensor: Sendable {
  /// The means μ, as the file holds them.
  public private(set) var mean: Tensor
  /// The tensor the standard deviations are computed from; nil if the values are certain (σ = 0).
  public private(set) var scale: Tensor?
  /// How the standard deviations are computed; nil exactly when `scale` is.
  public private(set) var parametrisation: ScaleParametrisation?
  /// One byte for each element, 0 where the element was removed earlier; nil if none was.
  public private(set) var mask: Tensor?
  /// Which of the weights that a script reset are read as removed.
  package var removesReset = ResetRule.none
  /// Which signs the stored standard deviations have.
  let storedSigns: StoredSigns
  /// The checkpoint, for messages; a tensor of its own may be in one file of several.
  let path: String

  /// The extent of each dimension.
  public var shape: [Int] { mean.shape }
  /// The number of elements, removed ones included.
  public var count: Int { mean.count }

  /// Pairs a mean with what its standard deviation is computed from, after checking that they fit.
  ///
  /// - Throws: ``PosteriorError`` if types or shapes do not fit, or bytes cannot be read.
  init(
    mean: Tensor, scale: Tensor?, parametrisation: ScaleParametrisation?, mask: Tensor?,
    path: String
  ) throws(PosteriorError) {
    for tensor in [mean, scale].compactMap(\.self) where !tensor.elementType.isFloatingPoint {
      throw PosteriorError(
        .unsupported, path: tensor.file ?? path,
        """
        "\(tensor.name)" holds \(tensor.elementType) numbers; means and standard deviations must \
        be floating point, so save it as float32
        """)
    }
    for other in [scale, mask].compactMap(\.self) where other.shape != mean.shape {
      throw PosteriorError(
        .shapeMismatch, path: path,
        """
        "\(mean.name)" has shape \(shapeText(mean.shape)) but "\(other.name)" has \
        \(shapeText(other.shape)); both must come from the same layer of the same network
        """)
    }
    guard mean.hasSeparateElements else {
      throw PosteriorError(
        .unsupported, path: path,
        """
        elements of "\(mean.name)" share memory, so they are not weights of their own; save a copy \
        made with .clone()
        """)
    }
    guard mean.count > 0 else {
      throw PosteriorError(
        .incomplete, path: mean.file ?? path,
        "\"\(mean.name)\" has shape \(shapeText(mean.shape)), no element; save the trained network")
    }
    do throws(TensorFileError) {
      // Inflated once here, so that reading a part costs only that part.
      self.mean = try mean.loaded()
      self.scale = try scale?.loaded()
      self.mask = try mask?.loaded()
    } catch {
      throw PosteriorError(error)
    }
    self.parametrisation = parametrisation
    storedSigns = StoredSigns(self.scale, parametrisation)
    self.path = path
  }
}

extension GaussianTensor {
  /// The weights of rows that have none.
  ///
  /// - Parameters:
  ///   - rows: How many rows there are.
  ///   - name: What they belong to.
  ///   - path: The checkpoint.
  init(withoutWeights rows: Int, name: String, path: String) {
    mean = Tensor(name: name, shape: [rows, 0], floats: [])
    (scale, parametrisation, mask) = (nil, nil, nil)
    storedSigns = StoredSigns(nil, nil)
    self.path = path
  }

  /// Some of its rows, along the first dimension, read by the rules that hold for all of it.
  ///
  /// - Parameter range: Their numbers; at least one.
  /// - Returns: The rows.
  /// - Throws: ``PosteriorError``, of which there is no cause left.
  func rows(_ range: Range<Int>) throws(PosteriorError) -> GaussianTensor {
    func part(_ tensor: Tensor) throws(TensorFileError) -> Tensor {
      try tensor.rows(range, name: "\(tensor.name)[\(range.lowerBound):\(range.upperBound)]")
    }
    var rows = self
    do throws(TensorFileError) {
      rows.mean = try part(mean)
      rows.scale = try scale.map(part)
      rows.mask = try mask.map(part)
    } catch {
      throw PosteriorError(error)
    }
    return rows
  }

  /// Certain numbers in place of the means; what was removed earlier still is.
  ///
  /// - Parameter numbers: One for each element, row-major.
  /// - Returns: The tensor.
  package func scored(by numbers: [Double]) -> GaussianTensor {
    var scored = self
    scored.mean = Tensor(name: mean.name, shape: shape, doubles: numbers)
    (scored.scale, scored.parametrisation) = (nil, nil)
    return scored
  }

  /// The means of all elements, in row-major order; see ``means(in:)``.
  ///
  /// - Throws: ``PosteriorError`` if a mean of a present element is not finite.
  public func means() throws(PosteriorError) -> [Double] {
    try means(in: 0..<count)
  }

  /// The standard deviations of all elements, in row-major order; see ``standardDeviations(in:)``.
  ///
  /// - Throws: ``PosteriorError`` if one of a present element is not positive and finite.
  public func standardDeviations() throws(PosteriorError) -> [Double] {
    try standardDeviations(in: 0..<count)
  }

  /// The means of the elements at some row-major positions; 0 where one was removed.
  ///
  /// - Parameter range: The positions, within `0..<count`.
  /// - Returns: One mean for each position.
  /// - Throws: ``PosteriorError`` if a mean of a present element is not finite.
  public func means(in range: Range<Int>) throws(PosteriorError) -> [Double] {
    var values = try read(mean, in: range)
    // What else was removed has a mean of 0 anyway, unless a script left it.
    let present =
      removesReset == .anyMean ? try isPresent(in: range) : try isUnmasked(in: range)
    Self.eraseAbsent(&values, present)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw PosteriorError(
        .invalidValue, path: mean.file ?? path,
        """
        "\(mean.name)" holds \(values[index]) at index \(range.lowerBound + index) (row-major); \
        every mean must be finite, so the training that wrote it diverged
        """)
    }
    return values
  }

  /// The standard deviations of the elements at some row-major positions.
  ///
  /// 0 where ``isPresent(in:)`` says removed, and everywhere if `scale` is nil; positive elsewhere.
  ///
  /// - Parameter range: The positions, within `0..<count`.
  /// - Returns: One standard deviation for each position.
  /// - Throws: ``PosteriorError`` if one of a present element is not positive and finite.
  public func standardDeviations(in range: Range<Int>) throws(PosteriorError) -> [Double] {
    guard let scale, let parametrisation else {
      return [Double](repeating: 0, count: range.count)
    }
    var values = try read(scale, in: range)
    let present = try isPresent(in: range, stored: values, parametrisation)
    if parametrisation.needsMeans {
      parametrisation.convert(&values, means: try read(mean, in: range))
    } else {
      parametrisation.convert(&values)
    }
    if storedSigns.areFree { for index in values.indices { values[index] = abs(values[index]) } }
    Self.eraseAbsent(&values, present)
    let invalid = values.indices.first { index in
      !(values[index] > 0 && values[index] < .infinity) && present?[index] != false
    }
    guard let invalid else { return values }
    let position = range.lowerBound + invalid
    let stored = try read(scale, in: position..<position + 1)[0]
    throw PosteriorError(
      .invalidValue, path: scale.file ?? path,
      """
      "\(scale.name)" holds \(stored) at index \(position) (row-major), which makes the standard \
      deviation \(values[invalid]) (\(parametrisation.formula)); it must be positive and finite
      """)
  }

  /// Whether the elements at some row-major positions are left, not removed by an earlier pruning.
  ///
  /// Removed is what `mask` says, and what has mean 0 and standard deviation 0: libraries that load a
  /// pruned checkpoint and save it again drop the mask. On request also what a script pruned by setting
  /// ρ to 0 (`PosteriorOptions.readsResetAsRemoved`).
  ///
  /// - Parameter range: The positions, within `0..<count`.
  /// - Returns: One truth value for each position; nil if all are left.
  /// - Throws: ``PosteriorError`` if bytes cannot be read.
  public func isPresent(in range: Range<Int>) throws(PosteriorError) -> [Bool]? {
    guard let scale, let parametrisation else { return try isUnmasked(in: range) }
    return try isPresent(in: range, stored: try read(scale, in: range), parametrisation)
  }

  private func isPresent(
    in range: Range<Int>, stored: [Double], _ parametrisation: ScaleParametrisation
  ) throws(PosteriorError) -> [Bool]? {
    let unmasked = try isUnmasked(in: range)
    let reset = removesReset == .none ? nil : reset
    let resetWithAnyMean = removesReset == .anyMean ? resetWithAnyMean : nil
    func marksAbsence(_ x: Double) -> Bool {
      parametrisation.marksAbsence(x) || reset?.contains(x) == true
    }
    guard stored.contains(where: marksAbsence) else { return unmasked }
    let means = try read(mean, in: range)
    return stored.indices.map { index in
      unmasked?[index] != false
        && !(means[index] == 0 && marksAbsence(stored[index]))
        && resetWithAnyMean?.contains(stored[index]) != true
    }
  }

  private func isUnmasked(in range: Range<Int>) throws(PosteriorError) -> [Bool]? {
    do throws(TensorFileError) {
      guard let (mask, range) = try mask?.read(range) else { return nil }
      return try mask.bytes(in: range).map { $0 != 0 }
    } catch {
      throw PosteriorError(error)
    }
  }

  func read(_ tensor: Tensor, in range: Range<Int>) throws(PosteriorError) -> [Double] {
    do throws(TensorFileError) {
      let (source, part) = try tensor.read(range)
      return try source.doubles(in: part)
    } catch {
      throw PosteriorError(error)
    }
  }

  /// Sets the values of removed elements to 0.
  private static func eraseAbsent(_ values: inout [Double], _ isPresent: [Bool]?) {
    guard let isPresent else { return }
    for index in values.indices where !isPresent[index] { values[index] = 0 }
  }
}

extension Tensor {
  /// The file that the tensor is in; nil for a tensor in memory.
  fileprivate var file: String? { path.isEmpty ? nil : path }
}
