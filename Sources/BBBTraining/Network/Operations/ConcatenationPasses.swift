extension TrainedNetwork {
  /// Puts the elements of values one behind the other.
  func forwardConcatenation(_ node: TrainedNode, rows: Int, _ mode: PassMode) {
    forEachPart(of: node) { source, start, first, count in
      for row in 0..<rows {
        (node.target.output.start + row * node.target.width + start + first).update(
          from: source.value.output.start + row * source.value.width + first, count: count)
      }
      finishOutput(of: node.target, rows: rows, first: start + first, count: count, mode)
    }
  }

  /// Hands the gradient of each part back to what it is a copy of.
  func backwardConcatenation(_ node: TrainedNode, rows: Int) {
    forEachPart(of: node) { source, start, first, count in
      passOn(
        node.target, from: start + first, to: source, rows: rows, first: first, count: count)
    }
  }

  /// Calls `body` with every source, where its elements begin in the target, and every piece of them.
  private func forEachPart(
    of node: TrainedNode,
    _ body: @Sendable (_ source: TrainedSource, _ start: Int, _ first: Int, _ count: Int) -> Void
  ) {
    var start = 0
    for source in node.sources {
      share(width: source.value.width) { [start] first, count, _ in
        body(source, start, first, count)
      }
      start += source.value.width
    }
  }
}
