import BBBTensors

/// Which signs numbers have that are stored as standard deviations.
///
/// Where a layer computes w = μ + σε and nothing keeps σ positive, as NoisyNet does (Fortunato et al. 2018),
/// training turns the signs of some; N(μ, σ²) does not tell them apart. If most are negative, they are
/// something else, such as log σ.
enum StoredSigns {
  /// All seen are positive, or are not standard deviations as such.
  case positive
  /// Some are negative, but fewer than are positive.
  case mixed
  /// At least as many are negative.
  case negative

  /// Looks at a sample; what cannot be read is an error where it is asked for.
  init(_ scale: Tensor?, _ parametrisation: ScaleParametrisation?) {
    guard let scale, parametrisation == .standardDeviation else {
      self = .positive
      return
    }
    var counts = (positive: 0, negative: 0)
    for range in scale.sampleRuns {
      guard let (source, part) = try? scale.read(range), let values = try? source.doubles(in: part)
      else { continue }
      counts.positive += values.count { $0 > 0 }
      counts.negative += values.count { $0 < 0 }
    }
    self =
      counts.negative == 0
      ? .positive : counts.negative < counts.positive ? .mixed : .negative
  }

  /// Whether a minus sign says nothing.
  var areFree: Bool { self != .negative }

  /// What is done about signs, as a sentence; `nil` if there is nothing to do.
  static func warning(_ layers: [PosteriorParameter]) -> String? {
    let tensors = layers.flatMap { [$0.weight, $0.bias].compactMap(\.self) }
    let names = tensors.filter { $0.storedSigns == .mixed }.compactMap(\.scale?.name)
    guard !names.isEmpty else { return nil }
    return """
      some standard deviations have a minus sign, which N(μ, σ²) does not depend on: read without it \
      (\(listing(of: names)))
      """
  }
}
