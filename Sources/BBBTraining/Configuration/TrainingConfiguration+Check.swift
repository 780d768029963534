import BBBNetwork
import BBBPosterior

extension TrainingConfiguration {
  /// Checks that every setting makes sense, and that a network of this form can learn from examples.
  ///
  /// - Parameter examples: The examples.
  /// - Throws: ``TrainingError`` that names the setting.
  func check(_ examples: TrainingExamples) throws(TrainingError) {
    try checkSettings()
    guard examples.count >= 1 else { throw invalid("there are no examples; give at least one") }
    guard network.inputCount == examples.inputCount else {
      throw untrainable(
        "the network has \(network.inputCount) inputs, but an example has"
          + " \(examples.inputCount); give the network as many")
    }
    let outputs = network.outputCount
    switch (likelihood, examples.targets) {
    case (.categorical, .classes(let classes)):
      let largest = classes.max() ?? 0
      guard largest < outputs else {
        throw untrainable(
          "the network has \(outputs) outputs, but a label is \(largest), counted from 0; give it"
            + " at least \(largest + 1) outputs")
      }
    case (.binary, .classes(let classes)):
      guard outputs == 1 else {
        throw untrainable("the network has \(outputs) outputs; give it one for two classes")
      }
      if let label = classes.first(where: { $0 > 1 }) {
        throw invalid(
          "a label is \(label), but of two classes it is 0 or 1; number them from 0, or train on more with a categorical likelihood"
        )
      }
    case (.gaussian, .numbers(_, let width)):
      guard width == outputs else {
        throw invalid(
          "the network has \(outputs) outputs, but an example has \(width) targets; give the"
            + " network as many")
      }
    case (.categorical, .numbers), (.binary, .numbers):
      throw invalid("the targets are real numbers; train on them with a Gaussian likelihood")
    case (.gaussian, .classes):
      throw invalid(
        "the targets are classes; train on them with a categorical or a binary likelihood")
    }
  }

  /// Checks that every setting makes sense by itself.
  ///
  /// - Throws: ``TrainingError`` that names the setting.
  func checkSettings() throws(TrainingError) {
    try checkNetwork()
    try checkNumbers()
    try checkMethod()
  }

  private func checkNetwork() throws(TrainingError) {
    for node in network.nodes {
      let isTrained =
        switch node.operation {
        case .matrix(let matrix): matrix.window == nil
        case .activation, .concatenate, .flatten: true
        case .arithmetic(let arithmetic): arithmetic == .add
        case .pool, .slice, .gather, .pad, .constant, .transpose, .reshape, .softmax, .normalise,
          .product:
          false
        }
      guard isTrained else {
        throw untrainable(
          "'\(node.name)' is a \(node.operation.noun), which cannot be trained yet; give a network of linear"
            + " layers, activations, 'add', 'concatenate' and 'flatten'")
      }
      if case .matrix(let matrix) = node.operation, let owner = matrix.sharing {
        throw untrainable(
          "'\(node.name)' shares the weights of '\(network.nodes[owner].name)', which cannot be trained yet; give it its own"
        )
      }
      // A gradient would be summed over what one element goes with.
      let shapes = node.inputs.map { network.shape(of: $0) }
      guard node.operation != .arithmetic(.add) || shapes[0] == shapes[1] else {
        throw untrainable(
          "'\(node.name)' adds values of \(shapes[0]) and \(shapes[1]) elements, which cannot be trained yet; give it values"
            + " of one shape")
      }
    }
    guard network.shapes.allSatisfy({ (1...Self.mostUnits).contains($0.count) }) else {
      throw invalid("give each layer of the network at least one unit, and at most 2^20")
    }
    guard !network.parameters.isEmpty else {
      throw untrainable("the network has no weights to learn; give it a linear layer")
    }
    guard parameterCount <= Self.mostParameters else {
      throw invalid(
        "the network has \(parameterCount) weights and biases; at most \(Self.mostParameters) can be"
          + " trained, so give it smaller layers")
    }
  }

  private func untrainable(_ message: String) -> TrainingError {
    TrainingError(.untrainableNetwork, message)
  }

  private func checkMinibatch() throws(TrainingError) {
    guard (1...1 << 15).contains(minibatchSize) else {
      throw invalid("give a minibatch from 1 to 32768 examples")
    }
    let widths = MemoryPlan(network).places.map(\.width)
    let widest = widths.max() ?? 0
    guard minibatchSize * widest <= Self.mostParameters else {
      throw invalid(
        "a minibatch of \(minibatchSize) examples is too large for a layer of"
          + " \(widest) units; give a smaller one")
    }
    // A chain of layers has no more values than that; others have no tensors that a file would have to hold.
    guard
      minibatchSize * widths.reduce(0, +) <= Self.mostParameters * (network.parameters.count + 1)
    else {
      throw invalid(
        "a minibatch of \(minibatchSize) examples is too large for the network's"
          + " \(network.nodes.count) operations; give a smaller one")
    }
  }

  private func checkNumbers() throws(TrainingError) {
    try require(learningRate, "the learning rate")
    try require(inputScale, "the input scale")
    try require(initialMeanScale, "the initial means' scale")
    if case .gaussian(let deviation) = likelihood {
      try require(deviation, "the likelihood's standard deviation")
    }
    guard (1...Self.mostEpochs).contains(epochs) else {
      throw invalid("\(epochs) epochs were asked for; give 1 to \(Self.mostEpochs)")
    }
    try checkMinibatch()
    if case .step(let epochs, let factor) = schedule {
      guard epochs >= 1 else { throw invalid("let a learning-rate step last at least one epoch") }
      try require(factor, "the learning rate's factor")
    }
    switch optimizer {
    case .gradientDescent: break
    case .momentum(let momentum): try requireShare(momentum, "momentum")
    case .adam(let meanDecay, let squareDecay, let epsilon):
      try requireShare(meanDecay, "Adam's decay of the mean")
      try requireShare(squareDecay, "Adam's decay of the square")
      // Single precision must tell it from 0, by which an input that is always 0 would be divided.
      guard (1e-20...1e20).contains(epsilon) else {
        throw invalid("Adam's epsilon is \(epsilon); give one from 1e-20 to 1e20")
      }
    }
  }

  /// Saved runs are files, and files may claim anything: 1 GiB for each number kept of a parameter.
  private static let mostParameters = 1 << 28
  private static let mostEpochs = 1_000_000

  private func checkMethod() throws(TrainingError) {
    switch method {
    case .pointEstimate(let estimate):
      for penalty in [estimate.ridge, estimate.lasso] where !(penalty >= 0 && penalty.isFinite) {
        throw invalid("a penalty is \(penalty); give 0 or more")
      }
      try requireShare(estimate.inputDropout, "dropout of inputs")
      try requireShare(estimate.hiddenDropout, "dropout of hidden units")
    case .bayesByBackprop(let bayes):
      if case .weightDraws(let draws) = bayes.estimator, !(1...10).contains(draws) {
        throw invalid("\(draws) draws per step were asked for; give 1 to 10")
      }
      guard bayes.temperature >= 0, bayes.temperature.isFinite else {
        throw invalid("the temperature is \(bayes.temperature); give 0 or more")
      }
      guard bayes.warmUpEpochs >= 0, bayes.warmUpEpochs.isFinite else {
        throw invalid("the warm-up is \(bayes.warmUpEpochs) epochs; give 0 or more")
      }
      guard (-30...30).contains(bayes.initialRho) else {
        throw invalid("rho starts at \(bayes.initialRho); give a number from -30 to 30")
      }
      try require(bayes.rhoRate, "the factor of rho's learning rate")
      try checkPrior(bayes.prior)
    }
  }

  private func checkPrior(_ prior: Prior) throws(TrainingError) {
    if let problem = prior.problem { throw invalid(problem) }
    // The kernels' exponential ends there.
    guard case .scaleMixture(let share, let wide, _) = prior,
      prior.kernelPrior.spike_log_odds > 80
    else { return }
    throw invalid(
      "the wide component, \(share) N(0, \(wide)^2), is next to nothing beside the narrow one;"
        + " give it a larger share")
  }

  private func require(_ value: Double, _ name: String) throws(TrainingError) {
    guard value > 0, value.isFinite else {
      throw invalid("\(name) is \(value); give a positive number")
    }
  }

  private func requireShare(_ value: Double, _ name: String) throws(TrainingError) {
    // The kernels compute in single precision, in which the largest numbers below 1 are 1.
    guard value >= 0, Float(value) < 1 else {
      throw invalid("\(name) is \(value); give a number from 0 up to, but not including, 1")
    }
  }

  private func invalid(_ message: String) -> TrainingError {
    TrainingError(.invalidConfiguration, message)
  }
}

extension Operation {
  /// What the operation is, for a sentence.
  fileprivate var noun: String {
    switch self {
    case .arithmetic(.subtract): "subtraction"
    case .arithmetic(.multiply): "multiplication"
    case .arithmetic(.divide): "division"
    case .arithmetic(.select): "selection"
    default: word
    }
  }
}
