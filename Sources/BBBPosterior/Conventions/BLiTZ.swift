import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// BLiTZ, which saves every parameter twice: read is the sampler's copy, which training changes.
  ///
  /// `weight_mu` and `weight_sampler.mu` share one storage until the model is moved to a GPU or cast;
  /// from then on only the sampler's are trained. `eps_w` is noise.
  static let blitz = ConventionReader(name: "BLiTZ", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    guard var reading = try readSamplers(file, options) else { return nil }
    for index in reading.parameters.indices
    where ParameterName.isRecurrent(reading.parameters[index].name) {
      // Its recurrent layers multiply from the other side than its linear ones.
      reading.parameters[index].layout = .inputOutput
    }
    let unsampled = options.ignoresBiases ? [] : try unsampledBiases(in: file)
    if !unsampled.isEmpty {
      reading.warnings.append(
        """
        \(listing(of: unsampled)) were never sampled: a layer made with bias=False saves biases that \
        it does not use; if yours was, leave them out with --no-biases
        """)
    }
    return reading
  }

  /// torch-uncertainty, whose layers are like BLiTZ's: `weight_sigma` is the copy of the sampler's ρ.
  ///
  /// Safetensors files hold one of the two copies only.
  static let torchUncertainty = ConventionReader(
    name: "torch-uncertainty", layout: .fixed(.outputInput)
  ) { (file, options) throws(PosteriorError) in
    guard file.tensors.contains(where: { $0.name.hasSuffix("_prior_dist.sigmas") }) else {
      return nil
    }
    if let reading = try readSamplers(file, options) { return reading }
    let pairs = PairConvention(
      ["weight", "bias"].map {
        PairRule(mean: ".\($0)_mu", scale: ".\($0)_sigma", parameter: ".\($0)")
      }, .softplus())
    return try pairs.read(file, options)
  }

  /// Reads the samplers' parameters, and compares them with the copies that the layers keep.
  private static func readSamplers(
    _ file: TensorFile, _ options: PosteriorOptions
  ) throws(PosteriorError) -> Reading? {
    let pairs = PairConvention(
      [PairRule(mean: "_sampler.mu", scale: "_sampler.rho", parameter: "")], .softplus())
    guard var reading = try pairs.read(file, options) else { return nil }
    let copies = try CopiesOutsideSamplers(in: file)
    reading.explained = Set(copies.originals.keys)
    reading.copies = copies.originals
    if !copies.stale.isEmpty {
      reading.warnings.append(
        """
        the two copies of \(listing(of: copies.stale)) differ, as when a model is moved or cast \
        after it was made; the sampler's, which are the trained ones, are used
        """)
    }
    return reading
  }
}

/// The biases whose noise was never drawn, which is otherwise distributed as N(0, 1).
///
/// BLiTZ leaves the buffer as the allocator gave it: zeros, or whatever stood there.
private func unsampledBiases(in file: TensorFile) throws(PosteriorError) -> [String] {
  var names: [String] = []
  for noise in file.tensors {
    guard let match = NamePattern(suffix: "bias_sampler.eps_w").match(noise.name) else { continue }
    let bias = match.stem + "bias_sampler.mu"
    guard noise.elementType.isFloatingPoint, file[bias]?.shape == noise.shape else { continue }
    do throws(TensorFileError) {
      let magnitudes = try noise.doubles().map(abs)
      // Not a number counts as garbage too.
      if magnitudes.allSatisfy({ $0 < 1e-30 }) || magnitudes.contains(where: { !($0 <= 10) }) {
        names.append(bias)
      }
    } catch {
      throw PosteriorError(error)
    }
  }
  return names
}

/// The copies that BLiTZ's layers keep of their samplers' parameters.
private struct CopiesOutsideSamplers {
  /// The name of each copy, with that of the sampler's tensor.
  private(set) var originals: [String: String] = [:]
  /// The names of those that differ from the sampler's, in file order.
  private(set) var stale: [String] = []

  init(in file: TensorFile) throws(PosteriorError) {
    for sampled in file.tensors {
      for (ending, copyEnding) in [
        ("_sampler.mu", "_mu"), ("_sampler.rho", "_rho"), ("_sampler.rho", "_sigma"),
      ] {
        guard let match = NamePattern(suffix: ending).match(sampled.name),
          let copy = file[match.stem + copyEnding]
        else { continue }
        originals[copy.name] = sampled.name
        if try !haveSameElements(sampled, copy) { stale.append(copy.name) }
      }
    }
  }
}
