import BBBEvaluation
import Testing

@testable import BBBReports

/// How reports show predictions made in several ways.
struct UncertaintyTableTests {
  private var compared: SweepCurve {
    var curve = monteCarloCurve
    curve.ood = "noise"
    for index in curve.points.indices {
      curve.points[index].pruned.scores.auroc = 0.75
      curve.points[index].monteCarlo?.auroc = 0.875
      curve.points[index].onePass = curve.points[index].scores
      curve.points[index].onePass?.auroc = 0.9375
    }
    return curve
  }

  @Test func `a curve of one prediction has no table`() {
    #expect(UncertaintyTable.render(usualCurve).isEmpty)
  }

  @Test func `each way of predicting is a row of each sparsity`() {
    let rows = UncertaintyTable.render(compared).split(separator: "\n")
    #expect(rows[0].hasSuffix("AUROC"))
    #expect(rows[2].hasPrefix("       0  posterior mean   2.00") && rows[2].hasSuffix("75.00"))
    #expect(rows[3].contains("Monte Carlo      1.50") && rows[3].hasSuffix("87.50"))
    #expect(rows[4].contains("one pass         2.00") && rows[4].hasSuffix("93.75"))
    #expect(rows[5].hasPrefix("      50  posterior mean"))
    #expect(rows.contains { $0.contains("averaged over 1,000 draws") })
    #expect(rows.contains { $0.contains("entropy of noise is above that of mnist") })
    #expect(rows.allSatisfy { $0.count <= 90 })
  }

  @Test func `without examples of another kind there is no column for them`() {
    let text = UncertaintyTable.render(monteCarloCurve)
    #expect(!text.contains("AUROC") && text.contains("Monte Carlo"))
  }

  @Test func `the picture has a diagram for each measure that was made`() {
    let plain = SweepPlot.render([usualCurve])
    #expect(!plain.contains("NLL, nats") && !plain.contains("AUROC"))
    let monteCarlo = SweepPlot.render([monteCarloCurve])
    #expect(monteCarlo.contains("NLL, nats") && !monteCarlo.contains("AUROC"))
    let all = SweepPlot.render([compared])
    for title in ["NLL, nats", "ECE, %", "Brier score", "1 − AUROC, %", "file size", "one pass"] {
      #expect(all.contains(title))
    }
  }

  @Test func `files have the columns of every prediction`() {
    let names = SweepColumn.columns(for: compared.points).map(\.name)
    for prefix in ["", "mc_", "one_pass_"] {
      for name in ["errors", "error", "nll", "ece", "brier", "aurc", "auroc"] {
        #expect(names.contains(prefix + name))
      }
    }
    #expect(Set(names).count == names.count)
  }
}
