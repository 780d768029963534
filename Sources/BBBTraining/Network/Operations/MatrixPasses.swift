import BBBKernels
import BBBLinearAlgebra
import CBBBKernels

extension TrainedNetwork {
  /// Computes a matrix's outputs.
  func forward(_ matrix: TrainedMatrix, _ node: TrainedNode, rows: Int, _ mode: PassMode) {
    let source = node.sources[0].value.output
    let width = matrix.outputCount
    var weights = matrix.weight.mean
    var biases = matrix.bias?.mean
    var noise: (local: TrainedMatrix.Local, step: Int)?
    switch mode {
    case .mean: break
    case .drawn(let draws):
      weights = draws[matrix.weight.number]
      biases = matrix.bias.map { draws[$0.number] }
    case .training(let step):
      weights = matrix.weight.current
      biases = matrix.bias?.current
      if let local = matrix.local {
        multiply(source, by: source, into: local.squaredInput, count: rows * matrix.inputCount)
        noise = (local, step)
      }
    }
    share(width: width) { [weights, biases, noise] first, count, worker in
      // SAFETY: each piece writes its own columns of the outputs only.
      MatrixProduct.multiply(
        .init(start: source.start, stride: matrix.inputCount),
        by: .init(
          start: weights.start + first * matrix.inputCount, stride: matrix.inputCount,
          isTransposed: true),
        into: .init(start: node.target.output.start + first, stride: width),
        rows: rows, columns: count, depth: matrix.inputCount)
      if let biases {
        for row in 0..<rows {
          let output = node.target.output.start + row * width + first
          for unit in 0..<count { output[unit] += biases.start[first + unit] }
        }
      }
      if let noise {
        addNoise(
          matrix, noise.local, to: node.target.output, rows: rows, first: first, count: count,
          step: noise.step, worker: worker)
      }
      finishOutput(of: node.target, rows: rows, first: first, count: count, mode)
    }
  }

  /// Adds √v ζ to a piece of a matrix's outputs, and leaves ζ / (2√v) for the way back.
  private func addNoise(
    _ matrix: TrainedMatrix, _ local: TrainedMatrix.Local, to target: AlignedBuffer<Float>,
    rows: Int, first: Int, count: Int, step: Int, worker: Int
  ) {
    let width = matrix.outputCount
    MatrixProduct.multiply(
      .init(start: local.squaredInput.start, stride: matrix.inputCount),
      by: .init(
        start: local.variance.start + first * matrix.inputCount, stride: matrix.inputCount,
        isTransposed: true),
      into: .init(start: local.slope.start + first, stride: width),
      rows: rows, columns: count, depth: matrix.inputCount)
    if let bias = matrix.bias?.variance {
      for row in 0..<rows {
        let slope = local.slope.start + row * width + first
        for unit in 0..<count { slope[unit] += bias.start[first + unit] }
      }
    }
    let key = NoiseStream.preactivations(layer: matrix.number)
      .key(seed: configuration.seed, step: step)
    let rowLength = Self.pieces(width) * Self.pieceWidth
    let noise = pieceActivations[worker].start
    for row in 0..<rows {
      bbb_standard_normals(instructionSet, key, row * rowLength + first, Self.pieceWidth, noise)
      let output = target.start + row * width + first
      let slope = local.slope.start + row * width + first
      for unit in 0..<count {
        let deviation = slope[unit].squareRoot()
        output[unit] += deviation * noise[unit]
        // Variances can only vanish by underflow; there is no noise to learn from then.
        slope[unit] = deviation > 0 ? noise[unit] / (2 * deviation) : 0
      }
    }
  }

  /// Takes the gradient of a matrix's outputs back to what it reads and to its parameters.
  func backward(
    _ matrix: TrainedMatrix, _ node: TrainedNode, rows: Int, _ consume: GradientConsumer
  ) {
    guard let gradient = node.target.gradient else { return }
    if let local = matrix.local {
      multiply(
        gradient, by: local.slope, into: local.gradient, count: rows * matrix.outputCount)
    }
    propagate(matrix, gradient, to: node.sources[0], rows: rows)
    let source = node.sources[0].value.output
    share(width: matrix.outputCount) { first, count, worker in
      let gradients = pieceGradients[worker]
      let second = matrix.local == nil ? nil : gradients.second.start
      weightGradient(
        matrix, gradient, source, rows: rows, first: first, count: count, into: gradients.first)
      if let local = matrix.local {
        weightGradient(
          matrix, local.gradient, local.squaredInput, rows: rows, first: first, count: count,
          into: gradients.second)
      }
      consume(
        matrix.weight, first * matrix.inputCount, count * matrix.inputCount, gradients.first.start,
        second)
      guard let bias = matrix.bias else { return }
      sumRows(gradient, of: matrix, rows: rows, first: first, count: count, into: gradients.first)
      if let local = matrix.local {
        sumRows(
          local.gradient, of: matrix, rows: rows, first: first, count: count,
          into: gradients.second)
      }
      consume(bias, first, count, gradients.first.start, second)
    }
  }

  /// gradientᵀ · input, for the units `first` ..< `first + count`.
  private func weightGradient(
    _ matrix: TrainedMatrix, _ gradient: AlignedBuffer<Float>, _ input: AlignedBuffer<Float>,
    rows: Int, first: Int, count: Int, into result: AlignedBuffer<Float>
  ) {
    MatrixProduct.multiply(
      .init(start: gradient.start + first, stride: matrix.outputCount, isTransposed: true),
      by: .init(start: input.start, stride: matrix.inputCount),
      into: .init(start: result.start, stride: matrix.inputCount), rows: count,
      columns: matrix.inputCount, depth: rows)
  }

  private func sumRows(
    _ gradient: AlignedBuffer<Float>, of matrix: TrainedMatrix, rows: Int, first: Int, count: Int,
    into sums: AlignedBuffer<Float>
  ) {
    for unit in 0..<count { sums.start[unit] = 0 }
    for row in 0..<rows {
      let values = gradient.start + row * matrix.outputCount + first
      for unit in 0..<count { sums.start[unit] += values[unit] }
    }
  }

  /// Computes the gradient of what a matrix reads, where that can be learned.
  private func propagate(
    _ matrix: TrainedMatrix, _ gradient: AlignedBuffer<Float>, to source: TrainedSource, rows: Int
  ) {
    guard let target = source.value.gradient else { return }
    let width = matrix.inputCount
    share(width: width) { first, count, worker in
      // SAFETY: each piece writes its own columns of the gradient only.
      MatrixProduct.multiply(
        .init(start: gradient.start, stride: matrix.outputCount),
        by: .init(start: matrix.weight.current.start + first, stride: width),
        into: .init(start: target.start + first, stride: width), isAdded: !source.isFirst,
        rows: rows, columns: count, depth: matrix.outputCount)
      if let local = matrix.local {
        let throughVariance = pieceActivations[worker].start
        MatrixProduct.multiply(
          .init(start: local.gradient.start, stride: matrix.outputCount),
          by: .init(start: local.variance.start + first, stride: width),
          into: .init(start: throughVariance, stride: count), rows: rows, columns: count,
          depth: matrix.outputCount)
        for row in 0..<rows {
          let target = target.start + row * width + first
          let input = source.value.output.start + row * width + first
          let more = throughVariance + row * count
          for unit in 0..<count { target[unit] += 2 * input[unit] * more[unit] }
        }
      }
      if source.isLast {
        finishGradient(of: source.value, rows: rows, first: first, count: count)
      }
    }
  }

  /// product = left · right, element by element.
  private func multiply(
    _ left: AlignedBuffer<Float>, by right: AlignedBuffer<Float>,
    into product: AlignedBuffer<Float>, count: Int
  ) {
    share(Self.pieces(count, of: Self.pieceLength)) { piece, _ in
      for i in piece * Self.pieceLength..<min(count, (piece + 1) * Self.pieceLength) {
        product.start[i] = left.start[i] * right.start[i]
      }
    }
  }
}
