extension TrainedNetwork {
  /// Adds up values; of a single one makes a copy, to apply an activation to.
  func forwardSum(_ node: TrainedNode, rows: Int, _ mode: PassMode) {
    let width = node.target.width
    share(width: width) { first, count, _ in
      for row in 0..<rows {
        let place = row * width + first
        let sum = node.target.output.start + place
        sum.update(from: node.sources[0].value.output.start + place, count: count)
        for source in node.sources.dropFirst() {
          let part = source.value.output.start + place
          for unit in 0..<count { sum[unit] += part[unit] }
        }
      }
      finishOutput(of: node.target, rows: rows, first: first, count: count, mode)
    }
  }

  /// Hands the gradient of a sum to each of its parts.
  func backwardSum(_ node: TrainedNode, rows: Int) {
    share(width: node.target.width) { first, count, _ in
      for source in node.sources {
        passOn(
          node.target, from: first, to: source, rows: rows, first: first, count: count)
      }
    }
  }

  /// Puts some elements' gradient to that of the elements which they are copies of.
  ///
  /// - Parameters:
  ///   - value: What the elements belong to; its gradient is whole.
  ///   - start: The first of them.
  ///   - source: What they are copies of.
  ///   - rows: The number of examples in the minibatch.
  ///   - first: The element of the source that the first one is a copy of.
  ///   - count: Their number.
  func passOn(
    _ value: TrainedValue, from start: Int, to source: TrainedSource, rows: Int, first: Int,
    count: Int
  ) {
    guard let gradient = value.gradient, let target = source.value.gradient else { return }
    for row in 0..<rows {
      let part = gradient.start + row * value.width + start
      let sum = target.start + row * source.value.width + first
      if source.isFirst {
        sum.update(from: part, count: count)
      } else {
        for unit in 0..<count { sum[unit] += part[unit] }
      }
    }
    if source.isLast { finishGradient(of: source.value, rows: rows, first: first, count: count) }
  }
}
