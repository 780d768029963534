import BBBKernels
import BBBLinearAlgebra
import BBBNetwork
import CBBBLibc

extension NetworkPass {
  /// Takes a gradient with respect to the output back through the network.
  ///
  /// All values must be there. Gradients are made for what depends on a matrix.
  ///
  /// - Parameters:
  ///   - seed: The gradient with respect to the output: (elements, examples).
  ///   - weights: By parameter.
  ///   - consume: Is handed the gradient with respect to each matrix's sums, of each of its nodes.
  func backward(
    from seed: AlignedBuffer<Float>, _ weights: [LayerWeights],
    consume: (_ node: Int, _ gradient: AlignedBuffer<Float>) -> Void
  ) {
    for index in gradients.indices { gradients[index] = nil }
    gradients[plan.network.output.index] = seed
    for node in plan.network.nodes.indices.reversed() {
      guard let gradient = gradients[node + 1] else { continue }
      if case .matrix = plan.steps[node] { consume(node, gradient) }
      takeBack(gradient, through: node, weights)
      gradients[node + 1] = nil
    }
  }

  /// The gradient with respect to a value, zeros at first; `nil` where no matrix is behind it.
  private func gradient(_ index: Int) -> AlignedBuffer<Float>? {
    guard plan.isLearned[index] else { return nil }
    let gradient = gradients[index] ?? makeValue(index)
    gradients[index] = gradient
    return gradient
  }

  private func takeBack(
    _ gradient: AlignedBuffer<Float>, through node: Int, _ weights: [LayerWeights]
  ) {
    let inputs = plan.network.nodes[node].inputs.map(\.index)
    let targets = inputs.map(self.gradient)
    guard targets.contains(where: { $0 != nil }) else { return }
    let values = inputs.map { value($0) }
    let result = value(node + 1)
    switch plan.steps[node] {
    case .matrix(let matrix):
      if let target = targets[0] {
        takeBack(gradient, through: matrix, weights[matrix.parameter], to: target)
      }
    case .activation(let activation):
      guard let target = targets[0] else { return }
      let (x, width) = (values[0], width)
      share(gradient.count / width) { elements in
        for i in elements.lowerBound * width..<elements.upperBound * width {
          let slope = activation.derivative(at: x.start[i], value: result.start[i])
          // What does not reach the output has no share in it, where the slope is infinite too.
          if gradient.start[i] != 0 { target.start[i] += gradient.start[i] * slope }
        }
      }
    case .pool(let pool):
      if let target = targets[0] { takeBack(gradient, through: pool, values[0], result, target) }
    case .arithmetic(let arithmetic, let first, let second):
      takeBack(gradient, through: arithmetic, values, [first, second], targets)
    case .copy(let sources):
      let starts = values.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count / width) }
      for (element, source) in sources.enumerated() where source >= 0 {
        let input = starts.lastIndex { $0 <= Int(source) } ?? 0
        guard let target = targets[input] else { continue }
        add(gradient.start + element * width, to: target, Int(source) - starts[input])
      }
    case .softmax(let lines):
      guard let target = targets[0] else { return }
      let width = width
      share(lines.firsts.count) { range in
        for line in range {
          var sum = [Float](repeating: 0, count: width)
          let places = lines.steps.map { (Int(lines.firsts[line]) + Int($0)) * width }
          for place in places {
            for i in 0..<width { sum[i] += result.start[place + i] * gradient.start[place + i] }
          }
          for place in places {
            for i in 0..<width {
              target.start[place + i] +=
                result.start[place + i] * (gradient.start[place + i] - sum[i])
            }
          }
        }
      }
    case .normalise(let lines, let epsilon):
      guard let target = targets[0] else { return }
      let (x, width) = (values[0], width)
      share(lines.firsts.count) { range in
        for line in range {
          let moments = LineMoments(lines, line, x, width: width, epsilon: epsilon)
          let places = lines.steps.map { (Int(lines.firsts[line]) + Int($0)) * width }
          var mean = [Float](repeating: 0, count: width)
          var share = mean
          for place in places {
            for i in 0..<width {
              mean[i] += gradient.start[place + i]
              share[i] += gradient.start[place + i] * result.start[place + i]
            }
          }
          let count = Float(places.count)
          for place in places {
            for i in 0..<width {
              target.start[place + i] +=
                moments.scale[i]
                * (gradient.start[place + i] - mean[i] / count
                  - result.start[place + i] * share[i] / count)
            }
          }
        }
      }
    case .product(let product): takeBack(gradient, through: product, values, targets)
    case .constant: break
    }
  }

  private func add(
    _ line: UnsafePointer<Float>, to target: AlignedBuffer<Float>, _ element: Int
  ) {
    let sum = target.start + element * width
    for i in 0..<width { sum[i] += line[i] }
  }

  private func takeBack(
    _ gradient: AlignedBuffer<Float>, through matrix: MatrixPlan, _ weights: LayerWeights,
    to target: AlignedBuffer<Float>
  ) {
    guard matrix.columns > 0 else { return }
    let width = width
    let length = matrix.outputPositions * width
    // Channels share nothing: so many that their patches stay in a cache.
    let perPiece = max(1, min(matrix.channels, (1 << 18) / (matrix.taps * length)))
    let pieces = (matrix.channels + perPiece - 1) / perPiece
    let scratch = Patches.scratch(perPiece * matrix.taps * length, threadCount: threadCount)
    performConcurrently(pieceCount: pieces * matrix.groups, threadCount: threadCount) {
      number, worker in
      let (group, piece) = number.quotientAndRemainder(dividingBy: pieces)
      let channels = piece * perPiece..<min((piece + 1) * perPiece, matrix.channels)
      let columns = channels.count * matrix.taps
      let patches = scratch[worker].start
      MatrixProduct.multiply(
        MatrixProduct.Matrix(
          start: weights.weights.start + group * matrix.rows * matrix.columns
            + channels.lowerBound * matrix.taps, stride: matrix.columns, isTransposed: true),
        by: MatrixProduct.Matrix(
          start: gradient.start + group * matrix.rows * length, stride: length),
        into: MatrixProduct.Matrix(start: patches, stride: length), rows: columns,
        columns: length, depth: matrix.rows)
      for (number, channel) in channels.enumerated() {
        let sum =
          target.start + (group * matrix.channels + channel) * matrix.inputPositions * width
        for tap in 0..<matrix.taps {
          let line = patches + (number * matrix.taps + tap) * length
          for position in 0..<matrix.outputPositions {
            let place = matrix.source(position, tap)
            guard place >= 0 else { continue }
            for i in 0..<width { sum[place * width + i] += line[position * width + i] }
          }
        }
      }
    }
  }

  private func takeBack(
    _ gradient: AlignedBuffer<Float>, through pool: PoolPlan, _ input: AlignedBuffer<Float>,
    _ result: AlignedBuffer<Float>, _ target: AlignedBuffer<Float>
  ) {
    let width = width
    let outputs = pool.cells.count
    share(pool.channels) { channels in
      for channel in channels {
        let first = channel * pool.inputPositions * width
        for (output, cells) in pool.cells.enumerated() {
          let own = gradient.start + (channel * outputs + output) * width
          let largest = result.start + (channel * outputs + output) * width
          for i in 0..<width {
            if pool.kind == .max {
              // To the first of those that are largest.
              let cell = cells.first { input.start[first + Int($0) * width + i] == largest[i] }
              if let cell { target.start[first + Int(cell) * width + i] += own[i] }
            } else {
              let share = own[i] / pool.divisors[output]
              for cell in cells { target.start[first + Int(cell) * width + i] += share }
            }
          }
        }
      }
    }
  }

  private func takeBack(
    _ gradient: AlignedBuffer<Float>, through arithmetic: Arithmetic,
    _ values: [AlignedBuffer<Float>], _ elements: [[Int32]], _ targets: [AlignedBuffer<Float>?]
  ) {
    for element in elements[0].indices {
      let own = gradient.start + element * width
      let places = elements.map { Int($0[element]) * width }
      let (a, b) = (values[0].start + places[0], values[1].start + places[1])
      for i in 0..<width where own[i] != 0 {
        let (x, y, d) = (a[i], b[i], own[i])
        let slopes: (Float, Float) =
          switch arithmetic {
          case .add: (1, 1)
          case .subtract: (1, -1)
          case .multiply: (y, x)
          case .divide: (1 / y, -x / (y * y))
          case .minimum: x < y ? (1, 0) : (0, 1)
          case .maximum: x > y ? (1, 0) : (0, 1)
          case .power: (y * powf(x, y - 1), x > 0 ? powf(x, y) * logf(x) : 0)
          case .equal, .less: (0, 0)
          case .select: (y != 0 ? 1 : 0, 0)
          }
        targets[0]?.start[places[0] + i] += d * slopes.0
        targets[1]?.start[places[1] + i] += d * slopes.1
      }
    }
  }

  private func takeBack(
    _ gradient: AlignedBuffer<Float>, through product: ProductPlan,
    _ values: [AlignedBuffer<Float>], _ targets: [AlignedBuffer<Float>?]
  ) {
    let width = width
    let targets = targets
    share(product.batches) { batches in
      for batch in batches {
        let first = batch * product.rows * product.inner
        let second = batch * product.inner * product.columns
        for row in 0..<product.rows {
          for column in 0..<product.columns {
            let own =
              gradient.start + ((batch * product.rows + row) * product.columns + column) * width
            for inner in 0..<product.inner {
              let a = (first + row * product.first.row + inner * product.first.inner) * width
              let b =
                (second + inner * product.second.inner + column * product.second.column) * width
              if let target = targets[0] {
                for i in 0..<width { target.start[a + i] += own[i] * values[1].start[b + i] }
              }
              if let target = targets[1] {
                for i in 0..<width { target.start[b + i] += own[i] * values[0].start[a + i] }
              }
            }
          }
        }
      }
    }
  }
}
