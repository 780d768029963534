import BBBNetwork

extension CompactModel {
  /// The same network with its hidden units in an order in which convolutions fall into groups of channels, as far as their weights let
  /// them.
  ///
  /// Depthwise convolutions have as many groups as channels, but units may stand in any order here, since a sparse matrix has none.
  func inGroupOrder() -> CompactModel {
    let renumbering = Renumbering(self)
    let orders = renumbering.orderByGroups
    guard orders.contains(where: { $0 != nil }) else { return self }
    return with(matrices: matrices.indices.map { renumbering.numbered($0, orders).matrix })
  }
}

extension Renumbering {
  /// The order of units by the groups that they are in, settled first to last.
  fileprivate var orderByGroups: [[Int]?] {
    var orders = noOrders
    for space in freeSpaces {
      for writer in unitSpaces(space).writers where orders[space] == nil {
        guard let (rows, channels) = groups(ofParameter: writer.parameter, orders) else {
          continue
        }
        // Both sides are spaces by themselves.
        guard let source = wholeSpace(ofChannelsOf: writer.parameter), source != space,
          rows.count == unitSpaces(space).units.count
        else { continue }
        var tried = orders
        if orders[source] == nil, freeSpaces.contains(source) { tried[source] = channels }
        tried[space] = rows
        let taps = taps(ofParameter: writer.parameter)
        func groupCount(_ orders: [[Int]?]) -> Int {
          numbered(writer.parameter, orders).pattern.pattern.groupCount(taps: taps)
        }
        if groupCount(tried) > groupCount(orders) { orders = tried }
      }
    }
    return orders
  }

  /// The rows and channels of a convolution by the parts that it falls into.
  ///
  /// - Returns: Both in the order of the parts, which are in that of their first channel as the orders so far have it; `nil` of others, and of one part.
  private func groups(
    ofParameter parameter: Int, _ orders: [[Int]?]
  ) -> (rows: [Int], channels: [Int])? {
    guard isConvolution(parameter) else { return nil }
    let source = wholeSpace(ofChannelsOf: parameter)
    var ordered = noOrders
    if let source { ordered[source] = orders[source] }
    let pattern = numbered(parameter, ordered).pattern.pattern
    let taps = taps(ofParameter: parameter)
    guard taps > 0 else { return nil }
    let channelCount = pattern.columnCount / taps
    var parts = JoinedParts(count: channelCount)
    var firstChannels = [Int?](repeating: nil, count: pattern.rowCount)
    for row in firstChannels.indices {
      for column in pattern.columns(ofRow: row) {
        let channel = Int(column) / taps
        let first = firstChannels[row] ?? channel
        firstChannels[row] = first
        parts.join(first, channel)
      }
    }
    let partOfChannel = (0..<channelCount).map { parts.first(of: $0) }
    guard Set(partOfChannel).count > 1 else { return nil }
    func inOrder(_ parts: [Int]) -> [Int] {
      parts.indices.sorted { (parts[$0], $0) < (parts[$1], $1) }
    }
    return (
      // Rows without weights fit anywhere.
      inOrder(firstChannels.map { $0.map { partOfChannel[$0] } ?? channelCount }),
      inOrder(partOfChannel)
    )
  }
}

/// Which of some things are joined, directly or through others.
private struct JoinedParts {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  /// The first of all that a thing is joined to.
  mutating func first(of thing: Int) -> Int {
    var thing = thing
    while parents[thing] != thing {
      parents[thing] = parents[parents[thing]]
      thing = parents[thing]
    }
    return thing
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (one, other) = (first(of: one), first(of: other))
    parents[max(one, other)] = min(one, other)
  }
}
