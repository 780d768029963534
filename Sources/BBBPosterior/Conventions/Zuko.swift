import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// zuko's `BayesianModel`: means and log-variances beside the network that training started from.
  ///
  /// The library clips log-variances softly to ±18. Parameters of the network without a mean of their own
  /// are certain.
  static let zuko = ConventionReader(name: "zuko BayesianModel", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    let pairs = PairConvention(
      [
        PairRule(mean: NamePattern(prefix: "means."), scale: NamePattern(prefix: "logvars."))
      ], .softClippedLogVariance(bound: 18))
    // Other networks call a head `means` too; this library writes names with a hyphen for each dot.
    guard
      file.tensors.contains(where: {
        NamePattern(prefix: "logvars.").match($0.name)?.stem.hasSuffix("-weight") == true
      }), var reading = try pairs.read(file, options)
    else { return nil }
    for index in reading.parameters.indices {
      let parameter = reading.parameters[index]
      let wrapper = NamePattern(prefix: "means.").match(parameter.gaussian.mean.name)?.wrapper ?? ""
      let name = String(parameter.name.map { $0 == "-" ? "." : $0 })
      let start = wrapper + "base." + name.dropFirst(ParameterName.dictionary(of: name).count)
      reading.explained.insert(start)
      reading.parameters[index].name = file[start] == nil ? name : start
    }
    return reading
  }
}
