import CBBBKernels

/// Draws from independent Gaussians, N(μ, σ²) for each element of a tensor.
///
/// The noise comes from a counter-based generator: element i of a draw depends on the key and i only,
/// so that it is the same for any thread, any order of the draws, and whatever else is pruned.
package enum GaussianDraw {
  /// Draws every element of a tensor: w = μ + σ ε, ε ~ N(0, 1).
  ///
  /// - Parameters:
  ///   - means: μ.
  ///   - deviations: σ, one for each mean.
  ///   - key: What determines ε; see ``NoiseStream/key(seed:step:draw:)``.
  /// - Returns: One value for each mean.
  package static func values(means: [Float], deviations: [Float], key: bbb_noise_key) -> [Float] {
    precondition(means.count == deviations.count, "one standard deviation for each mean")
    var values = standardNormals(count: means.count, key: key)
    for index in means.indices {
      values[index] = means[index] + deviations[index] * values[index]
    }
    return values
  }

  /// Draws from the standard normal distribution.
  ///
  /// - Parameters:
  ///   - drawCount: How many numbers.
  ///   - key: What determines them; see ``NoiseStream/key(seed:step:draw:)``.
  /// - Returns: ε ~ N(0, 1).
  package static func standardNormals(count drawCount: Int, key: bbb_noise_key) -> [Float] {
    let block = Int(BBB_NOISE_BLOCK)
    let paddedCount = (drawCount + block - 1) / block * block
    return [Float](unsafeUninitializedCapacity: paddedCount) { values, count in
      // SAFETY: the kernel writes `drawCount` numbers and the padding, for which there is room.
      bbb_standard_normals(bbb_best_instruction_set(), key, 0, drawCount, values.baseAddress)
      count = drawCount
    }
  }
}
