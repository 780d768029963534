import BBBNetwork
import Foundation

/// A network with a value for every weight, computed as the definitions read, in double precision.
///
/// What every kernel, plan, moment rule and gradient is held to. Slow and plain on purpose: no operation shares code with
/// the program but the description of the network itself.
public struct ReferenceNetwork: Sendable {
  /// The weights and biases of one matrix.
  public struct Weights: Sendable {
    /// (rows, columns of all groups), row-major; columns of other groups than the row's are 0.
    public var weights: [Double]
    /// One for each row; all 0 where the matrix has none.
    public var biases: [Double]

    /// Creates weights.
    public init(weights: [Double], biases: [Double]) {
      self.weights = weights
      self.biases = biases
    }
  }

  /// What is computed.
  public let network: Network
  /// By the number of the parameter.
  public var parameters: [Weights]

  /// Gives a network weights.
  public init(_ network: Network, _ parameters: [Weights]) {
    precondition(network.parameters.count == parameters.count, "weights for each matrix")
    for (parameter, weights) in zip(network.parameters, parameters) {
      let shape = parameter.weights
      precondition(
        weights.weights.count == shape.rows * shape.columnCount, "a value for each weight")
      precondition(weights.biases.count == shape.rows, "a bias for each row")
    }
    self.network = network
    self.parameters = parameters
  }

  /// The output for one example.
  public func output(for input: [Double]) -> [Double] {
    values(for: input)[network.output.index]
  }

  /// Every value for one example, by `Value.index`, row-major.
  ///
  /// - Parameters:
  ///   - input: The example.
  ///   - change: What becomes of a value before others read it: by the number of the node, what it reads and what it gives.
  /// - Returns: The values.
  public func values(
    for input: [Double],
    changing change: (_ node: Int, _ inputs: [[Double]], _ value: [Double]) -> [Double] = { $2 }
  ) -> [[Double]] {
    precondition(input.count == network.inputCount, "one example")
    var values = [input]
    for (number, node) in network.nodes.enumerated() {
      let inputs = node.inputs.map { values[$0.index] }
      let shapes = node.inputs.map { network.shapes[$0.index] }
      let value: [Double]
      switch node.operation {
      case .matrix(let matrix):
        let parameter = network.parameterNumber(ofNode: number)
        value = Self.product(matrix, parameters[parameter], inputs[0], shapes[0])
      case .activation(let activation): value = inputs[0].map { activation($0) }
      case .pool(let pool): value = Self.pooled(pool, inputs[0], shapes[0])
      case .arithmetic(let arithmetic):
        value = Self.computed(arithmetic, inputs, shapes, network.shapes[number + 1])
      case .constant:
        value = parameters[network.parameterNumber(ofNode: number)].biases
      case .concatenate: value = Array(inputs.joined())
      case .flatten: value = inputs[0]
      case .slice(let slice): value = Self.sliced(slice, inputs[0], shapes[0])
      case .gather(let gather): value = Self.gathered(gather, inputs[0], shapes[0])
      case .pad(let pad): value = Self.padded(pad, inputs[0], shapes[0], network.shapes[number + 1])
      case .transpose(let transpose):
        value = Self.transposed(transpose, inputs[0], shapes[0], network.shapes[number + 1])
      case .reshape: value = inputs[0]
      case .softmax(let softmax):
        value = Self.alongLines(inputs[0], shapes[0], [softmax.axis], Self.softmax)
      case .normalise(let normalise):
        value = Self.alongLines(inputs[0], shapes[0], normalise.axes) {
          Self.normalised($0, normalise.epsilon)
        }
      case .product(let product):
        value = Self.multiplied(product, inputs, shapes, network.shapes[number + 1])
      }
      values.append(change(number, inputs, value))
    }
    return values
  }

  /// What one matrix gives for what it reads, at its own node.
  ///
  /// - Parameters:
  ///   - number: The number of the parameter.
  ///   - input: What is read, row-major.
  /// - Returns: The value, row-major.
  public func product(_ number: Int, reading input: [Double]) -> [Double] {
    let node = network.nodes[network.parameters[number].node]
    guard case .matrix(let matrix) = node.operation else {
      preconditionFailure("parameters are matrices'")
    }
    return Self.product(
      matrix, parameters[number], input, network.shapes[node.inputs[0].index])
  }

  private static func product(
    _ matrix: Matrix, _ weights: Weights, _ input: [Double], _ shape: Shape
  ) -> [Double] {
    guard let window = matrix.window else {
      return (0..<matrix.unitCount).map { row in
        input.indices.reduce(weights.biases[row]) {
          $0 + weights.weights[row * input.count + $1] * input[$1]
        }
      }
    }
    let cells = window.cellCount
    let (channelCount, positionCount) = (shape.extents[0], shape.positionCount)
    let columnCount = channelCount * cells
    let outputs = indices(over: window, shape.positions)
    return (0..<matrix.unitCount).flatMap { row in
      outputs.map { cellPositions in
        var sum = weights.biases[row]
        for channel in 0..<channelCount {
          for (cell, position) in cellPositions.enumerated() {
            guard let position else { continue }
            sum +=
              weights.weights[row * columnCount + channel * cells + cell]
              * input[channel * positionCount + position]
          }
        }
        return sum
      }
    }
  }

  private static func pooled(_ pool: Pool, _ input: [Double], _ shape: Shape) -> [Double] {
    (0..<shape.extents[0]).flatMap { channel in
      indices(over: pool.window, shape.positions).map { cellPositions in
        let inside = cellPositions.compactMap { position in
          position.map { input[channel * shape.positionCount + $0] }
        }
        switch pool.kind {
        case .max: return inside.max() ?? -.infinity
        case .average(let countsPadding):
          return inside.reduce(0, +) / Double(countsPadding ? cellPositions.count : inside.count)
        }
      }
    }
  }

  /// Written apart from `Shape.elements(broadcastTo:)` and `Arithmetic`, which it is to check.
  private static func computed(
    _ arithmetic: Arithmetic, _ inputs: [[Double]], _ shapes: [Shape], _ output: Shape
  ) -> [Double] {
    tuples(output.extents).map { place in
      let operands = zip(inputs, shapes).map { input, shape in
        input[
          zip(place, shape.extents).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }]
      }
      let (a, b) = (operands[0], operands[1])
      switch arithmetic {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return a / b
      case .minimum: return min(a, b)
      case .maximum: return max(a, b)
      case .power: return Foundation.pow(a, b)
      case .equal: return a == b ? 1 : 0
      case .less: return a < b ? 1 : 0
      case .select: return b == 0 ? 0 : a
      }
    }
  }

  /// Written apart from `Slice.sources`, which it is to check; so are the next two.
  private static func sliced(_ slice: Slice, _ input: [Double], _ shape: Shape) -> [Double] {
    tuples(shape.extents).enumerated().filter { _, place in
      place.indices.allSatisfy { axis in
        let distance = place[axis] - slice.axes[axis].start
        return distance >= 0 && distance % slice.axes[axis].step == 0
          && distance / slice.axes[axis].step < slice.axes[axis].count
      }
    }.map { input[$0.offset] }
  }

  private static func padded(
    _ pad: Pad, _ input: [Double], _ shape: Shape, _ output: Shape
  ) -> [Double] {
    var rest = input[...]
    return tuples(output.extents).map { place in
      let isElement = place.indices.allSatisfy { axis in
        let distance = place[axis] - pad.before[axis]
        return distance >= 0 && distance % (pad.between[axis] + 1) == 0
          && distance / (pad.between[axis] + 1) < shape.extents[axis]
      }
      return isElement ? rest.removeFirst() : 0
    }
  }

  private static func gathered(_ gather: Gather, _ input: [Double], _ shape: Shape) -> [Double] {
    var output = shape.extents
    output[gather.axis] = gather.positions.count
    return tuples(output).map { place in
      var source = place
      source[gather.axis] = gather.positions[place[gather.axis]]
      return input[zip(source, shape.extents).reduce(0) { $0 * $1.1 + $1.0 }]
    }
  }

  /// For each output position the positions that the kernel's cells read; `nil` in the padding.
  ///
  /// Written apart from `Window.sources`, which it is to check.
  private static func indices(over window: Window, _ positions: [Int]) -> [[Int?]] {
    let outputs = zip(window.axes, positions).map { axis, count in
      (count + axis.paddingBefore + axis.paddingAfter - axis.dilation * (axis.extent - 1) - 1)
        / axis.stride + 1
    }
    return tuples(outputs).map { output in
      tuples(window.axes.map(\.extent)).map { cell in
        var index = 0
        for axis in positions.indices {
          let place =
            output[axis] * window.axes[axis].stride + cell[axis] * window.axes[axis].dilation
            - window.axes[axis].paddingBefore
          guard place >= 0, place < positions[axis] else { return nil }
          index = index * positions[axis] + place
        }
        return index
      }
    }
  }

  /// All tuples of numbers below the extents, the last counting fastest.
  static func tuples(_ extents: [Int]) -> [[Int]] {
    extents.reduce([[]]) { tuples, extent in
      tuples.flatMap { tuple in (0..<extent).map { tuple + [$0] } }
    }
  }
}

extension ReferenceNetwork {
  /// The weights and biases of a matrix, as the tensors of a file hold them.
  ///
  /// - Parameters:
  ///   - weights: In the order of `shape`.
  ///   - biases: One for each row; `nil` for none.
  ///   - shape: How the weights are arranged.
  /// - Returns: The weights as a whole matrix.
  public static func weights(
    _ weights: [Double], biases: [Double]?, _ shape: WeightShape
  ) -> Weights {
    var whole = [Double](repeating: 0, count: shape.rows * shape.columnCount)
    let rowsOfGroup = max(shape.rows / shape.groups, 1)
    for row in 0..<shape.rows {
      for channel in 0..<shape.channels {
        for tap in 0..<shape.taps {
          let position =
            switch shape.order {
            case .outputInput: (row * shape.channels + channel) * shape.taps + tap
            case .inputOutput: (tap * shape.channels + channel) * shape.rows + row
            case .transposedConvolution:
              ((row / rowsOfGroup * shape.channels + channel) * rowsOfGroup + row % rowsOfGroup)
                * shape.taps + shape.taps - 1 - tap
            }
          let column = (row / rowsOfGroup * shape.channels + channel) * shape.taps + tap
          whole[row * shape.columnCount + column] = weights[position]
        }
      }
    }
    return Weights(
      weights: whole, biases: biases ?? Array(repeating: 0, count: shape.rows))
  }
}
