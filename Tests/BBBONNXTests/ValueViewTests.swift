import TestSupport
import Testing

@testable import BBBONNX

/// Views against arrays that are really moved.
@Suite struct ValueViewTests {
  /// An array of numbers, row-major.
  private struct Array4 {
    var shape: [Int]
    var elements: [Int]

    func transposed(_ order: [Int]) -> Array4 {
      let strides = ElementPositions.strides(of: shape)
      let positions = ElementPositions.strided(
        shape: order.map { shape[$0] }, strides: order.map { strides[$0] })
      return Array4(shape: order.map { shape[$0] }, elements: positions.map { elements[$0] })
    }
  }

  /// The elements as a view sees them; the example is one alone.
  private func elements(_ view: ValueView, held: [Int]) -> [Int] {
    let strides = ElementPositions.strides(of: view.atoms)
    let order = view.axes.indices.flatMap(view.atoms(of:))
    let positions = ElementPositions.strided(
      shape: order.map { view.atoms[$0] }, strides: order.map { strides[$0] })
    return positions.map { held[$0] }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `splits, joins and orders of axes are those of arrays`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let held = Array(0..<24)
    var array = Array4(shape: [1, 4, 6], elements: held)
    var view = ValueView([.batch, .number(4), .number(6)])
    for _ in 0..<6 {
      if Bool.random(using: &generator) {
        let order = array.shape.indices.shuffled(using: &generator)
        array = array.transposed(order)
        view = view.transposed(order)
      } else {
        // The example stays an axis of its own, at its place among the others' elements.
        let shape =
          [[24], [2, 12], [4, 6], [2, 3, 4], [1, 8, 3]].randomElement(using: &generator) ?? [24]
        let before = try #require(view.axes.firstIndex { $0.contains(.batch) })
        guard before == 0, let reshaped = view.reshaped(to: [.batch] + shape.map(ONNXExtent.number))
        else { continue }
        array.shape = [1] + shape
        view = reshaped
      }
      #expect(view.shape.map { $0.number ?? 1 } == array.shape, "seed \(seed)")
      #expect(elements(view, held: held) == array.elements, "seed \(seed)")
      #expect(elements(view.joined, held: held) == array.elements, "seed \(seed)")
    }
  }

  @Test func axesThatWouldEndWithinOthersAreMoved() {
    let view = ValueView([.batch, .number(4), .number(6)]).transposed([0, 2, 1])
    #expect(view.reshaped(to: [.batch, .number(24)]) != nil)
    #expect(view.reshaped(to: [.batch, .number(3), .number(8)])?.axes.count == 3)
    #expect(view.reshaped(to: [.batch, .number(4), .number(6)]) == nil)
  }

  @Test func examplesCanBeJoinedWithHeadsAndLeftAgain() {
    // (tokens, batch, heads · width) becomes (batch · heads, tokens, width), as PyTorch's attention has it.
    let tokens = ValueView([.batch, .number(5), .number(6)]).transposed([1, 0, 2])
    let joined = tokens.reshaped(to: [.number(5), .batches(2), .number(3)])?.transposed([1, 0, 2])
    #expect(joined?.shape == [.batches(2), .number(5), .number(3)])
    let split = joined?.reshaped(to: [.batch, .number(2), .number(5), .number(3)])
    #expect(split?.axes.first == [.batch])
    // The examples are the outer part: as the inner one they would be others.
    #expect(joined?.reshaped(to: [.number(2), .batch, .number(5), .number(3)]) == nil)
  }

  @Test func heldAxesAreInTheOrderOfMemory() {
    let view = ValueView([.batch, .number(4), .number(6)]).transposed([0, 2, 1])
    #expect(view.heldAxes == [2, 1])
    #expect(view.holding([1, 0]).heldAxes == [1, 2])
    let mixed = ValueView([.batch, .number(24)]).reshaped(to: [
      .batch, .number(2), .number(3), .number(4),
    ])?
    .transposed([0, 1, 3, 2]).reshaped(to: [.batch, .number(8), .number(3)])
    #expect(mixed?.heldAxes == [1, 2])
  }
}
