import BBBDatasets
import BBBPosterior
import BBBPruning
import BBBTensors
import EvaluationSamples
import TestSupport
import Testing

@testable import BBBEvaluation

@Suite struct FrontierSearchTests {
  let dataset: Dataset

  init() throws {
    var generator = SeededGenerator(seed: 91)
    dataset = try Dataset(
      name: "noise",
      inputs: .floats((0..<(60 * 6)).map { _ in Float.random(in: 0...1, using: &generator) }),
      exampleShape: [6], labels: (0..<60).map { $0 % 3 })
  }

  @Test func `a split takes every example once, in its order, by the seed alone`() throws {
    let (rest, heldOut) = try dataset.split(holdingOut: 0.3, seed: 5)
    #expect(rest.count == 42 && heldOut.count == 18)
    func rows(_ dataset: Dataset) -> [[Float]] {
      guard case .floats(let values) = dataset.inputs else { return [] }
      return (0..<dataset.count).map { Array(values[($0 * 6)..<(($0 + 1) * 6)]) }
    }
    #expect(Set(rows(rest) + rows(heldOut)) == Set(rows(dataset)))
    let positions = rows(rest).compactMap { rows(dataset).firstIndex(of: $0) }
    #expect(positions == positions.sorted())
    #expect(zip(positions, rest.labels).allSatisfy { dataset.labels[$0] == $1 })
    let again = try dataset.split(holdingOut: 0.3, seed: 5)
    #expect(rows(again.heldOut) == rows(heldOut))
    #expect(try rows(dataset.split(holdingOut: 0.3, seed: 6).heldOut) != rows(heldOut))
  }

  @Test func `one example cannot be split`() throws {
    let one = try Dataset(
      name: "one", inputs: .floats([1, 2]), exampleShape: [2], labels: [0])
    #expect(throws: DatasetError.self) { try one.split(holdingOut: 0.5, seed: 0) }
  }

  @Test func `a search that makes no sense is refused before anything is tried`() throws {
    let posterior = try randomPosterior(sizes: [6, 12, 3], seed: 92)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let network = try DenseNetwork(posterior)
    var searches = [
      FrontierSearch(sparsities: [], maximumErrorIncrease: 0),
      FrontierSearch(precisions: [], maximumErrorIncrease: 0),
    ]
    for holdout in [0, 1, -0.5, .nan] {
      searches.append(FrontierSearch(maximumErrorIncrease: 0, holdout: holdout))
    }
    for search in searches {
      let error = #expect(throws: PruningError.self) {
        try search.run(network, ranking, on: dataset)
      }
      #expect(error?.code == .invalidOption)
    }
  }

  @Test func `the smallest file within the limit is chosen and measured on what was held out`()
    throws
  {
    let posterior = try randomPosterior(sizes: [6, 12, 3], seed: 92)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let network = try DenseNetwork(posterior)
    for limit in [0, 0.05, 0.2] {
      let search = FrontierSearch(
        sparsities: [0, 0.5, 0.9],
        precisions: [0.001, 0.03, 0.3].compactMap(Precision.init(natsPerWeight:)),
        maximumErrorIncrease: limit, holdout: 0.4, seed: 3)
      let found = try search.run(network, ranking, on: dataset)
      let (searched, heldOut) = try dataset.split(holdingOut: 0.4, seed: 3)
      let unpruned = network.compacted(by: try ranking.pruning(atSparsity: 0))
      #expect(found.searchedUnpruned == (try unpruned.evaluated(on: searched)))
      let errors = try #require(found.searchedUnpruned.classes).errors
      #expect(
        found.errorLimit == Double(errors + (limit == 0.2 ? 7 : limit == 0.05 ? 1 : 0)) / 36)
      // Where none of the nine is good enough, more careful files follow.
      #expect(found.points.count >= 9)
      #expect(found.chosen != nil)
      let smallest = found.points.filter { $0.error <= found.errorLimit }.map(\.bytes).min()
      #expect(found.chosen?.bytes == smallest)
      if let export = found.export {
        #expect(export.file.count == smallest)
        #expect(found.heldOut == (try export.model.evaluated(on: heldOut)))
        #expect(found.heldOut?.count == 24)
      }
      // No efficient point is beaten by another.
      for point in found.efficientPoints {
        #expect(
          !found.points.contains {
            $0.bytes <= point.bytes && $0.error < point.error
              || $0.bytes < point.bytes && $0.error <= point.error
          })
      }
    }
  }

  /// 0.06 points of 5,000 are 3 examples, though 0.0006 · 5000 is a little less than 3 in binary.
  @Test(arguments: [(0.0006, 5000, 3), (0.007, 5000, 35), (0.001, 5000, 5), (0.0005, 5000, 2)])
  func `a limit in points allows the whole number of examples`(
    increase: Double, count: Int, allowed: Int
  ) {
    let search = FrontierSearch(maximumErrorIncrease: increase)
    #expect(search.allowedIncrease(of: count) == allowed)
  }

  @Test func `what was held out tells what it shows, and what so many could show`() {
    func evidence(_ count: Int, lost: Int = 0, allowed: Double) -> HoldoutEvidence {
      HoldoutEvidence(
        .classes(result(errorsAt: 0..<1, of: count)),
        .classes(result(errorsAt: 0..<(1 + lost), of: count)), allowed: allowed)
    }
    let few = evidence(50, allowed: 0.001)
    #expect(few.leastRise == 0.12 && !few.holdsAllowance)
    #expect(few.fewestExamples == PairedDifference.fewestExamples(showing: 0.001))
    #expect(abs(few.increase.high - 0.0713) < 1e-4)
    #expect(evidence(50, allowed: 0.08).holdsAllowance)
    #expect(!evidence(50, lost: 3, allowed: 0.08).holdsAllowance)
    #expect(evidence(5, allowed: 0.5).leastRise == nil)
    #expect(evidence(5000, allowed: 0).fewestExamples == nil)
  }

  @Test func `the result does not depend on the number of threads`() throws {
    let posterior = try randomPosterior(sizes: [6, 12, 3], seed: 93)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let network = try DenseNetwork(posterior)
    let results = try [1, 3].map { threadCount in
      try FrontierSearch(maximumErrorIncrease: 0.1, threadCount: threadCount)
        .run(network, ranking, on: dataset)
    }
    #expect(results[0].points.map(\.bytes) == results[1].points.map(\.bytes))
    #expect(results[0].export?.file == results[1].export?.file)
  }
}
