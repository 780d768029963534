import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// Bayesian SAM (Möllenhoff and Khan 2023, "SAM as an Optimal Relaxation of Bayes"): the means are the
  /// model, the optimiser's state holds s of each parameter, with σ = 1/√(N·s).
  static let bayesianSAM = ConventionReader(name: "Bayesian SAM", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    let states = try BayesianSAMState.find(in: file)
    guard !states.isEmpty else { return nil }
    try options.refuseScaleKind(of: "Bayesian SAM", path: file.path)
    let parameters = try ModelParameters.find(
      in: options.model ?? file, orderedFor: "the optimiser's state")
    guard
      states.allSatisfy({ state in
        parameters.indices.contains(state.index)
          && parameters[state.index].shape == state.precision.shape
      })
    else {
      throw PosteriorError(
        .shapeMismatch, path: file.path,
        """
        "\(states[0].precision.name)" and its like have other shapes than the model's parameters in \
        order; save model and optimiser of the same run together, or give the model with --model
        """)
    }
    let numbered = Dictionary(uniqueKeysWithValues: states.map { ($0.index, $0) })
    var reading = Reading(parameters: [], usesModel: true)
    for (index, parameter) in parameters.enumerated() {
      guard let state = numbered[index] else {
        reading.parameters.append(try .certain(parameter, position: index, in: file))
        continue
      }
      // Between two steps the model may be a sample; the state then keeps the mean.
      var mean = state.mean ?? parameter
      if mean.name != parameter.name { reading.explained.insert(parameter.name) }
      mean.name = parameter.name
      reading.parameters.append(
        GaussianParameter(
          name: parameter.name,
          gaussian: try file.gaussian(
            mean: mean, scale: state.precision,
            parametrisation: .ivon(effectiveSampleSize: state.exampleCount, weightDecay: 0)),
          position: index))
    }
    return reading
  }
}

/// What the optimiser keeps of one parameter.
private struct BayesianSAMState {
  let index: Int
  /// s, the posterior precision for each example.
  let precision: Tensor
  let mean: Tensor?
  /// N, the number of training examples.
  let exampleCount: Double

  /// The states in the order of parameters; empty if the file has none.
  static func find(in file: TensorFile) throws(PosteriorError) -> [BayesianSAMState] {
    var states: [BayesianSAMState] = []
    for precision in file.tensors {
      let parts = precision.name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count >= 3, parts.last == "s", parts[parts.count - 3] == "state",
        let index = Int(parts[parts.count - 2])
      else { continue }
      let state = parts.dropLast().map { $0 + "/" }.joined()
      let optimiser = parts.dropLast(3).map { $0 + "/" }.joined()
      guard file[state + "gm"] != nil,
        let exampleCount = file.scalars[optimiser + "param_groups/0/Ndata"]
      else { continue }
      guard exampleCount > 0, exampleCount.isFinite else {
        throw PosteriorError(
          .invalidValue, path: file.path,
          """
          "\(optimiser)param_groups/0/Ndata" is \(exampleCount); the number of training examples must be \
          positive
          """)
      }
      states.append(
        BayesianSAMState(
          index: index, precision: precision, mean: file[state + "mean"],
          exampleCount: exampleCount))
    }
    return states.sorted { $0.index < $1.index }
  }
}
