/// A cut that is looked for.
struct CutSearch: Sendable {
  /// Among the weights at these positions.
  let part: Range<Int>
  /// How many of them go.
  let removedCount: Int
  /// Where to look.
  var band: KeyBand
}

extension CutSearch {
  /// What a pass tells of the cut.
  ///
  /// - Parameter pieces: What it found in this search's band.
  /// - Returns: The cut, or where to look next.
  func place(in pieces: [BandPiece]) -> BandKeys.Place {
    let belowCount = pieces.reduce(0) { $0 + $1.belowCount }
    var keys = BandKeys(band.keys, limit: .max)
    for piece in pieces { keys.add(piece.keys) }
    let (lower, upper) = (band.keys.lowerBound, band.keys.upperBound)
    // A guess that was wrong was not far off: the next one is eight times as wide.
    let width = 8 * min(max(upper - lower, 1 << 36), 1 << 59)
    if lower > .absent, removedCount <= belowCount {
      return .band((lower - min(lower, 1 + width))...(lower - 1))
    }
    if removedCount > belowCount + keys.count {
      let next = upper + 1
      return .band(next...(width < .greatest - next ? next + width : .greatest))
    }
    // A cut that removes nothing goes with what was removed earlier.
    if removedCount == 0, upper > .absent { return .band(.absent ... .absent) }
    if upper == .absent { return .cut(Cut(key: .absent, tieCount: keys.count)) }
    let place = keys.place(removing: removedCount - belowCount)
    // So does one that removes fewer than were removed earlier.
    if case .cut(let cut) = place, cut.key == .absent { return .band(.absent ... .absent) }
    return place
  }
}

/// A cut, and what is needed to tell which weights it leaves.
struct FoundCut {
  let search: CutSearch
  let cut: Cut
  /// Of the pass that found it, by position.
  let pieces: [BandPiece]

  /// The number of weights that go.
  ///
  /// More than the search asked for if weights were removed earlier.
  var removedCount: Int {
    cut.key == .absent ? pieces.reduce(0) { $0 + $1.keys.count } : search.removedCount
  }

  /// Marks the weights that stay.
  ///
  /// - Parameter mask: Over all positions; those of the search's part are not kept yet.
  func keep(in mask: inout Mask) {
    var tiesLeft = cut.tieCount
    for piece in pieces {
      mask.formUnion(piece.above)
      if let weights = piece.keys.list {
        for weight in weights where weight.key >= cut.key {
          if weight.key == cut.key, tiesLeft > 0 {
            tiesLeft -= 1
          } else {
            mask[weight.position] = true
          }
        }
      } else if tiesLeft == 0 {
        mask.formUnion(piece.ties)
      } else if tiesLeft >= piece.keys.count {
        tiesLeft -= piece.keys.count
      } else {
        for position in piece.ties.positions {
          if tiesLeft > 0 { tiesLeft -= 1 } else { mask[position] = true }
        }
      }
    }
  }
}
