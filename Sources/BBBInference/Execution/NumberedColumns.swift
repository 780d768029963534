/// A layer's weights by input, numbered as the network runs: what its other forms are made from.
struct NumberedColumns {
  let inputCount: Int
  let outputCount: Int
  /// The position of each input's first weight, and the number of weights.
  let starts: [Int]
  /// The output that each weight leads to, ascending within an input.
  let outputs: [UInt32]
  let values: [Float]

  /// Renumbers a layer's weights.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - inputs: The number in the layer of each input; all inputs that weights leave.
  ///   - outputs: The number in the layer of each output; all of them.
  init(_ layer: SparseLayer, inputs: [Int], outputs: [Int]) {
    inputCount = inputs.count
    outputCount = outputs.count
    var newInput = [Int](repeating: 0, count: layer.inputCount)
    for (new, old) in inputs.enumerated() { newInput[old] = new }
    starts = newInput.withUnsafeBufferPointer { newInput in
      CountingSort.starts(layer.columns.lazy.map { newInput[Int($0)] }, bound: inputs.count)
    }
    var next = starts
    var leads = [UInt32](repeating: 0, count: layer.weightCount)
    var values = [Float](repeating: 0, count: layer.weightCount)
    // SAFETY: `starts` counts the weights of each input, so that each place is within both arrays.
    next.withUnsafeMutableBufferPointer { next in
      leads.withUnsafeMutableBufferPointer { leads in
        values.withUnsafeMutableBufferPointer { values in
          for (new, old) in outputs.enumerated() {
            for index in Int(layer.rowStarts[old])..<Int(layer.rowStarts[old + 1]) {
              let input = newInput[Int(layer.columns[index])]
              leads[next[input]] = UInt32(new)
              values[next[input]] = layer.values[index]
              next[input] += 1
            }
          }
        }
      }
    }
    self.outputs = leads
    self.values = values
  }

  /// The positions of the weights that leave an input.
  func column(_ input: Int) -> Range<Int> { starts[input]..<starts[input + 1] }

  /// How many weights lead from some inputs to each output.
  func weightCounts(of inputs: Range<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: outputCount)
    counts.withUnsafeMutableBufferPointer { counts in
      for index in starts[inputs.lowerBound]..<starts[inputs.upperBound] {
        counts[Int(outputs[index])] += 1
      }
    }
    return counts
  }
}
