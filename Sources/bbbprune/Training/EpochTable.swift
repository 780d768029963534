import BBBReports
import BBBTraining
import Foundation

/// A table that grows by a line with each epoch.
struct EpochTable {
  /// A column of the table, how wide its cells are, and what they show.
  private struct Column {
    var column: TextTable.Column
    var width = 0
    let text: (EpochRecord) -> String
  }

  private let columns: [Column]
  private let layout: TableLayout

  /// Lays the table out.
  ///
  /// - Parameters:
  ///   - likelihood: What decides how errors are shown.
  ///   - hasComplexity: Whether there is a complexity cost.
  ///   - hasValidation: Whether there are validation examples.
  ///   - width: How many characters a line may have.
  init(_ likelihood: Likelihood, hasComplexity: Bool, hasValidation: Bool, width: Int) {
    let isClassification = likelihood.output.isClassification
    func error(_ share: Double?, _ rootMeanSquare: Double?) -> String {
      isClassification ? ErrorText.percent(share) : ErrorText.rootMeanSquare(rootMeanSquare)
    }
    let unit = isClassification ? "error %" : "RMSE"
    var columns = [
      Column(column: .number("epoch")) { "\($0.epoch)" },
      Column(column: .number("likelihood", unit: "nats", omission: 5)) {
        NumberText.fixed($0.likelihoodCost, decimals: 4)
      },
    ]
    if hasComplexity {
      columns += [
        Column(column: .number("complexity", unit: "nats", omission: 4)) {
          NumberText.fixed($0.complexityCost, decimals: 3)
        },
        Column(column: .number("complexity", unit: "bits/weight", omission: 2)) {
          NumberText.fixed($0.bitsPerWeight, decimals: 4)
        },
      ]
    }
    columns.append(
      Column(column: .number("training", unit: unit)) {
        error($0.trainingError, $0.trainingRootMeanSquareError)
      })
    if hasValidation {
      columns.append(
        Column(column: .number("validation", unit: unit)) {
          error($0.validationError, $0.validationRootMeanSquareError)
        })
    }
    columns.append(
      Column(column: .number("learning rate", omission: 1), width: "1.00e-03".count) {
        String(format: "%.2e", $0.learningRate)
      })
    self.columns = columns
    layout = TableLayout(
      columns.map(\.column) + [.number("time", omission: 3), .number("time left")],
      cellWidths: columns.map(\.width) + [Self.timeWidth, Self.timeWidth], width: width)
  }

  /// The lines at the top, and what is left out for want of room.
  var header: String { layout.note(elsewhere: "--csv") + layout.header }

  /// One epoch.
  ///
  /// - Parameters:
  ///   - epoch: The epoch.
  ///   - elapsed: Seconds since the start.
  ///   - left: Seconds that the rest will probably take.
  /// - Returns: A line.
  func row(_ epoch: EpochRecord, elapsed: Double, left: Double) -> String {
    layout.line(
      columns.map { $0.text(epoch) } + [DurationText.short(elapsed), DurationText.short(left)])
  }

  private static let timeWidth = "59 min 59 s".count
}
