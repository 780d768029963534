import BBBKernels
import BBBNetwork
import CBBBLibc
import TestSupport
import Testing

@testable import BBBConditioning
@testable import BBBPruning

@Suite("Newton steps of a last layer")
struct ClassFitTests {
  /// A layer of random weights with its dense outputs for random examples, of which so many are held out.
  private static func tiles(
    rows: Int, columns: Int, count: Int, heldOut: Int, _ weights: LayerWeights, seed: UInt64
  ) -> [NetworkWalk.Tile] {
    var generator = SeededGenerator(seed: seed)
    return [(count, true), (heldOut, false)].map { width, isFitted in
      let input = AlignedBuffer<Float>(
        (0..<columns * width).map { _ in Float.random(in: -1...1, using: &generator) })
      let target = AlignedBuffer<Float>(repeating: 0, count: rows * width)
      for row in 0..<rows {
        for example in 0..<width {
          target.start[row * width + example] =
            (0..<columns).reduce(weights.biases[row]) {
              $0 + weights.weights.start[row * columns + $1] * input.start[$1 * width + example]
            }
        }
      }
      return NetworkWalk.Tile(isFitted: isFitted, input: input, target: target, width: width)
    }
  }

  /// At the minimum of the convex divergence, E[(p − p of the dense network) ã] is 0 for every weight that is left.
  @Test("end where the divergence is least", arguments: [(3, false), (1, true)])
  func stationary(rows: Int, isBinary: Bool) throws {
    var generator = SeededGenerator(seed: 4)
    let columns = 6
    let network = try Network(text: "input \(columns); fc = linear \(rows)")
    let shape = network.parameters[0].weights
    let dense = LayerWeights(
      (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) },
      biases: (0..<rows).map { _ in Float.random(in: -1...1, using: &generator) }, shape)
    guard case .matrix(let matrix) = PassPlan(network).steps[0] else {
      Issue.record("a linear layer is a matrix")
      return
    }
    let mask = Mask((0..<shape.count).map { $0 % 3 != 1 })
    let kept = KeptPlaces(
      DenseMatrix(shape: shape, weights: dense.tensor(shape), biases: dense.biases), hasBias: true,
      mask, biases: nil)
    let tiles = Self.tiles(
      rows: rows, columns: columns, count: 500, heldOut: 200, dense, seed: 8)
    let fit = try #require(ClassFit(matrix, kept, tiles, isBinary: isBinary, threadCount: 2))
    // The weights that are left, as they are; then so many steps that nothing holds them back.
    var weights = LayerWeights(
      kept.rows.enumerated().map { row, places in
        places.map { dense.row(row, columns: columns)[$0] }
      }, at: kept, columns: columns)
    for _ in 0..<60 { weights = fit.improved(weights, heldBackBy: 1e-6) }
    let tile = tiles[0]
    func shares(_ logits: [Double]) -> [Double] {
      let powers = (logits + (isBinary ? [0] : [])).map { exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    var gradients = kept.rows.map { Array(repeating: 0.0, count: $0.count) }
    for example in 0..<tile.width {
      func input(_ place: Int) -> Double {
        place == 0 ? 1 : Double(tile.input.start[(place - 1) * tile.width + example])
      }
      let found = shares(
        (0..<rows).map { row in
          (0...columns).reduce(0.0) { $0 + weights.row(row, columns: columns)[$1] * input($1) }
        })
      let wanted = shares((0..<rows).map { Double(tile.target.start[$0 * tile.width + example]) })
      for (row, places) in kept.rows.enumerated() {
        for (number, place) in places.enumerated() {
          gradients[row][number] += (found[row] - wanted[row]) * input(place) / Double(tile.width)
        }
      }
    }
    for gradient in gradients.joined() { #expect(abs(gradient) < 1e-4) }
  }
}
