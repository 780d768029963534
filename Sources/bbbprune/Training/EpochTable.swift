import BBBReports
import BBBTraining
import Foundation

/// A table that grows by a line with each epoch.
struct EpochTable {
  private struct Column {
    let header: String
    let unit: String
    let text: (EpochRecord) -> String

    var width: Int { max(header.count, unit.count) }
  }

  private let columns: [Column]

  /// - Parameters:
  ///   - likelihood: What decides how errors are shown.
  ///   - hasComplexity: Whether there is a complexity cost.
  ///   - hasValidation: Whether there are validation examples.
  init(_ likelihood: Likelihood, hasComplexity: Bool, hasValidation: Bool) {
    let isClassification = likelihood.output.isClassification
    func error(_ share: Double?, _ rootMeanSquare: Double?) -> String {
      isClassification ? ErrorText.percent(share) : ErrorText.rootMeanSquare(rootMeanSquare)
    }
    let unit = isClassification ? "error %" : "RMSE"
    var columns = [
      Column(header: "epoch", unit: "") { "\($0.epoch)" },
      Column(header: "likelihood cost", unit: "nats/example") {
        NumberText.fixed($0.likelihoodCost, decimals: 4)
      },
    ]
    if hasComplexity {
      columns += [
        Column(header: "complexity cost", unit: "nats/example") {
          NumberText.fixed($0.complexityCost, decimals: 3)
        },
        Column(header: "the same in", unit: "bits/weight") {
          NumberText.fixed($0.bitsPerWeight, decimals: 4)
        },
      ]
    }
    columns.append(
      Column(header: "training", unit: unit) {
        error($0.trainingError, $0.trainingRootMeanSquareError)
      })
    if hasValidation {
      columns.append(
        Column(header: "validation", unit: unit) {
          error($0.validationError, $0.validationRootMeanSquareError)
        })
    }
    columns.append(
      Column(header: "learning", unit: "rate") { String(format: "%.2e", $0.learningRate) })
    self.columns = columns
  }

  /// The two lines at the top.
  var header: String {
    line(columns.map(\.header), "time", "time left") + line(columns.map(\.unit), "", "")
  }

  /// One epoch.
  ///
  /// - Parameters:
  ///   - epoch: The epoch.
  ///   - elapsed: Seconds since the start.
  ///   - left: Seconds that the rest will probably take.
  /// - Returns: A line.
  func row(_ epoch: EpochRecord, elapsed: Double, left: Double) -> String {
    line(columns.map { $0.text(epoch) }, DurationText.short(elapsed), DurationText.short(left))
  }

  private func line(_ cells: [String], _ elapsed: String, _ left: String) -> String {
    var cells = zip(columns, cells).map { padded($1, to: $0.width) }
    cells += [padded(elapsed, to: Self.timeWidth), padded(left, to: Self.timeWidth)]
    let line = cells.joined(separator: "  ")
    return (line.lastIndex { $0 != " " }).map { String(line[...$0]) + "\n" } ?? "\n"
  }

  private static let timeWidth = "59 min 59 s".count

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
