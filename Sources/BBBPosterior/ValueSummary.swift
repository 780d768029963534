import BBBTensors

/// What the values of a tensor say about what it can be.
struct ValueSummary {
  let least: Double
  let greatest: Double
  /// How many values are below 0, as a fraction of all.
  let negativeShare: Double
  /// Whether every value is 0 or 1.
  let isMask: Bool

  /// Whether the values can be standard deviations, variances or precisions.
  var canBePositive: Bool { least > 0 }
}

extension Tensor {
  /// What a sample of a floating-point tensor is like; that of an empty one is all 0.
  ///
  /// - Returns: The summary.
  /// - Throws: ``PosteriorError`` if the values cannot be read.
  func valueSummary() throws(PosteriorError) -> ValueSummary {
    do throws(TensorFileError) {
      let tensor = try loaded()
      var values: [Double] = []
      for range in sampleRuns { values += try tensor.doubles(in: range) }
      return ValueSummary(
        least: values.min() ?? 0, greatest: values.max() ?? 0,
        negativeShare: Double(values.count { $0 < 0 }) / Double(max(values.count, 1)),
        isMask: values.allSatisfy { $0 == 0 || $0 == 1 })
    } catch {
      throw PosteriorError(error)
    }
  }
}
