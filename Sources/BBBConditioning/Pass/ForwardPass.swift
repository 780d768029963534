import BBBKernels
import BBBLinearAlgebra
import BBBNetwork
import CBBBKernels
import CBBBLibc

extension NetworkPass {
  /// Computes what a node gives.
  ///
  /// - Parameters:
  ///   - node: The node; what it reads is there.
  ///   - weights: By parameter.
  func run(_ node: Int, _ weights: [LayerWeights]) {
    let inputs = plan.network.nodes[node].inputs.map { value($0.index) }
    let result = makeValue(node + 1)
    switch plan.steps[node] {
    case .matrix(let matrix):
      multiply(matrix, weights[matrix.parameter], inputs[0], into: result)
    case .activation(let activation):
      let count = width
      let set = bbb_best_instruction_set()
      share(result.count / width) { elements in
        let start = result.start + elements.lowerBound * count
        let length = elements.count * count
        start.update(from: inputs[0].start + elements.lowerBound * count, count: length)
        if let kernel = activation.kernelValue { bbb_activate(set, kernel, length, start) }
      }
    case .pool(let pool): run(pool, inputs[0], into: result)
    case .arithmetic(let arithmetic, let first, let second):
      run(arithmetic, (inputs[0], first), (inputs[1], second), into: result)
    case .copy(let sources): copy(sources, inputs, into: result)
    case .softmax(let lines): softmax(lines, inputs[0], into: result)
    case .normalise(let lines, let epsilon): normalise(lines, epsilon, inputs[0], into: result)
    case .product(let product): multiply(product, inputs[0], inputs[1], into: result)
    case .constant(let parameter):
      for (element, number) in weights[parameter].biases.enumerated() {
        (result.start + element * width).update(repeating: number, count: width)
      }
    }
    setValue(node + 1, result)
  }

  // MARK: Matrices

  /// The numbers of a piece of patches that stay in a second-level cache.
  private static let pieceLength = 1 << 17

  private func multiply(
    _ matrix: MatrixPlan, _ weights: LayerWeights, _ input: AlignedBuffer<Float>,
    into result: AlignedBuffer<Float>
  ) {
    let width = width
    let length = matrix.outputPositions * width
    // Whole positions, or some examples of the only one.
    let pieceLength: Int
    if matrix.readsAsIs {
      pieceLength = max(16, min(length, Self.pieceLength / max(matrix.columns, 1)))
    } else {
      pieceLength = max(1, Self.pieceLength / (max(matrix.columns, 1) * width)) * width
    }
    let pieces = (length + pieceLength - 1) / pieceLength
    let scratch = Patches.scratch(
      matrix.readsAsIs ? 0 : matrix.columns * pieceLength, threadCount: threadCount)
    performConcurrently(pieceCount: pieces * matrix.groups, threadCount: threadCount) {
      number, worker in
      let (group, piece) = number.quotientAndRemainder(dividingBy: pieces)
      let first = piece * pieceLength
      let count = min(pieceLength, length - first)
      let firstChannel = group * matrix.channels
      var patches = MatrixProduct.Matrix(
        start: input.start + firstChannel * matrix.inputPositions * width + first,
        stride: matrix.inputPositions * width)
      if !matrix.readsAsIs {
        Patches.gather(
          matrix, input.start + firstChannel * matrix.inputPositions * width, width: width,
          positions: first / width..<(first + count) / width, into: scratch[worker].start)
        patches = MatrixProduct.Matrix(start: scratch[worker].start, stride: count)
      }
      for row in 0..<matrix.rows {
        let unit = group * matrix.rows + row
        (result.start + unit * length + first).update(
          repeating: weights.biases[unit], count: count)
      }
      guard matrix.columns > 0 else { return }
      MatrixProduct.multiply(
        MatrixProduct.Matrix(
          start: weights.weights.start + group * matrix.rows * matrix.columns,
          stride: matrix.columns),
        by: patches,
        into: MatrixProduct.Matrix(
          start: result.start + group * matrix.rows * length + first, stride: length),
        isAdded: true, rows: matrix.rows, columns: count, depth: matrix.columns)
    }
  }

  // MARK: Elements

  private func copy(
    _ sources: [Int32], _ inputs: [AlignedBuffer<Float>], into result: AlignedBuffer<Float>
  ) {
    let width = width
    let starts = inputs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count / width) }
    share(sources.count) { elements in
      for element in elements {
        let target = result.start + element * width
        guard sources[element] >= 0 else { continue }
        let source = Int(sources[element])
        let input = starts.lastIndex { $0 <= source } ?? 0
        target.update(from: inputs[input].start + (source - starts[input]) * width, count: width)
      }
    }
  }

  private func run(
    _ arithmetic: Arithmetic, _ one: (value: AlignedBuffer<Float>, elements: [Int32]),
    _ other: (value: AlignedBuffer<Float>, elements: [Int32]), into result: AlignedBuffer<Float>
  ) {
    let width = width
    let (x, y) = (one, other)
    share(result.count / width) { elements in
      for element in elements {
        let a = x.value.start + Int(x.elements[element]) * width
        let b = y.value.start + Int(y.elements[element]) * width
        let c = result.start + element * width
        switch arithmetic {
        case .add: for i in 0..<width { c[i] = a[i] + b[i] }
        case .subtract: for i in 0..<width { c[i] = a[i] - b[i] }
        case .multiply: for i in 0..<width { c[i] = a[i] * b[i] }
        case .divide: for i in 0..<width { c[i] = a[i] / b[i] }
        case .minimum: for i in 0..<width { c[i] = min(a[i], b[i]) }
        case .maximum: for i in 0..<width { c[i] = max(a[i], b[i]) }
        case .power: for i in 0..<width { c[i] = powf(a[i], b[i]) }
        case .equal: for i in 0..<width { c[i] = a[i] == b[i] ? 1 : 0 }
        case .less: for i in 0..<width { c[i] = a[i] < b[i] ? 1 : 0 }
        case .select: for i in 0..<width { c[i] = b[i] != 0 ? a[i] : 0 }
        }
      }
    }
  }

  private func run(
    _ pool: PoolPlan, _ input: AlignedBuffer<Float>, into result: AlignedBuffer<Float>
  ) {
    let width = width
    let outputs = pool.cells.count
    share(pool.channels * outputs) { elements in
      for element in elements {
        let (channel, output) = element.quotientAndRemainder(dividingBy: outputs)
        let target = result.start + element * width
        let source = input.start + channel * pool.inputPositions * width
        for (number, cell) in pool.cells[output].enumerated() {
          let line = source + Int(cell) * width
          if number == 0 {
            target.update(from: line, count: width)
          } else if pool.kind == .max {
            for i in 0..<width { target[i] = max(target[i], line[i]) }
          } else {
            for i in 0..<width { target[i] += line[i] }
          }
        }
        guard pool.kind != .max else { continue }
        for i in 0..<width { target[i] /= pool.divisors[output] }
      }
    }
  }

  // MARK: Lines and products

  private func softmax(
    _ lines: LinePlan, _ input: AlignedBuffer<Float>, into result: AlignedBuffer<Float>
  ) {
    let width = width
    share(lines.firsts.count) { range in
      var largest = [Float](repeating: 0, count: width)
      var sum = largest
      for line in range {
        let first = Int(lines.firsts[line])
        for i in 0..<width {
          largest[i] = -.infinity
          sum[i] = 0
        }
        for step in lines.steps {
          let x = input.start + (first + Int(step)) * width
          for i in 0..<width { largest[i] = max(largest[i], x[i]) }
        }
        for step in lines.steps {
          let place = (first + Int(step)) * width
          for i in 0..<width {
            let power = expf(input.start[place + i] - largest[i])
            result.start[place + i] = power
            sum[i] += power
          }
        }
        for step in lines.steps {
          let y = result.start + (first + Int(step)) * width
          for i in 0..<width { y[i] /= sum[i] }
        }
      }
    }
  }

  private func normalise(
    _ lines: LinePlan, _ epsilon: Float, _ input: AlignedBuffer<Float>,
    into result: AlignedBuffer<Float>
  ) {
    let width = width
    share(lines.firsts.count) { range in
      for line in range {
        let moments = LineMoments(lines, line, input, width: width, epsilon: epsilon)
        for step in lines.steps {
          let place = (Int(lines.firsts[line]) + Int(step)) * width
          for i in 0..<width {
            result.start[place + i] = (input.start[place + i] - moments.mean[i]) * moments.scale[i]
          }
        }
      }
    }
  }

  private func multiply(
    _ product: ProductPlan, _ one: AlignedBuffer<Float>, _ other: AlignedBuffer<Float>,
    into result: AlignedBuffer<Float>
  ) {
    let width = width
    share(product.batches * product.rows) { range in
      for line in range {
        let (batch, row) = line.quotientAndRemainder(dividingBy: product.rows)
        let a = one.start + (batch * product.rows * product.inner + row * product.first.row) * width
        let b = other.start + batch * product.inner * product.columns * width
        for column in 0..<product.columns {
          let c = result.start + (line * product.columns + column) * width
          for inner in 0..<product.inner {
            let x = a + inner * product.first.inner * width
            let y = b + (inner * product.second.inner + column * product.second.column) * width
            for i in 0..<width { c[i] += x[i] * y[i] }
          }
        }
      }
    }
  }
}

/// Mean and 1/√(variance + ε) of a line, for each example.
struct LineMoments {
  var mean: [Float]
  var scale: [Float]

  init(
    _ lines: LinePlan, _ line: Int, _ input: AlignedBuffer<Float>, width: Int, epsilon: Float
  ) {
    mean = Array(repeating: 0, count: width)
    scale = mean
    let count = Float(lines.steps.count)
    let first = Int(lines.firsts[line])
    for step in lines.steps {
      let x = input.start + (first + Int(step)) * width
      for i in 0..<width { mean[i] += x[i] }
    }
    for i in 0..<width { mean[i] /= count }
    for step in lines.steps {
      let x = input.start + (first + Int(step)) * width
      for i in 0..<width {
        let difference = x[i] - mean[i]
        scale[i] += difference * difference
      }
    }
    for i in 0..<width {
      let variance: Float = scale[i] / count + epsilon
      scale[i] = 1 / variance.squareRoot()
    }
  }
}
