import BBBNetwork

/// Where the values of a network stand in the memory that it runs in.
///
/// A value's memory is used again once nothing reads it any more; values that an operation can overwrite share
/// theirs.
struct Arena {
  /// Where each value's memory begins, in numbers, by `Value.index`.
  let offsets: [Int]
  /// The numbers of the whole.
  let count: Int

  /// Memory that is written by a node, −1 for the input's, and last read by another.
  private struct Block {
    var extent: Int
    var first: Int
    var last: Int
    var offset = 0
  }

  /// Places the values of a network.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - layouts: The layout of each value.
  ///   - fused: For each value that is never held, the one that is held instead.
  init(_ network: Network, _ layouts: [ValueLayout], fused: [Int: Int]) {
    var blocks: [Block] = []
    var blockOfValue = [Int](repeating: -1, count: network.shapes.count)
    let readers = network.readers
    func lastReader(_ value: Int) -> Int {
      value == network.output.index ? network.nodes.count : readers[value].max() ?? value - 1
    }
    for value in network.shapes.indices {
      // A block may have been given by what is fused into it.
      if blockOfValue[value] >= 0 { continue }
      let node = value - 1
      if let result = fused[value] {
        blocks.append(
          Block(extent: layouts[result].extent, first: node, last: lastReader(result)))
        blockOfValue[value] = blocks.count - 1
        blockOfValue[result] = blocks.count - 1
        continue
      }
      let reused =
        value == 0
        ? nil
        : Self.overwritten(by: node, network, layouts).first {
          blocks[blockOfValue[$0]].last <= node || network.nodes[node].operation.leavesMemory
        }
      if let reused {
        blockOfValue[value] = blockOfValue[reused]
        blocks[blockOfValue[value]].last = max(
          blocks[blockOfValue[value]].last, lastReader(value))
      } else {
        blocks.append(
          Block(extent: layouts[value].extent, first: node, last: lastReader(value)))
        blockOfValue[value] = blocks.count - 1
      }
    }
    var end = 0
    var placed: [Int] = []
    // The largest first, which others then fit around.
    for index in blocks.indices.sorted(by: { (-blocks[$0].extent, $0) < (-blocks[$1].extent, $1) })
    {
      let neighbours = placed.map { blocks[$0] }.filter {
        $0.first <= blocks[index].last && blocks[index].first <= $0.last
      }.sorted { $0.offset < $1.offset }
      var offset = 0
      for neighbour in neighbours {
        if offset + blocks[index].extent <= neighbour.offset { break }
        offset = max(offset, neighbour.offset + neighbour.extent)
      }
      blocks[index].offset = offset
      end = max(end, offset + blocks[index].extent)
      placed.append(index)
    }
    offsets = blockOfValue.map { blocks[$0].offset }
    count = end
  }

  /// The values whose memory a node's result could take.
  private static func overwritten(
    by node: Int, _ network: Network, _ layouts: [ValueLayout]
  ) -> [Int] {
    switch network.nodes[node].operation {
    case .activation, .arithmetic, .flatten, .softmax, .normalise:
      network.nodes[node].inputs.map(\.index).filter { layouts[$0] === layouts[node + 1] }
    case .matrix, .pool, .concatenate, .slice, .gather, .pad, .constant, .transpose, .reshape,
      .product:
      []
    }
  }
}

extension Operation {
  /// Whether the result is what was read, so that the same memory serves both however long both are read.
  var leavesMemory: Bool {
    switch self {
    case .flatten, .activation(.none): true
    case .activation, .matrix, .pool, .arithmetic, .concatenate, .slice, .gather, .pad, .constant,
      .transpose, .reshape, .softmax, .normalise, .product:
      false
    }
  }
}
