import BBBPosterior

/// The weights of a layer that stay, in compressed sparse rows by output.
struct KeptWeights {
  var inputCount: Int
  var rowStarts: [Int]
  var columns: [UInt32]
  var values: [Float]
  var biases: [Float]

  var outputCount: Int { biases.count }

  /// Collects the weights of a dense layer that a mask keeps.
  ///
  /// - Parameters:
  ///   - layer: The dense layer.
  ///   - weightMask: A flag per weight, in the order of the layer's weights; `nil` keeps all.
  ///   - biasMask: A flag per bias; `nil` keeps all. A removed bias is zero.
  init(
    _ layer: MeanNetwork.Layer, weightMask: ArraySlice<Bool>?, biasMask: ArraySlice<Bool>?
  ) {
    inputCount = layer.inputCount
    let mask = weightMask.map(Array.init) ?? Array(repeating: true, count: layer.weights.count)
    biases = layer.biases
    if let biasMask {
      for (index, isKept) in biasMask.enumerated() where !isKept { biases[index] = 0 }
    }
    let (rowStride, columnStride) =
      layer.layout == .outputInput ? (layer.inputCount, 1) : (1, layer.outputCount)
    rowStarts = [0]
    rowStarts.reserveCapacity(layer.outputCount + 1)
    columns = []
    values = []
    for output in 0..<layer.outputCount {
      for input in 0..<layer.inputCount {
        let index = output * rowStride + input * columnStride
        guard mask[index] else { continue }
        columns.append(UInt32(input))
        values.append(layer.weights[index])
      }
      rowStarts.append(columns.count)
    }
  }

  /// The number of weights that lead into each output.
  var incomingCounts: [Int] { zip(rowStarts.dropFirst(), rowStarts).map { $0 - $1 } }

  /// Whether each input has a weight that leaves it.
  var inputIsUsed: [Bool] {
    var isUsed = [Bool](repeating: false, count: inputCount)
    for column in columns { isUsed[Int(column)] = true }
    return isUsed
  }

  /// The layer with only some inputs and outputs, renumbered.
  ///
  /// - Parameters:
  ///   - outputs: The outputs that stay, in their new order.
  ///   - newInput: The new number of each input; `nil` drops the weights that leave it.
  ///   - inputCount: The new number of inputs.
  /// - Returns: The smaller layer.
  func selecting(outputs: [Int], newInput: [Int?], inputCount: Int) -> KeptWeights {
    var result = self
    result.inputCount = inputCount
    result.biases = outputs.map { biases[$0] }
    result.rowStarts = [0]
    result.columns = []
    result.values = []
    for output in outputs {
      var row: [(column: Int, value: Float)] = []
      for index in rowStarts[output]..<rowStarts[output + 1] {
        if let column = newInput[Int(columns[index])] { row.append((column, values[index])) }
      }
      // Renumbered inputs need not ascend any more.
      row.sort { $0.column < $1.column }
      result.columns.append(contentsOf: row.lazy.map { UInt32($0.column) })
      result.values.append(contentsOf: row.lazy.map(\.value))
      result.rowStarts.append(result.columns.count)
    }
    return result
  }
}
