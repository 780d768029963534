import Foundation
import TestSupport
import Testing

@testable import BBBPruning

@Suite struct QuantiserTests {
  /// Normally distributed means, all of one deviation, 50 to a unit.
  static func cells(count: Int, deviation: Double, seed: UInt64 = 71) -> QuantiserCells {
    var generator = SeededGenerator(seed: seed)
    return QuantiserCells(
      means: (0..<count).map { _ in
        // Box and Muller.
        let radius = (-2 * log(Double.random(in: 1e-9..<1, using: &generator))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
      },
      deviations: Array(repeating: deviation, count: count), rows: (0..<count).map { $0 / 50 },
      rowCount: (count + 49) / 50, placesPerRow: 50)
  }

  private func quantise(
    _ cells: QuantiserCells, natsPerWeight: Double, correlation: Double = 0
  ) throws -> Quantiser.Result {
    let precision = try #require(Precision(natsPerWeight: natsPerWeight))
    return Quantiser(correlation: correlation, price: precision.natsPerBit).quantise(cells)
  }

  /// Gish and Pierce 1968: a fine uniform quantiser of entropy-coded numbers pays 2 ln 2 · D for a bit.
  @Test(arguments: [0.002, 0.005, 0.01])
  func `rounding costs what the precision says, where it is fine`(natsPerWeight: Double) throws {
    let cells = Self.cells(count: 20_000, deviation: 0.3)
    let result = try quantise(cells, natsPerWeight: natsPerWeight)
    #expect(abs(result.cost / 20_000 / natsPerWeight - 1) < 0.2)
  }

  @Test func `the cost told is that of the values returned`() throws {
    let cells = Self.cells(count: 2000, deviation: 0.3)
    let result = try quantise(cells, natsPerWeight: 0.05, correlation: 0.1)
    let cost = zip(zip(result.values, cells.means), cells.deviations).reduce(0) {
      let error = (Double($1.0.0) - $1.0.1) / $1.1
      return $0 + error * error / 2
    }
    #expect(abs(result.cost - cost) < 1e-9 * cost)
  }

  @Test func `a coarser precision takes fewer levels, removes more and costs more`() throws {
    let cells = Self.cells(count: 5000, deviation: 0.2)
    let results = try [0.002, 0.01, 0.05, 0.2].map { try quantise(cells, natsPerWeight: $0) }
    for (finer, coarser) in zip(results, results.dropFirst()) {
      #expect(Set(coarser.values).count < Set(finer.values).count)
      #expect(
        coarser.values.count(where: { $0 == 0 }) >= finer.values.count(where: { $0 == 0 }))
      #expect(coarser.cost > finer.cost)
    }
  }

  /// Twice the deviation is half the resolution that matters.
  @Test func `numbers that are less certain are rounded more coarsely`() throws {
    let certain = try quantise(Self.cells(count: 5000, deviation: 0.1), natsPerWeight: 0.01)
    let uncertain = try quantise(Self.cells(count: 5000, deviation: 0.4), natsPerWeight: 0.01)
    #expect(Set(uncertain.values).count * 3 < Set(certain.values).count)
  }

  @Test func `under correlation the errors of a unit cancel`() throws {
    let cells = Self.cells(count: 5000, deviation: 0.2)
    func imbalance(_ correlation: Double) throws -> Double {
      let values = try quantise(cells, natsPerWeight: 0.05, correlation: correlation).values
      var sums = [Double](repeating: 0, count: cells.rowCount)
      for index in values.indices {
        sums[cells.rows[index]] +=
          (Double(values[index]) - cells.means[index]) / cells.deviations[index]
      }
      return sums.reduce(0) { $0 + $1 * $1 }
    }
    #expect(try imbalance(0.1) < 0.1 * imbalance(0))
  }

  /// Every other choice for one number alone, its codes as they are, is no better.
  @Test func `no single choice can be improved`() throws {
    let cells = Self.cells(count: 400, deviation: 0.25)
    let result = try quantise(cells, natsPerWeight: 0.05)
    let price = try #require(Precision(natsPerWeight: 0.05)).natsPerBit
    let levels = Set(result.values.filter { $0 != 0 }).sorted()
    let choices = result.values.map { value in
      value == 0 ? -1 : levels.firstIndex(of: value) ?? -1
    }
    let lengths = CodeLengths(levelCount: levels.count, choices, cells)
    func objective(_ value: Float, _ index: Int) -> Double {
      let error = (Double(value) - cells.means[index]) / cells.deviations[index]
      let row = cells.rows[index]
      let bits =
        levels.firstIndex(of: value).map { lengths.present[row] + lengths.level[$0] }
        ?? lengths.absent[row]
      return error * error / 2 + price * bits
    }
    for index in result.values.indices {
      let chosen = objective(result.values[index], index)
      // Code lengths moved a little after the last round.
      for other in levels + [0] { #expect(objective(other, index) > chosen - 0.05) }
    }
  }

  @Test(arguments: [(0.004, 11), (1e-6, 24)])
  func `where 256 levels are too few, numbers are floats, as exact as they must be`(
    deviation: Double, significantBits: Int
  ) throws {
    let cells = Self.cells(count: 3000, deviation: deviation)
    let values = try quantise(cells, natsPerWeight: 1e-4).values
    #expect(Set(values).count > 256)
    let relative = exp2(Double(-significantBits))
    for (value, mean) in zip(values, cells.means) where value != 0 {
      #expect(abs(Double(value) - mean) <= abs(mean) * relative + 0x1p-25)
    }
  }

  @Test(arguments: [1e30, -3e38, 1e-38])
  func `one number far from all others is no obstacle`(outlier: Double) throws {
    var cells = Self.cells(count: 200, deviation: 0.1)
    cells.means[7] = outlier
    for natsPerWeight in [1e-6, 0.015, 10] {
      let result = try quantise(cells, natsPerWeight: natsPerWeight, correlation: 0.1)
      #expect(result.values.count == 200 && result.values.allSatisfy(\.isFinite))
    }
  }

  @Test func `nothing to quantise is no result, and no crash`() throws {
    let empty = QuantiserCells(rowCount: 3, placesPerRow: 0)
    #expect(try quantise(empty, natsPerWeight: 0.01).values.isEmpty)
  }
}
