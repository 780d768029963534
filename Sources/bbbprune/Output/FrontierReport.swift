import BBBEvaluation
import BBBReports

/// What `export --max-error-increase` tells of its search.
struct FrontierReport: Encodable {
  struct Point: Encodable {
    var sparsityAsked: Double
    var sparsity: Double
    /// In nats per weight; `nil` if the values are floats.
    var precision: Double?
    /// The type of the values, if they are floats.
    var values: String?
    var weights: Int
    var bytes: Int
    /// Wrong answers; `nil` of numbers.
    var errors: Int?
    /// The root mean squared error; `nil` of classes.
    var rmse: Double?
    /// Whether the outputs do not depend on the inputs: such a file is never chosen.
    var constant: Bool

    enum CodingKeys: String, CodingKey {
      case sparsityAsked = "sparsity_asked"
      case sparsity, precision, values, weights, bytes, errors, rmse, constant
    }

    /// Takes a point.
    ///
    /// - Parameters:
    ///   - point: What was measured.
    ///   - unpruned: The unpruned network on the same examples.
    init(_ point: FrontierPoint, besides unpruned: EvaluationResult) {
      sparsityAsked = point.sparsityAsked
      sparsity = point.sparsity
      precision = point.storage.precision?.natsPerWeight
      values = point.storage.encoding?.rawValue
      weights = point.weights
      bytes = point.bytes
      errors = unpruned.errorCount(of: point.error)
      rmse = unpruned.numbers == nil ? nil : point.error.finite
      constant = point.isConstant
    }
  }

  struct Part: Encodable {
    var images: Int
    var unprunedErrors: Int?
    var errors: Int?
    var unprunedRMSE: Double?
    var rmse: Double?
    /// The upper end of the 95 % interval of the rise of the error, where that is what the examples are for.
    var highestRise: Double?
    /// The least rise of an error rate that so many examples could show.
    var leastRise: Double?
    /// Whether they show that the error rises by no more than is allowed.
    var holdsAllowance: Bool?

    enum CodingKeys: String, CodingKey {
      case images
      case highestRise = "highest_rise"
      case leastRise = "least_rise"
      case holdsAllowance = "holds_allowance"
      case unprunedErrors = "unpruned_errors"
      case errors
      case unprunedRMSE = "unpruned_rmse"
      case rmse
    }

    /// Takes the errors on some examples.
    ///
    /// - Parameters:
    ///   - unpruned: The unpruned network.
    ///   - error: The error of the file chosen, if any was.
    ///   - evidence: What they show of the rise of the error, if that is what they are for.
    init(_ unpruned: EvaluationResult, _ error: Double?, _ evidence: HoldoutEvidence? = nil) {
      highestRise = evidence?.increase.high.finite
      leastRise = evidence?.leastRise
      holdsAllowance = evidence?.holdsAllowance
      images = unpruned.count
      if unpruned.numbers == nil {
        unprunedErrors = unpruned.errorCount(of: unpruned.error)
        errors = error.flatMap(unpruned.errorCount)
      } else {
        unprunedRMSE = unpruned.error.finite
        rmse = error?.finite
      }
    }
  }

  var points: [Point]
  var chosen: Point?
  var errorLimit: Int?
  var rmseLimit: Double?
  var searched: Part
  var heldOut: Part

  enum CodingKeys: String, CodingKey {
    case points, chosen
    case errorLimit = "error_limit"
    case rmseLimit = "rmse_limit"
    case searched
    case heldOut = "held_out"
  }

  init(_ frontier: Frontier) {
    let unpruned = frontier.searchedUnpruned
    points = frontier.points.map { Point($0, besides: unpruned) }
    chosen = frontier.chosen.map { Point($0, besides: unpruned) }
    errorLimit = unpruned.errorCount(of: frontier.errorLimit)
    rmseLimit = unpruned.numbers == nil ? nil : frontier.errorLimit.finite
    searched = Part(unpruned, frontier.chosen?.error)
    heldOut = Part(
      frontier.heldOutUnpruned, frontier.heldOut?.error, frontier.heldOutEvidence)
  }

  /// The files of which none searched is both smaller and no worse, and why one was chosen.
  ///
  /// - Parameters:
  ///   - frontier: What was found.
  ///   - points: By how much the error may rise, in percentage points, or per cent of numbers' errors.
  ///   - width: How many characters a row of a table may have.
  /// - Returns: Lines of plain text.
  static func text(_ frontier: Frontier, points: Double, width: Int) -> String {
    let isNumeric = frontier.searchedUnpruned.numbers != nil
    var table = TextTable([
      .number("asked", unit: "%", omission: 2), .number("reached", unit: "%"),
      .number("precision", unit: "nats/weight", omission: 3),
      .number("weights", unit: "left", omission: 1), .number("file", unit: "bytes"),
      isNumeric ? .number("RMSE") : .number("error", unit: "%"), .text(""),
    ])
    for point in frontier.efficientPoints {
      let isChosen =
        point.bytes == frontier.chosen?.bytes && point.error == frontier.chosen?.error
      table.append([
        NumberText.trimmed(point.sparsityAsked * 100),
        NumberText.fixed(point.sparsity * 100, decimals: 2),
        precision(of: point), NumberText.grouped(point.weights),
        NumberText.grouped(point.bytes), number(point.error, isNumeric),
        isChosen ? "◀ chosen" : "",
      ])
    }
    return table.text(width: width, elsewhere: "--json") + "\n" + verdict(frontier, points: points)
      + "\n\n"
  }

  private static func verdict(_ frontier: Frontier, points: Double) -> String {
    let searched = frontier.searchedUnpruned
    let isNumeric = searched.numbers != nil
    let limit = isNumeric ? frontier.errorLimit : min(frontier.errorLimit, 1)
    let reason =
      "Chosen of \(frontier.points.count), tried on \(NumberText.grouped(searched.count)) examples: the "
      + "smallest with an \(noun(searched)) of at most \(text(limit, isNumeric)), the unpruned network's "
      + "\(text(searched.error, isNumeric)) and \(allowance(points, isNumeric))" + again(frontier)
      + "."
    guard let heldOut = frontier.heldOut else { return reason }
    let interval = heldOut.errorInterval
    return reason + "\n"
      + "On the \(NumberText.grouped(heldOut.count)) examples held out its \(noun(heldOut)) is "
      + "\(text(heldOut.error, isNumeric)) (95 % interval "
      + "\(number(interval.low, isNumeric))–\(text(interval.high, isNumeric))), the unpruned network's "
      + "\(text(frontier.heldOutUnpruned.error, isNumeric))"
      + (frontier.heldOutEvidence.map { evidence($0, heldOut.count, points, isNumeric) } ?? ".")
  }

  /// What the examples held out show of the rise of the error, and what they could show.
  private static func evidence(
    _ evidence: HoldoutEvidence, _ count: Int, _ points: Double, _ isNumeric: Bool
  ) -> String {
    func distance(_ fraction: Double) -> String {
      fraction.isInfinite
        ? "any number of %"
        : NumberText.fixed(fraction * 100, decimals: 2) + (isNumeric ? " %" : " points")
    }
    let rise = max(evidence.increase.high, 0)
    var text =
      ": with 95 % confidence at most \(distance(rise)) higher, "
      + "\(allowance(points, isNumeric)) allowed."
    guard !isNumeric, !evidence.holdsAllowance else { return text }
    text += " So few examples can show "
    text += evidence.leastRise.map { "no rise below \(distance($0))" } ?? "no rise at all"
    if let needed = evidence.fewestExamples, needed > count {
      text +=
        ", and not that it is no more than \(allowance(points, isNumeric)): that takes at least "
        + "\(NumberText.grouped(needed)) held out"
    }
    return text + "."
  }

  /// How to write the file chosen without a search.
  private static func again(_ frontier: Frontier) -> String {
    guard let chosen = frontier.chosen else { return "" }
    let storage =
      chosen.storage.precision.map { "--precision \($0.natsPerWeight)" }
      ?? chosen.storage.encoding.map { "--values \($0.rawValue)" } ?? ""
    return " (the same without a search: --sparsity \(chosen.sparsityAsked) \(storage))"
  }

  private static func precision(of point: FrontierPoint) -> String {
    point.storage.precision.map { NumberText.significant($0.natsPerWeight, digits: 3) }
      ?? point.storage.encoding?.rawValue ?? ""
  }

  /// Why the file chosen is not written: the examples held out contradict the choice.
  static func contradiction(_ frontier: Frontier, points: Double) -> String {
    let unpruned = frontier.heldOutUnpruned
    let isNumeric = unpruned.numbers != nil
    return
      "no file is written: the best one's \(noun(unpruned)) is \(text(frontier.heldOut?.error, isNumeric)) on the "
      + "\(NumberText.grouped(unpruned.count)) examples held out, the unpruned network's "
      + "\(text(unpruned.error, isNumeric)), which is more than the "
      + "\(allowance(points, isNumeric)) allowed; give more examples, or say '--sparsity' yourself"
  }

  static func nothingFound(_ frontier: Frontier, points: Double) -> String {
    let unpruned = frontier.searchedUnpruned
    let isNumeric = unpruned.numbers != nil
    if frontier.points.contains(where: { $0.isConstant && $0.error <= frontier.errorLimit }) {
      return
        "no file (\(frontier.points.count) tried) stays within \(allowance(points, isNumeric)) of the "
        + "unpruned network's \(text(unpruned.error, isNumeric)) but such whose output does not depend on the "
        + "input; check that '--activation', '--input-scale' and the inputs are those of its training"
    }
    return
      "no file (\(frontier.points.count) tried) stays within \(allowance(points, isNumeric)) of the "
      + "unpruned network's \(text(unpruned.error, isNumeric)), the best has "
      + "\(text(frontier.points.map(\.error).min(), isNumeric)); allow more, or lower '--sparsity' or '--precision' "
      + "where they were given"
  }

  /// What an error is called.
  private static func noun(_ result: EvaluationResult) -> String {
    result.numbers == nil ? "error" : "RMSE"
  }

  /// By how much an error may rise.
  private static func allowance(_ points: Double, _ isNumeric: Bool) -> String {
    NumberText.trimmed(points) + (isNumeric ? " %" : " points")
  }

  /// An error rate in per cent, or a root mean squared error, without its unit.
  private static func number(_ error: Double?, _ isNumeric: Bool) -> String {
    isNumeric
      ? NumberText.significant(error, digits: 4)
      : NumberText.fixed(error.map { $0 * 100 }, decimals: 2)
  }

  /// The same with its unit.
  private static func text(_ error: Double?, _ isNumeric: Bool) -> String {
    number(error, isNumeric) + (isNumeric ? "" : " %")
  }
}

extension EvaluationResult {
  /// The number of wrong answers that an error rate on these examples stands for; `nil` of numbers.
  fileprivate func errorCount(of error: Double) -> Int? {
    guard classes != nil, let rate = error.finite else { return nil }
    return Int((rate * Double(count)).rounded())
  }
}
