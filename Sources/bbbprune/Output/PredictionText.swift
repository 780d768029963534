import BBBNetwork
import BBBReports

/// Predictions as lines for people, with tabs between, and as CSV for spreadsheets.
enum PredictionText {
  /// Lines for people: of classes the most probable one, of numbers each target, of raw outputs all.
  ///
  /// - Parameters:
  ///   - predictions: What is predicted.
  ///   - output: What the network's outputs are; `nil` for raw ones.
  ///   - knowsWeights: Whether the weights' uncertainty was taken into account.
  /// - Returns: A header, and a line for each input, or of several targets for each of them.
  static func lines(
    _ predictions: PredictionArrays, output: OutputMeaning?, knowsWeights: Bool
  ) -> String {
    let table =
      switch output {
      case nil: rawLines(predictions)
      case .numbers, .meanAndLogVariance: numberLines(predictions)
      case .classes, .binary:
        classLines(predictions, isBinary: output == .binary, knowsWeights: knowsWeights)
      }
    return table.map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private static func classLines(
    _ predictions: PredictionArrays, isBinary: Bool, knowsWeights: Bool
  ) -> [[String]] {
    let measures =
      [("entropy", "entropy")]
      + (knowsWeights
        ? [("aleatoric", "aleatoric"), ("mutual_information", "mutual information")] : [])
    let header =
      ["input", "class", "probability"] + (isBinary ? ["probability of 1"] : [])
      + measures.map(\.1)
    func number(_ value: Double?) -> String { NumberText.fixed(value?.finite, decimals: 4) }
    return [header]
      + (0..<predictions.count).map { index in
        let best = predictions["class"]?.row(index).first.map { Int($0) } ?? -1
        let row = predictions.main.row(index)
        let probability = best < 0 ? nil : row[row.startIndex + best]
        return ["\(index)", "\(best)", number(probability)] + (isBinary ? [number(row.last)] : [])
          + measures.map { number(predictions[$0.0]?.row(index).first) }
      }
  }

  private static func numberLines(_ predictions: PredictionArrays) -> [[String]] {
    let width = predictions.main.width ?? 1
    let titles = [
      "mean": "mean", "weight_deviation": "deviation from weights", "deviation": "deviation",
      "low": "95 % from", "high": "to",
    ]
    let header =
      ["input"] + (width > 1 ? ["target"] : [])
      + predictions.columns.compactMap { titles[$0.name] }
    return [header]
      + (0..<predictions.count).flatMap { index in
        (0..<width).map { target in
          ["\(index)"] + (width > 1 ? ["\(target)"] : [])
            + predictions.columns.map { column in
              let row = column.row(index)
              return NumberText.significant(row[row.startIndex + target])
            }
        }
      }
  }

  private static func rawLines(_ predictions: PredictionArrays) -> [[String]] {
    let titles = ["outputs": "output", "weight_deviation": "deviation"]
    let header =
      ["input"]
      + predictions.columns.flatMap { column in
        (0..<(column.width ?? 1)).map { "\(titles[column.name] ?? column.name) \($0)" }
      }
    return [header]
      + (0..<predictions.count).map { index in
        ["\(index)"]
          + predictions.columns.flatMap { $0.row(index).map { NumberText.significant($0) } }
      }
  }

  /// A table with a header and every output, in single precision; nothing stands where a number is not finite.
  ///
  /// - Parameter predictions: What is predicted.
  /// - Returns: The lines of a CSV file.
  static func csv(_ predictions: PredictionArrays) -> String {
    let header =
      ["input"]
      + predictions.columns.flatMap { column in
        (column.width ?? 1) == 1
          ? [column.name] : (0..<(column.width ?? 1)).map { "\(column.name)_\($0)" }
      }
    let rows = (0..<predictions.count).map { index in
      ["\(index)"]
        + predictions.columns.flatMap { column in
          column.row(index).map { value in
            column.isWhole ? "\(Int(value))" : value.isFinite ? "\(Float(value))" : ""
          }
        }
    }
    return ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
