import BBBTensors

/// Which parameters of a model an optimiser trained, and in which of its groups each is.
///
/// The optimiser's state says only how many parameters and elements each group has. Tried are all
/// parameters, all but the second of two that share their values (tied, which an optimiser lists once), and
/// runs of neighbours, where the rest is frozen; the rest is certain.
struct TrainedParameters {
  /// The parameters of each group, in the model's order.
  let groups: [[Tensor]]
  /// Whether other groups would fit too.
  let isGuess: Bool
  /// The parameters that the optimiser does not have, in the model's order.
  let frozen: [Tensor]
  /// The names of tied parameters, each with that of the first of its kind.
  let ties: [String: String]

  /// Finds the parameters; nil if none fit, or several runs of neighbours do.
  ///
  /// - Parameters:
  ///   - groups: How many elements and parameters each group has; 0 parameters if that is not known.
  ///   - parameters: The model's.
  /// - Throws: ``PosteriorError`` if values cannot be read.
  init?(
    of groups: [(elementCount: Int, parameterCount: Int)], among parameters: [Tensor]
  ) throws(PosteriorError) {
    let all = IVONGroupAssignment(of: parameters, to: groups)
    if let chosen = all.chosen {
      (self.groups, isGuess, frozen, ties) = (chosen, all.isGuess, [], [:])
      return
    }
    let ties = try Self.ties(parameters)
    let untied = parameters.filter { ties[$0.name] == nil }
    if !ties.isEmpty, let chosen = IVONGroupAssignment(of: untied, to: groups).chosen {
      (self.groups, isGuess, frozen, self.ties) = (chosen, false, [], ties)
      return
    }
    let fitting = Self.runs(of: groups, among: untied)
    guard fitting.count == 1 else { return nil }
    let run = untied[fitting[0].run]
    (self.groups, isGuess, self.ties) = (fitting[0].groups, false, ties)
    let trained = Set(run.map(\.name))
    frozen = untied.filter { !trained.contains($0.name) }
  }

  /// The runs of neighbours that have as many elements and parameters as the groups together, with the one
  /// way each can be dealt out to them; two at most.
  private static func runs(
    of groups: [(elementCount: Int, parameterCount: Int)], among parameters: [Tensor]
  ) -> [(run: Range<Int>, groups: [[Tensor]])] {
    // A forged view can claim more elements than fit a sum; what wraps round fits no group.
    let elementCount = groups.reduce(0) { $0 &+ $1.elementCount }
    var found: [(Range<Int>, [[Tensor]])] = []
    // Sums of counts rise with the end of a run and fall with its start, so one sweep finds all runs.
    var (start, sum) = (0, 0)
    for end in parameters.indices {
      sum &+= parameters[end].count
      while sum > elementCount, start <= end {
        sum &-= parameters[start].count
        start += 1
      }
      guard sum == elementCount, start <= end, found.count < 2 else { continue }
      let assignment = IVONGroupAssignment(of: Array(parameters[start...end]), to: groups)
      guard let chosen = assignment.chosen else { continue }
      found.append((start..<end + 1, chosen))
      // Two ways of dealing out are as bad as two runs.
      if assignment.isGuess { found.append((start..<end + 1, chosen)) }
    }
    return found
  }

  /// The matrices that equal an earlier one bit for bit, as an output layer tied to an embedding does.
  private static func ties(_ parameters: [Tensor]) throws(PosteriorError) -> [String: String] {
    var ties: [String: String] = [:]
    for (index, second) in parameters.enumerated() where second.shape.count > 1 {
      for first in parameters[..<index] where first.shape == second.shape && ties[first.name] == nil
      {
        guard try haveSameElements(first, second) else { continue }
        ties[second.name] = first.name
        break
      }
    }
    return ties
  }
}
