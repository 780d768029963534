import BBBPosterior

/// The connections of a layer that stay, in compressed sparse rows by output, without their values.
struct KeptConnections: Sendable {
  var inputCount: Int
  /// The number of each output's first connection, and the number of connections.
  var rowStarts: [UInt32]
  /// The input of each connection, ascending within an output.
  var columns: [UInt32]
  /// Where each connection's weight is among those of the dense layer.
  var positions: [Int]

  var outputCount: Int { rowStarts.count - 1 }

  /// Collects the connections of a dense layer that a mask keeps.
  ///
  /// - Parameters:
  ///   - layer: The dense layer.
  ///   - mask: Over the layer's weights, in their order; `nil` keeps all.
  init(_ layer: DenseLayer, mask: Mask?) {
    inputCount = layer.inputCount
    let mask = mask ?? Mask(repeating: true, count: layer.weights.count)
    let keptCount = mask.keptCount
    switch layer.layout {
    case .outputInput:
      rowStarts = [0]
      rowStarts.reserveCapacity(layer.outputCount + 1)
      columns = []
      columns.reserveCapacity(keptCount)
      positions = []
      positions.reserveCapacity(keptCount)
      for output in 0..<layer.outputCount {
        let first = output * layer.inputCount
        for position in mask.keptPositions(in: first..<first + layer.inputCount) {
          columns.append(UInt32(truncatingIfNeeded: position - first))
          positions.append(position)
        }
        rowStarts.append(UInt32(columns.count))
      }
    case .inputOutput:
      rowStarts = Array(repeating: 0, count: layer.outputCount + 1)
      for position in mask.keptPositions { rowStarts[position % layer.outputCount + 1] += 1 }
      for output in 0..<layer.outputCount { rowStarts[output + 1] += rowStarts[output] }
      // Positions come by input, so that the inputs of each output ascend.
      var ends = rowStarts
      columns = Array(repeating: 0, count: keptCount)
      positions = Array(repeating: 0, count: keptCount)
      for position in mask.keptPositions {
        let (input, output) = position.quotientAndRemainder(dividingBy: layer.outputCount)
        columns[Int(ends[output])] = UInt32(input)
        positions[Int(ends[output])] = position
        ends[output] += 1
      }
    }
  }

  /// The connections into an output.
  func row(_ output: Int) -> Range<Int> { Int(rowStarts[output])..<Int(rowStarts[output + 1]) }

  /// The number of connections that lead into each output.
  var incomingCounts: [Int] { zip(rowStarts.dropFirst(), rowStarts).map { Int($0 - $1) } }

  /// Whether each input has a connection that leaves it.
  var inputIsUsed: [Bool] {
    var isUsed = [Bool](repeating: false, count: inputCount)
    for column in columns { isUsed[Int(column)] = true }
    return isUsed
  }

  /// The connections into only some outputs, renumbered.
  ///
  /// - Parameter outputs: The outputs that stay, in their new order.
  /// - Returns: The smaller structure.
  func selecting(outputs: [Int]) -> KeptConnections {
    var result = KeptConnections(inputCount: inputCount)
    for output in outputs {
      result.columns += columns[row(output)]
      result.positions += positions[row(output)]
      result.rowStarts.append(UInt32(result.columns.count))
    }
    return result
  }

  /// The connections that leave only some inputs, renumbered.
  ///
  /// - Parameters:
  ///   - newInput: The new number of each input, ascending; `nil` drops the connections that leave it.
  ///   - inputCount: The new number of inputs.
  /// - Returns: The smaller structure.
  func renumbering(newInput: [UInt32?], inputCount: Int) -> KeptConnections {
    var result = KeptConnections(inputCount: inputCount)
    for output in 0..<outputCount {
      for index in row(output) {
        guard let column = newInput[Int(columns[index])] else { continue }
        result.columns.append(column)
        result.positions.append(positions[index])
      }
      result.rowStarts.append(UInt32(result.columns.count))
    }
    return result
  }

  /// No outputs yet.
  private init(inputCount: Int) {
    self.inputCount = inputCount
    rowStarts = [0]
    columns = []
    positions = []
  }
}
