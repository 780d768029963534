import BBBKernels
import CBBBKernels

/// The numbers that one step of training depends on, besides the minibatch.
struct StepSettings: Sendable {
  /// The number of the step since the start of the run.
  let step: Int
  /// The number of the next step: its first draw is made as part of this one.
  var nextStep: Int { step + 1 }
  let optimizer: bbb_optimizer
  /// What the complexity cost in nats is multiplied by in the cost per example.
  let complexityWeight: Float
}

extension TrainedNetwork {
  /// One step: draws, forward and backward passes, and the update of all parameters.
  ///
  /// The minibatch is in `input` and `target`; the weights' first draw has been made.
  ///
  /// - Returns: The likelihood cost, the average over draws.
  func train(
    rows: Int, settings: StepSettings
  ) -> LikelihoodCost {
    switch configuration.method {
    case .pointEstimate(let estimate):
      return trainWeights(rows: rows, settings: settings, estimate)
    case .bayesByBackprop(let bayes):
      if case .weightDraws(let draws) = bayes.estimator, draws > 1 {
        return trainOnDraws(draws, rows: rows, settings: settings, bayes)
      }
      return trainPosterior(rows: rows, settings: settings, bayes)
    }
  }

  /// A step of the posterior whose gradient comes from one pass.
  private func trainPosterior(
    rows: Int, settings: StepSettings,
    _ bayes: BayesByBackprop
  ) -> LikelihoodCost {
    forward(rows: rows, mode: .training(step: settings.step))
    let cost = likelihoodCost(rows: rows)
    // Parameters that have diverged are left as they are, to tell where it began.
    guard cost.total.isFinite else { return cost }
    let isLocal = bayes.estimator == .localReparametrisation
    backward(rows: rows) { tensor, start, count, first, second in
      stepPosterior(
        tensor, start: start, count: count, first: first, second: second,
        kind: isLocal ? bbb_gradient_of_moments : bbb_gradient_of_draw, settings, bayes)
    }
    return cost
  }

  /// A step of the posterior whose gradient is the average over several draws.
  private func trainOnDraws(
    _ draws: Int, rows: Int, settings: StepSettings,
    _ bayes: BayesByBackprop
  ) -> LikelihoodCost {
    var total = LikelihoodCost()
    for draw in 0..<draws {
      if draw > 0 { drawWeights(step: settings.step, draw: draw) }
      forward(rows: rows, mode: .training(step: settings.step))
      let cost = likelihoodCost(rows: rows)
      total.total += cost.total / Double(draws)
      total.squaredDeviation += cost.squaredDeviation / Double(draws)
      // Errors are whole numbers: those of the first draw stand for all.
      if draw == 0 { total.errors = cost.errors }
      guard cost.total.isFinite else { return total }
      backward(rows: rows) { tensor, start, count, first, _ in
        accumulate(
          tensor, start: start, count: count, gradient: first, share: 1 / Float(draws), settings,
          bayes)
      }
    }
    forEachRun { tensor, start, count in
      let sums = tensor.gradientSums
      stepPosterior(
        tensor, start: start, count: count, first: sums[0].start + start,
        second: sums[1].start + start, kind: bbb_gradient_accumulated, settings, bayes)
      for sum in sums { (sum.start + start).update(repeating: 0, count: count) }
    }
    return total
  }

  private func accumulate(
    _ tensor: ParameterTensor, start: Int, count: Int, gradient: UnsafeMutablePointer<Float>,
    share: Float, _ settings: StepSettings, _ bayes: BayesByBackprop
  ) {
    guard let rho = tensor.rho, let draw = tensor.draw else { return }
    var step = kernelStep(tensor, kind: bbb_gradient_of_draw, settings, bayes)
    bbb_accumulate_gradient(
      instructionSet, &step, share, tensor.mean.start, rho.start, draw.start, start, count,
      gradient, tensor.gradientSums[0].start + start, tensor.gradientSums[1].start + start)
  }

  private func stepPosterior(
    _ tensor: ParameterTensor, start: Int, count: Int, first: UnsafeMutablePointer<Float>,
    second: UnsafeMutablePointer<Float>?, kind: bbb_gradient_kind, _ settings: StepSettings,
    _ bayes: BayesByBackprop
  ) {
    guard let rho = tensor.rho else { return }
    var step = kernelStep(tensor, kind: kind, settings, bayes)
    var parameters = tensor.kernelParameters(rho: rho)
    bbb_step_posterior(
      instructionSet, &step, &parameters, start, count, first, second, tensor.draw?.start,
      tensor.variance?.start)
  }

  private func kernelStep(
    _ tensor: ParameterTensor, kind: bbb_gradient_kind, _ settings: StepSettings,
    _ bayes: BayesByBackprop
  ) -> bbb_posterior_step {
    // Under the local reparametrisation the noise is for this step's complexity cost.
    let noiseStep = kind == bbb_gradient_of_moments ? settings.step : settings.nextStep
    return bbb_posterior_step(
      gradient: kind, prior: bayes.prior.kernelPrior,
      complexity_weight: settings.complexityWeight, optimizer: settings.optimizer,
      rho_rate: Float(bayes.rhoRate),
      noise: NoiseStream.weights(tensor: tensor.number).key(
        seed: configuration.seed, step: noiseStep))
  }

  /// A step of plain weights.
  private func trainWeights(
    rows: Int, settings: StepSettings,
    _ estimate: PointEstimate
  ) -> LikelihoodCost {
    forward(rows: rows, mode: .training(step: settings.step))
    let cost = likelihoodCost(rows: rows)
    guard cost.total.isFinite else { return cost }
    let set = instructionSet
    backward(rows: rows) { tensor, start, count, first, _ in
      var optimizer = settings.optimizer
      bbb_step_weights(
        set, &optimizer, Float(estimate.ridge), Float(estimate.lasso), start, count, first,
        tensor.mean.start, tensor.meanMemory.first?.start,
        tensor.meanMemory.dropFirst().first?.start)
    }
    return cost
  }

  /// The complexity cost Σ log q(w) − log P(w) of one draw of all parameters, in nats.
  ///
  /// It is KL[q‖P] where the prior has that in closed form, and 0 for a point estimate.
  func complexityCost(step: Int) -> Double {
    guard case .bayesByBackprop(let bayes) = configuration.method else { return 0 }
    var total = 0.0
    for tensor in tensors {
      guard let rho = tensor.rho else { continue }
      let key = NoiseStream.report(tensor: tensor.number).key(seed: configuration.seed, step: step)
      var prior = bayes.prior.kernelPrior
      total += bbb_complexity_cost(
        instructionSet, key, &prior, tensor.mean.start, rho.start, 0, tensor.count)
    }
    return total
  }
}
