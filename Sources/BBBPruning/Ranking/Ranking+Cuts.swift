import BBBPosterior

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
      ? RankSample(self, part).bands(
        removing: removedCounts.map { Double($0) / Double(part.count) })
      : removedCounts.map { _ in .absent ... .greatest }
    return zip(removedCounts, guesses).map { count, guess in
      // One that removes nothing needs no guess.
      CutSearch(
        part: part, removedCount: count, band: KeyBand(count == 0 ? .absent ... .absent : guess))
    }
  }

  /// More passes than weights that stay the same can take: each widens a band eightfold or narrows it 4096-fold.
  private static let mostPasses = 64

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
    var passCount = 0
    while !pending.isEmpty {
      passCount += 1
      guard passCount <= Self.mostPasses else {
        throw PosteriorError(
          .unreadable, path: tensors.first?.mean.path ?? "",
          "the weights changed while they were ranked; wait until nothing writes the file, and try again"
        )
      }
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
