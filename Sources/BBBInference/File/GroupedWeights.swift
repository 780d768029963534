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

  /// The number of places for each weight.
  var meanGap: Double {
    Double(groupCount * positionExtent) / Double(max(positions.count, 1))
  }

  /// The positions of one group's weights, ascending.
  func positions(ofGroup group: Int) -> ArraySlice<UInt32> {
    positions[starts[group]..<starts[group + 1]]
  }

  /// The same weights grouped along the other axis.
  func transposed() -> GroupedWeights {
    let starts = CountingSort.starts(positions.lazy.map(Int.init), bound: positionExtent)
    var next = starts
    var positions = self.positions
    var values = self.values
    // SAFETY: `starts` counts the positions, so that each place is within both arrays.
    next.withUnsafeMutableBufferPointer { next in
      positions.withUnsafeMutableBufferPointer { positions in
        values.withUnsafeMutableBufferPointer { values in
          for group in 0..<groupCount {
            for index in self.starts[group]..<self.starts[group + 1] {
              let other = Int(self.positions[index])
              positions[next[other]] = UInt32(group)
              values[next[other]] = self.values[index]
              next[other] += 1
            }
          }
        }
      }
    }
    return GroupedWeights(
      positionExtent: groupCount, starts: starts, positions: positions, values: values)
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
  var groupedByOutput: GroupedWeights {
    GroupedWeights(
      positionExtent: inputCount, starts: rowStarts.map(Int.init), positions: columns,
      values: values)
  }
}
