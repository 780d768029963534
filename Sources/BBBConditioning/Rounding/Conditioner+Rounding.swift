import BBBPruning

extension Conditioner {
  /// What a pruning leaves, more of it removed and the rest rounded at one price of a bit, which is searched for.
  ///
  /// - Parameters:
  ///   - pruning: Made from the posterior that the network was read from: what is removed at least.
  ///   - goal: What the file is to be; `nil` for the usual: a divergence of at most 1 % of the entropy of the network's outputs, or a quarter
  ///     more than the removals cost that are asked for, if that is more.
  ///   - keepsNoise: Whether σ of what is left grows, so that the noise of a row's sum is that of all weights before.
  ///   - keepsUncertainty: Whether the standard deviations of what is left are in the file.
  ///   - progress: Is called with the fraction of the search that is done, from any thread.
  /// - Returns: The network that came nearest to the goal, which it need not hold.
  /// - Throws: ``ConditioningError`` if a layer reads what is no finite number; `CompactModelError` if the format cannot hold the
  ///   network.
  public func rounded(
    after pruning: Pruning, to goal: RoundingGoal? = nil, keepingNoise keepsNoise: Bool = false,
    keepsUncertainty: Bool = false, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> RoundedNetwork {
    try rounded(
      try fitted(by: pruning), pruning, to: goal, keepsNoise: keepsNoise,
      keepsUncertainty: keepsUncertainty, progress: progress)
  }

  /// The same, beginning with a fit to what the pruning leaves; `nil` if that is not what is wanted, but what is chosen from.
  func rounded(
    _ fit: Fit?, _ pruning: Pruning, to goal: RoundingGoal?, keepsNoise: Bool,
    keepsUncertainty: Bool, progress: (Double) -> Void
  ) throws -> RoundedNetwork {
    var trials = RoundingTrials(
      self, fit?.kept ?? places(pruning), gains: fit?.gains, learning: fit == nil)
    let output = network.output
    func usual(_ doubt: Double) -> RoundingGoal {
      .usual(for: output, doubt: doubt, after: fit?.divergence ?? 0)
    }
    var goal = goal ?? fit.map { usual($0.doubt) }
    var price = RoundingSearch.firstPrice(
      goal, base: fit?.divergence ?? 0,
      weightCount: fit == nil ? trials.startCount / 4 : trials.startCount)
    var search: RoundingSearch?
    while true {
      var trial = try trials.rounded(at: price)
      trial.predictedDivergence = fit?.predictedDivergence
      let network = changedNetwork(
        of: trial, pruning, by: fit == nil ? .conditional : nil, keepsNoise: keepsNoise)
      let own = goal ?? usual(trial.doubt)
      goal = own
      let rounded = RoundedNetwork(
        network: network,
        export: try ModelExporter(network.network).export(
          network.pruning, as: .exact, keepsUncertainty: keepsUncertainty),
        divergence: trial.divergence, goal: own)
      var next = search ?? RoundingSearch(own, base: fit?.divergence, price: price)
      next.insert(rounded)
      progress(next.progress)
      if next.isDone { return next.best ?? rounded }
      price = next.price
      search = next
    }
  }
}
