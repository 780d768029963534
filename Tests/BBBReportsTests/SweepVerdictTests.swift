import BBBEvaluation
import EvaluationSamples
import Testing

@testable import BBBReports

struct SweepVerdictTests {
  private func verdict(_ points: SweepPoint..., tolerance: Double? = nil) -> String {
    var curve = curve(points)
    if let tolerance { curve.tolerance = tolerance }
    return SweepVerdict.sentence(for: curve)
  }

  /// A sweep of two points on few examples, one of which only the unpruned network gets right for each of `lost`.
  private func fewExamples(_ count: Int, lost: Int) -> SweepCurve {
    let unpruned = result(errorsAt: 0..<1, of: count)
    func file(_ sparsity: Double, _ result: ClassificationResult) -> MeasuredFile {
      MeasuredFile(
        sparsity: sparsity, kept: 100, result: .classes(result), unpruned: .classes(unpruned),
        bytes: 100,
        denseByteCount: 400)
    }
    let pruned = result(errorsAt: 0..<(1 + lost), of: count)
    return curve([
      SweepPoint(
        removed: 0, threshold: nil, thresholdDecibels: nil, pruned: file(0, unpruned)),
      SweepPoint(removed: 900, threshold: 1, thresholdDecibels: 0, pruned: file(0.9, pruned)),
    ])
  }

  @Test func `names the largest sparsity up to which no error rises by more than is tolerated`() {
    // Of 8 lost answers the interval ends at 0.16 points, of 100 at 1.21.
    #expect(
      SweepVerdict.sentence(for: usualCurve)
        == "At 95 % sparsity (50,000 weights left) the error is 2.03 %, the unpruned network's 2.00 %:"
        + " with 95 % confidence at most 0.09 points higher (tolerance 0.2), at an NLL of 0.168"
        + " instead of 0.167 nats; the file has 110,000 bytes, 36 times smaller than dense float32."
    )
  }

  @Test func `a point that passes beyond one that fails does not count`() {
    // Of 12 lost answers the interval ends at 0.21 points.
    let sentence = verdict(
      point(sparsity: 0), point(sparsity: 0.5), point(sparsity: 0.6, worse: 12),
      point(sparsity: 0.7, worse: 1))
    #expect(sentence.hasPrefix("At 50 % sparsity"))
  }

  @Test func `tells of the file that an export writes by default, which must pass as well`() {
    #expect(
      SweepVerdict.sentence(for: exportedCurve)
        == "At 50 % sparsity (500,000 weights left) the error is 1.99 %, the unpruned network's 2.00 %:"
        + " with 95 % confidence at most 0.05 points higher (tolerance 0.2), at an NLL of 0.167"
        + " instead of 0.167 nats; the file that 'export' writes by default has 255,000 bytes, 16 times"
        + " smaller than dense float32, and an error of 2.01 % at 75.0 % sparsity.")
    #expect(
      verdict(point(sparsity: 0), point(sparsity: 0.9, exportedWorse: 20)).hasPrefix(
        "No sparsity tried keeps what the unpruned network can: already at 90 % sparsity (100,000"
          + " weights left) the error of the file that 'export' writes by default is 2.20 %"))
  }

  @Test func `the default file of the unpruned network must pass as well`() {
    let unpruned = point(sparsity: 0, exportedWorse: 20)
    let sentence = verdict(unpruned, point(sparsity: 0.5, exportedWorse: 1))
    #expect(
      sentence.hasPrefix(
        "No sparsity tried keeps what the unpruned network can: already at 0 % sparsity (1,000,000"
          + " weights left) the error of the file that 'export' writes by default is 2.20 %"))
    #expect(curve([unpruned, point(sparsity: 0.5)]).recommendation == nil)
    let alone = verdict(unpruned)
    #expect(alone.hasPrefix("Nothing was pruned: the unpruned network's error is 2.00 %; the file"))
    #expect(alone.contains(", but the error of the file that 'export' writes by default is 2.20 %"))
  }

  @Test func `says when the sweep did not reach the limit`() {
    #expect(
      verdict(point(sparsity: 0), point(sparsity: 0.985, worse: 5)).hasPrefix(
        "At 98.5 % sparsity (15,000 weights left), the highest sparsity tried, the error is 2.05 %,"
      ))
  }

  @Test func `says when no pruned point passes, and by how much it may be worse`() {
    #expect(
      verdict(point(sparsity: 0), point(sparsity: 0.5, worse: 12), point(sparsity: 0.6, worse: 1))
        == "No sparsity tried keeps what the unpruned network can: already at 50 % sparsity (500,000"
        + " weights left) the error is 2.12 %, the unpruned network's 2.00 %: with 95 % confidence at"
        + " most 0.21 points higher (tolerance 0.2), at an NLL of 0.169 instead of 0.167 nats.")
  }

  @Test func `what is tolerated can be said`() {
    let points = [point(sparsity: 0), point(sparsity: 0.5, worse: 12)]
    #expect(verdict(points[0], points[1], tolerance: 0.003).hasPrefix("At 50 % sparsity"))
    #expect(verdict(points[0], points[1], tolerance: 0.001).contains("(tolerance 0.1)"))
  }

  @Test func `a network that is surely better is said to be`() {
    let sentence = verdict(point(sparsity: 0), point(sparsity: 0.5, better: 20))
    #expect(
      sentence.contains(
        "the error is 1.80 %, the unpruned network's 2.00 %: with 95 % confidence at least 0.13"
          + " points lower"))
  }

  @Test func `a likelihood that is much worse is no success, however low the error`() {
    var confused = point(sparsity: 0.5, better: 20)
    confused.pruned.scores.nll = 0.5
    confused.pruned.nllIncrease = 0.333
    #expect(
      verdict(point(sparsity: 0), confused)
        == "No sparsity tried keeps what the unpruned network can: already at 50 % sparsity (500,000"
        + " weights left) the NLL is 0.500 nats instead of 0.167, a rise of more than 0.017.")
  }

  @Test func `a likelihood that is not finite is no success`() {
    for value in [Double.infinity, .nan] {
      var broken = point(sparsity: 0.5)
      broken.pruned.scores.nll = value
      broken.pruned.nllIncrease = value
      #expect(verdict(point(sparsity: 0), broken).hasPrefix("No sparsity tried"))
    }
  }

  @Test func `a constant is named and not praised, however low its error`() {
    var constant = point(sparsity: 0.995, better: 20)
    constant.pruned.isConstant = true
    #expect(
      verdict(point(sparsity: 0), constant)
        == "No sparsity tried keeps what the unpruned network can: already at 99.5 % sparsity (5,000"
        + " weights left) the output does not depend on the input any more.")
    let later = verdict(point(sparsity: 0), point(sparsity: 0.5), constant)
    #expect(later.hasPrefix("At 50 % sparsity"))
    #expect(
      later.hasSuffix(" At 99.5 % sparsity the output does not depend on the input any more."))
  }

  @Test func `few examples can show little, which is said`() {
    let same = SweepVerdict.sentence(for: fewExamples(50, lost: 0))
    #expect(
      same.contains(
        "at most 7.13 points higher (tolerance 12, the least rise that 50 examples can show)"))
    // 8 % instead of 2 %: not significant, and no success either.
    let worse = SweepVerdict.sentence(for: fewExamples(50, lost: 3))
    #expect(worse.hasPrefix("No sparsity tried keeps what the unpruned network can"))
    #expect(worse.contains("the error is 8.00 %, the unpruned network's 2.00 %"))
    #expect(worse.contains("at most 16.22 points higher"))
  }

  @Test func `too few examples show nothing`() {
    #expect(
      SweepVerdict.sentence(for: fewExamples(1, lost: 0))
        == "One example is too few to tell any rise of the error from chance; for a tolerance of 0.2"
        + " points, give 3,000 of them.")
    #expect(fewExamples(5, lost: 0).recommendation == nil)
    var strict = fewExamples(50, lost: 0)
    strict.tolerance = 0.002
    #expect(
      SweepVerdict.sentence(for: strict)
        == "50 examples are too few to show that the error rises by no more than 0.2 points"
        + " (--tolerance), even where no answer changes; give at least 1,917 of them, or a larger"
        + " tolerance.")
  }

  @Test func `a single point, unpruned`() {
    #expect(
      verdict(point(sparsity: 0))
        == "Nothing was pruned: the unpruned network's error is 2.00 %; the file has 2,010,000 bytes,"
        + " 2.0 times smaller than dense float32.")
  }

  @Test func `a single point, pruned, is compared all the same`() {
    #expect(
      verdict(point(sparsity: 0.9, worse: 1)).hasPrefix(
        "At 90 % sparsity (100,000 weights left), the highest sparsity tried, the error is 2.01 %,"
          + " the unpruned network's 2.00 %"))
  }

  @Test func `a file that is larger than the dense network is called larger`() {
    var tiny = point(sparsity: 0.5)
    tiny.pruned.ratio = 0.3
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
