/// A layer's weights in groups: by input or by output, as they are written to a file.
struct GroupedWeights: Equatable {
  /// The number of possible positions in each group.
  let positionExtent: Int
  /// The index of each group's first weight, and the number of weights: groups + 1 entries.
  let starts: [Int]
  /// The position of each weight within its group, ascending.
  let positions: [UInt32]
  /// The weights.
  let values: [Float]

  var groupCount: Int { starts.count - 1 }
  var counts: [Int] { zip(starts.dropFirst(), starts).map { $0 - $1 } }

  /// The fraction of the places that hold a weight; 0 where there are none.
  var density: Double {
    let possible = groupCount * positionExtent
    return possible == 0 ? 0 : Double(positions.count) / Double(possible)
  }

  /// The number of places for each weight.
  var meanGap: Double {
    Double(groupCount * positionExtent) / Double(max(positions.count, 1))
  }

  /// The positions of one group's weights, ascending.
  func positions(ofGroup group: Int) -> ArraySlice<UInt32> {
    positions[starts[group]..<starts[group + 1]]
  }

  /// How many weights stand at each position, over all groups.
  var positionCounts: [Int] { CountingSort.occurrences(of: positions, bound: positionExtent) }

  /// The same weights grouped along the other axis, and renumbered if asked for.
  ///
  /// - Parameters:
  ///   - groupOrder: The groups in the order of their new numbers; `nil` keeps the numbers.
  ///   - positionOrder: The positions in the order of their new numbers, without some at which no weight
  ///     stands; `nil` keeps the numbers.
  ///   - positionCounts: What ``positionCounts`` is, where it is known already.
  /// - Returns: The weights in groups of one position each.
  func transposed(
    groupOrder: [Int]? = nil, positionOrder: [Int]? = nil, positionCounts: [Int]? = nil
  ) -> GroupedWeights {
    let groupOrder = groupOrder ?? Array(0..<groupCount)
    let positionOrder = positionOrder ?? Array(0..<positionExtent)
    let counts = positionCounts ?? self.positionCounts
    let newStarts = CountingSort.starts(ofCounts: positionOrder.lazy.map { counts[$0] })
    precondition(newStarts[positionOrder.count] == positions.count, "a weight would be lost")
    // Where the next weight at each position goes.
    var next = [Int](repeating: 0, count: positionExtent)
    for (new, old) in positionOrder.enumerated() { next[old] = newStarts[new] }
    var newValues: [Float] = []
    let newPositions = [UInt32](unsafeUninitializedCapacity: positions.count) { groups, count in
      newValues = [Float](unsafeUninitializedCapacity: positions.count) { newValues, valueCount in
        // SAFETY: the counts are those of the positions, all of which lie within the extent, so that each
        // place is written once.
        next.withUnsafeMutableBufferPointer { next in
          positions.withUnsafeBufferPointer { positions in
            values.withUnsafeBufferPointer { values in
              for (new, old) in groupOrder.enumerated() {
                for index in starts[old]..<starts[old + 1] {
                  let position = Int(positions[index])
                  let place = next[position]
                  groups[place] = UInt32(truncatingIfNeeded: new)
                  newValues[place] = values[index]
                  next[position] = place + 1
                }
              }
            }
          }
        }
        valueCount = positions.count
      }
      count = positions.count
    }
    return GroupedWeights(
      positionExtent: groupOrder.count, starts: newStarts, positions: newPositions,
      values: newValues)
  }

  /// The same weights with the groups in another order.
  ///
  /// - Parameter order: The groups in the order of their new numbers.
  /// - Returns: The weights, group by group.
  func selecting(_ order: [Int]) -> GroupedWeights {
    var selected: [UInt32] = []
    selected.reserveCapacity(positions.count)
    for group in order { selected.append(contentsOf: positions(ofGroup: group)) }
    return GroupedWeights(
      positionExtent: positionExtent,
      starts: CountingSort.starts(ofCounts: order.lazy.map { starts[$0 + 1] - starts[$0] }),
      positions: selected, values: values(inOrderOf: order))
  }

  /// The same weights with the positions in another order.
  ///
  /// - Parameter order: The positions in the order of their new numbers.
  /// - Returns: The weights in the same groups, positions ascending again.
  func renumberingPositions(_ order: [Int]) -> GroupedWeights {
    // Sorted by position over all groups, then dealt out to the groups again: no group needs a sort.
    transposed(positionOrder: order).transposed()
  }

  /// The weights in the order of `groups`.
  func values(inOrderOf groups: [Int]) -> [Float] {
    var ordered: [Float] = []
    ordered.reserveCapacity(values.count)
    for group in groups { ordered.append(contentsOf: values[starts[group]..<starts[group + 1]]) }
    return ordered
  }
}

extension SparseLayer {
  /// The weights grouped by output: the layer's own order.
  var groupedByOutput: GroupedWeights { groupedByOutput(values) }

  /// Numbers that belong to the weights, grouped by output.
  func groupedByOutput(_ numbers: [Float]) -> GroupedWeights {
    GroupedWeights(
      positionExtent: inputCount, starts: rowStarts.map(Int.init), positions: columns,
      values: numbers)
  }
}
