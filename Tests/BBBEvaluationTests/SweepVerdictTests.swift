import BBBEvaluation
import Testing

struct SweepVerdictTests {
  private func verdict(_ points: SweepPoint...) -> String {
    SweepVerdict.sentence(for: curve(points))
  }

  @Test func `names the largest sparsity up to which no point differs significantly`() {
    // 8 : 0 is significant (p = 2/2⁸), so 95 % does not count although it passes again.
    #expect(
      SweepVerdict.sentence(for: usualCurve)
        == "At 50 % sparsity (500,000 weights left) the error is 1.99 %, not significantly"
        + " different from the unpruned network's 2.00 % (exact McNemar test, p = 1.00); the file"
        + " has 1,010,000 bytes, 4.0 times smaller than dense float32.")
  }

  @Test func `says when the sweep did not reach the limit`() {
    #expect(
      verdict(point(sparsity: 0), point(sparsity: 0.985, worse: 5))
        == "At 98.5 % sparsity (15,000 weights left), the highest sparsity tried, the error is"
        + " 2.05 %, not significantly different from the unpruned network's 2.00 % (exact McNemar"
        + " test, p = 0.0625); the file has 40,000 bytes, 100 times smaller than dense float32.")
  }

  @Test func `says when no pruned point passes`() {
    #expect(
      verdict(point(sparsity: 0), point(sparsity: 0.5, worse: 6), point(sparsity: 0.6, worse: 1))
        == "No sparsity tried keeps the unpruned network's error: already at 50 % sparsity (500,000"
        + " weights left) the error is 2.06 %, significantly higher than the unpruned network's"
        + " 2.00 % (exact McNemar test, p = 0.0312).")
  }

  @Test func `a network that is significantly better passes`() {
    let sentence = verdict(point(sparsity: 0), point(sparsity: 0.5, better: 20))
    #expect(sentence.contains("the error is 1.80 %, significantly lower than the unpruned"))
    #expect(sentence.contains("(exact McNemar test, p < 0.001)"))
  }

  @Test func `a single point, unpruned`() {
    #expect(
      verdict(point(sparsity: 0))
        == "Nothing was pruned: the unpruned network's error is 2.00 %, and its file has 2,010,000"
        + " bytes, 2.0 times smaller than dense float32.")
  }

  @Test func `a single point, pruned`() {
    #expect(
      verdict(point(sparsity: 0.9, worse: 1)).hasPrefix(
        "At 90 % sparsity (100,000 weights left), the highest sparsity tried, the error is 2.01 %,"
          + " not significantly different from the unpruned network's (exact McNemar test"))
  }

  @Test func `a file that is larger than the dense network is called larger`() {
    var tiny = point(sparsity: 0.5)
    tiny.ratio = 0.3
    #expect(
      verdict(tiny).hasSuffix("the file has 1,010,000 bytes, 3.3 times larger than dense float32."))
  }

  @Test func `no points`() {
    #expect(verdict() == "The sweep has no points.")
  }

  @Test func `the order of the points does not matter`() {
    let reversed = curve(usualCurve.points.reversed())
    #expect(SweepVerdict.sentence(for: reversed) == SweepVerdict.sentence(for: usualCurve))
  }
}
