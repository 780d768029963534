import BBBReports
import Testing

struct TerminalPlotTests {
  @Test func `draws a curve that rises at high sparsity`() {
    let steep = curve([
      point(sparsity: 0), point(sparsity: 0.9), point(sparsity: 0.99, worse: 1800),
    ])
    #expect(
      TerminalPlot.render([steep], width: 50, height: 7) == """
        error, % (logarithmic scale)
             20 +                                     .o
                |                                  ...
             10 +                               ...
                |                           ....
              5 +                        ...
                |                     ...
              2 +o..................o.
                ++----------+-------+------------------+
                 0         75      90                 99
                 sparsity, % (widening to 100)
          o  signal-to-noise ratio

        """)
  }

  @Test(arguments: [10, 40, 60, 80, 100, 200])
  func `keeps to its width, in ASCII, with one marker for each point`(width: Int) {
    let points = [0, 0.5, 0.9, 0.99].map { point(sparsity: $0, worse: Int($0 * 1000)) }
    let text = TerminalPlot.render([curve(points)], width: width)
    #expect(text.allSatisfy { $0.isASCII })
    let plot = text.split(separator: "\n").dropLast()
    #expect(plot.allSatisfy { $0.count <= max(width, 40) })
    #expect(plot.dropFirst().joined().count { $0 == "o" } == 4 + 1)
  }

  @Test func `names every curve, and where markers coincide`() {
    let text = TerminalPlot.render([
      curve([point(sparsity: 0), point(sparsity: 0.9, worse: 500)], criterion: "first"),
      curve([point(sparsity: 0), point(sparsity: 0.9, worse: 50)], criterion: "second"),
    ])
    #expect(text.hasSuffix("  o  first\n  x  second\n  &  several of them\n"))
    let picture = text.split(separator: "\n").prefix(18).joined()
    #expect(picture.count { $0 == "&" } == 1)
  }

  @Test func `names the checkpoint where curves differ in it`() {
    let text = TerminalPlot.render([
      curve([point(sparsity: 0)], checkpoint: "a.pt"),
      curve([point(sparsity: 0)], checkpoint: "b.pt"),
    ])
    #expect(text.contains("o  signal-to-noise ratio, a.pt\n"))
    #expect(text.contains("x  signal-to-noise ratio, b.pt\n"))
  }

  @Test func `says when there is nothing to plot`() {
    #expect(TerminalPlot.render([]) == "There are no points to plot.\n")
    #expect(TerminalPlot.render([curve([])]) == "There are no points to plot.\n")
  }

  @Test func `an error of 0 is on the ground`() throws {
    let text = TerminalPlot.render([
      curve([point(sparsity: 0, better: 200), point(sparsity: 0.9, better: 200)])
    ])
    let ground = try #require(text.split(separator: "\n").first { $0.hasPrefix("      0 +") })
    #expect(ground.count { $0 == "o" } == 2)
  }
}
