import BBBNetwork
import BBBPosterior
import BBBTensors
import NetworkReference
import TestSupport
import Testing

@testable import BBBPruning

@Suite("Units of networks with channels and branches")
struct ChannelRankingTests {
  /// Scores of units by going through all weights of all tensors, as the definition reads.
  @Test(
    "are ranked by the sum over every weight that leads to them or leaves them",
    arguments: 0..<60)
  func scores(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let network = RandomNetworks.make(using: &generator)
    let tensors = network.parameters.flatMap { parameter in
      let shape = parameter.weights
      let kernel = Self.kernel(of: parameter, network)
      func tensor(_ name: String, _ range: ClosedRange<Float>) -> Tensor {
        Tensor(
          name: parameter.name + name, shape: [shape.rows, shape.channels] + kernel,
          floats: (0..<shape.count).map { _ in Float.random(in: range, using: &generator) })
      }
      let weights = [tensor(".weight.mu", 0.1...2), tensor(".weight.sigma", 0.1...1)]
      let bias = Tensor(
        name: parameter.name + ".bias", shape: [shape.rows],
        floats: Array(repeating: 1, count: shape.rows))
      if parameter.isConstant(in: network) { return [bias] }
      return parameter.hasBias ? weights + [bias] : weights
    }
    let posterior = try Posterior(
      TensorFile(path: "random.safetensors", format: .safetensors, tensors: tensors),
      options: PosteriorOptions(
        meanPattern: "*.mu", scalePattern: "*.sigma", scaleKind: .standardDeviation,
        network: network))
    let spaces = network.unitSpaces
    let free = spaces.spaces.filter(\.isFree)
    guard !free.isEmpty else { return }
    let ranking = try UnitRanking(posterior, Ranking(posterior, by: .signalToNoiseRatio))
    #expect(ranking.unitCounts == free.map(\.units.count))
    let scores = try Self.scores(posterior, network, spaces)
    // Half of the units go, those of smallest score.
    let pruning = try ranking.pruning(atSparsity: 0.5)
    let units = free.flatMap { Array($0.units) }
    let sorted = units.sorted { (scores[$0], $0) < (scores[$1], $1) }
    let gone = Set(
      sorted.prefix(
        max(
          Ranking.removedCount(atSparsity: 0.5, of: units.count),
          units.count { scores[$0] == Self.unread })))
    let kept = zip(free, pruning.keptUnits).flatMap { space, kept in
      kept.map { space.units.lowerBound + $0 }
    }
    #expect(Set(kept) == Set(units).subtracting(gone), "seed \(seed), \(network)")
    // A dense convolution has as many channels in each group.
    guard network.parameters.allSatisfy({ $0.weights.groups == 1 }) else { return }
    #expect(pruning.networkLeft.unitSpaces.unitCount == spaces.unitCount - gone.count)
  }

  private static func kernel(of parameter: Parameter, _ network: Network) -> [Int] {
    guard case .matrix(let matrix) = network.nodes[parameter.node].operation else { return [] }
    return matrix.window?.axes.map(\.extent) ?? []
  }

  /// In place of the score of a unit that no matrix reads, as a slice may leave some: it goes first.
  private static let unread = -1.0

  /// The sum of the squares of |μ|/σ over incoming and outgoing weights of each unit.
  private static func scores(
    _ posterior: Posterior, _ network: Network, _ spaces: UnitSpaces
  ) throws -> [Double] {
    var scores = [Double](repeating: 0, count: spaces.unitCount)
    var isRead = [Bool](repeating: false, count: spaces.unitCount)
    let binding = try posterior.binding.get()
    for (index, parameter) in network.parameters.enumerated()
    where !parameter.isConstant(in: network) {
      let weight = posterior.parameters[binding.parameters[index]].weight
      let shape = parameter.weights
      let source = network.nodes[parameter.node].inputs[0]
      let channels = spaces.channels[source.index]
      // The element that begins each channel, of a value that a linear layer reads.
      var ofElement: [Int] = []
      for channel in channels {
        ofElement += Array(repeating: channel.unit, count: channel.elementCount)
      }
      for (position, (mean, deviation)) in try zip(
        weight.means(), weight.standardDeviations()
      ).enumerated() {
        let (row, channel) = (position / shape.taps).quotientAndRemainder(
          dividingBy: shape.channels)
        let group = row / (shape.rows / shape.groups)
        let unit =
          Self.kernel(of: parameter, network).isEmpty
          ? ofElement[channel] : channels[group * shape.channels + channel].unit
        let score = (mean / deviation) * (mean / deviation)
        scores[spaces.channels[parameter.node + 1][row].unit] += score
        scores[unit] += score
        isRead[unit] = true
      }
    }
    return zip(scores, isRead).map { $1 ? $0 : Self.unread }
  }
}
