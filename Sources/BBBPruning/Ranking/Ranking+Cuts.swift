import BBBPosterior

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
      guard let keys = piece.keys.list else {
        // All keys of the band are that of the cut.
        guard tiesLeft < piece.keys.count else {
          tiesLeft -= piece.keys.count
          continue
        }
        piece.inside.forEach { position in
          if tiesLeft > 0 { tiesLeft -= 1 } else { mask[position] = true }
        }
        continue
      }
      var index = 0
      piece.inside.forEach { position in
        let key = keys[index]
        index += 1
        if key == cut.key, tiesLeft > 0 {
          tiesLeft -= 1
        } else if key >= cut.key {
          mask[position] = true
        }
      }
    }
  }
}

extension Ranking {
  /// Of so few weights all keys are listed at once.
  private static let fewWeights = 1 << 14

  /// Searches for cuts, with a guess at where they are.
  ///
  /// - Parameters:
  ///   - removedCounts: How many weights each cut removes.
  ///   - part: The positions of those that it may remove.
  /// - Returns: A search for each count; none in an empty part.
  func searches(removing removedCounts: [Int], of part: Range<Int>) -> [CutSearch] {
    guard !part.isEmpty else { return [] }
    let isGuessed = part.count > Self.fewWeights && removedCounts.contains { $0 > 0 }
    let guesses =
      isGuessed
      ? RankSample(self, part).bands(removing: removedCounts.map { Double($0) / Double(part.count) })
      : removedCounts.map { _ in .absent ... .greatest }
    return zip(removedCounts, guesses).map { count, guess in
      // A cut that removes nothing goes with what was removed earlier.
      CutSearch(part: part, removedCount: count, band: KeyBand(count == 0 ? .absent ... .absent : guess))
    }
  }

  /// Finds cuts.
  ///
  /// One pass over the weights counts those below a search's band and lists the keys in it, among which
  /// the cut is found by sorting. If the guess was wrong, or the band holds too many keys to list, more
  /// passes follow, with other or narrower bands. The cuts do not depend on the guesses.
  ///
  /// - Parameters:
  ///   - searches: What to find; those in the same part are neighbours.
  ///   - wantsMask: Whether it will be asked which weights stay.
  /// - Returns: A cut for each search.
  /// - Throws: `PosteriorError` about the first mean or standard deviation that is not valid.
  func cuts(_ searches: [CutSearch], wantsMask: Bool) throws(PosteriorError) -> [FoundCut] {
    var found = [FoundCut?](repeating: nil, count: searches.count)
    var pending = Array(searches.enumerated())
    while !pending.isEmpty {
      let pass = BandPass(ranking: self, searches: pending.map(\.element), wantsMask: wantsMask)
      let pieces = try pass.run()
      var left: [(offset: Int, element: CutSearch)] = []
      for (search, pieces) in zip(pending, pieces) {
        switch search.element.place(in: pieces) {
        case .cut(let cut):
          found[search.offset] = FoundCut(search: search.element, cut: cut, pieces: pieces)
        case .band(let band):
          var next = search
          next.element.band = KeyBand(band)
          left.append(next)
        }
      }
      pending = left
    }
    return found.compactMap(\.self)
  }
}

extension CutSearch {
  /// What a pass tells of the cut.
  ///
  /// - Parameter pieces: What it found in this search's band.
  /// - Returns: The cut, or where to look next.
  fileprivate func place(in pieces: [BandPiece]) -> BandKeys.Place {
    let belowCount = pieces.reduce(0) { $0 + $1.belowCount }
    var keys = BandKeys(band.keys, limit: .max)
    for piece in pieces { keys.add(piece.keys) }
    let (lower, upper) = (band.keys.lowerBound, band.keys.upperBound)
    // A guess that was wrong was not far off: the next one is eight times as wide.
    let width = 8 * max(upper - lower, 1 << 36)
    if lower > .absent, removedCount <= belowCount {
      return .band((lower - min(lower, 1 + width))...(lower - 1))
    }
    if removedCount > belowCount + keys.count {
      return .band(upper + 1...min(upper + 1 + width, .greatest))
    }
    if upper == .absent { return .cut(Cut(key: .absent, tieCount: keys.count)) }
    return keys.place(removing: removedCount - belowCount)
  }
}
