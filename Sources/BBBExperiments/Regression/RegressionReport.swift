import BBBDatasets
import BBBReports

extension RegressionResult {
  /// A table for the terminal: the widths of both methods' bands.
  ///
  /// - Parameter width: How many characters a row may have, at least 40.
  /// - Returns: Lines of plain text.
  public func table(width: Int = 80) -> String {
    var table = TextTable([
      .name("method"), .number("band", unit: "inside"), .number("band", unit: "outside"),
      .number("ratio", omission: 3), .number("error", unit: "inside", omission: 2),
      .number("error", unit: "outside", omission: 1),
    ])
    for prediction in predictions {
      let band = self.width(of: prediction)
      let numbers = [band.inside, band.outside].map { NumberText.fixed($0, decimals: 4) }
      let errors = [band.errorInside, band.errorOutside]
        .map { NumberText.fixed($0, decimals: 4) }
      table.append(
        [prediction.method.title] + numbers + [
          band.ratio.map(NumberText.ratio) ?? NumberText.missing
        ]
          + errors)
    }
    return table.text(width: width, elsewhere: "regression.json")
  }

  /// The predictions as CSV: place, and each method's median and quartiles.
  public var csv: String {
    let names = predictions.map(\.method.rawValue).map { "\($0)_median,\($0)_lower,\($0)_upper" }
    var lines = ["x,curve," + names.joined(separator: ",")]
    for (place, x) in x.enumerated() {
      let values = predictions.flatMap { prediction in
        let quartiles = prediction.quartiles[place]
        return [quartiles.median, quartiles.lower, quartiles.upper]
      }
      let curve = NoisyCurve.value(at: x, noise: 0)
      let texts = ([curve] + values).map { NumberText.fixed($0, decimals: 6) }
      lines.append(NumberText.fixed(x, decimals: 3) + "," + texts.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension RegressionResult: Encodable {
  private struct Summary: Encodable {
    var method: String
    var bandInside: Double
    var bandOutside: Double
    var ratio: Double?
    var errorInside: Double
    var errorOutside: Double
  }

  private enum Key: CodingKey {
    case methods, settings
  }

  /// Writes settings and widths; the predictions are in ``csv``.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(settings, forKey: .settings)
    let summaries = predictions.map { prediction in
      let width = width(of: prediction)
      return Summary(
        method: prediction.method.rawValue, bandInside: width.inside, bandOutside: width.outside,
        ratio: width.ratio, errorInside: width.errorInside, errorOutside: width.errorOutside)
    }
    try container.encode(summaries, forKey: .methods)
  }
}
