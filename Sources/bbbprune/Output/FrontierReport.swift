import BBBEvaluation

/// What `export --max-error-increase` tells of its search.
struct FrontierReport: Encodable {
  struct Point: Encodable {
    var sparsityAsked: Double
    var sparsity: Double
    var precision: Double
    var weights: Int
    var bytes: Int
    var errors: Int

    enum CodingKeys: String, CodingKey {
      case sparsityAsked = "sparsity_asked"
      case sparsity, precision, weights, bytes, errors
    }

    init(_ point: FrontierPoint) {
      sparsityAsked = point.sparsityAsked
      sparsity = point.sparsity
      precision = point.precision.natsPerWeight
      weights = point.weights
      bytes = point.bytes
      errors = point.errors
    }
  }

  struct Part: Encodable {
    var images: Int
    var unprunedErrors: Int
    var errors: Int?

    enum CodingKeys: String, CodingKey {
      case images
      case unprunedErrors = "unpruned_errors"
      case errors
    }
  }

  var points: [Point]
  var chosen: Point?
  var errorLimit: Int
  var searched: Part
  var heldOut: Part

  enum CodingKeys: String, CodingKey {
    case points, chosen
    case errorLimit = "error_limit"
    case searched
    case heldOut = "held_out"
  }

  init(_ frontier: Frontier) {
    points = frontier.points.map(Point.init)
    chosen = frontier.chosen.map(Point.init)
    errorLimit = frontier.errorLimit
    searched = Part(
      images: frontier.searchedUnpruned.count, unprunedErrors: frontier.searchedUnpruned.errors,
      errors: frontier.chosen?.errors)
    heldOut = Part(
      images: frontier.heldOutUnpruned.count, unprunedErrors: frontier.heldOutUnpruned.errors,
      errors: frontier.heldOut?.errors)
  }

  /// The files of which none searched is both smaller and no worse, and why one was chosen.
  static func text(_ frontier: Frontier, points: Double) -> String {
    let count = frontier.searchedUnpruned.count
    var table = TextTable([
      .number("asked", unit: "%"), .number("reached", unit: "%"),
      .number("precision", unit: "nats/weight"),
      .number("weights", unit: "left"), .number("file", unit: "bytes"), .number("error", unit: "%"),
      .text(""),
    ])
    for point in frontier.efficientPoints {
      let isChosen =
        point.bytes == frontier.chosen?.bytes && point.errors == frontier.chosen?.errors
      table.append([
        NumberText.trimmed(point.sparsityAsked * 100),
        NumberText.fixed(point.sparsity * 100, decimals: 2),
        NumberText.trimmed(point.precision.natsPerWeight), NumberText.grouped(point.weights),
        NumberText.grouped(point.bytes), percent(point.errors, of: count),
        isChosen ? "◀ chosen" : "",
      ])
    }
    return table.text + "\n" + verdict(frontier, points: points) + "\n\n"
  }

  private static func verdict(_ frontier: Frontier, points: Double) -> String {
    let searched = frontier.searchedUnpruned
    let reason =
      "Chosen of \(frontier.points.count), tried on \(NumberText.grouped(searched.count)) examples: the "
      + "smallest with an error of at most "
      + "\(percent(min(frontier.errorLimit, searched.count), of: searched.count)) %, the unpruned network's "
      + "\(percent(searched.errors, of: searched.count)) % and \(NumberText.trimmed(points)) points"
      + again(frontier) + "."
    guard let heldOut = frontier.heldOut else { return reason }
    let interval = heldOut.errorInterval
    let unpruned = frontier.heldOutUnpruned
    return reason + "\n"
      + "On the \(NumberText.grouped(heldOut.count)) examples held out its error is "
      + "\(percent(heldOut.errors, of: heldOut.count)) % (95 % interval "
      + "\(NumberText.fixed(interval.low * 100, decimals: 2))–"
      + "\(NumberText.fixed(interval.high * 100, decimals: 2)) %), the unpruned network's "
      + "\(percent(unpruned.errors, of: unpruned.count)) %."
  }

  /// How to write the file chosen without a search.
  private static func again(_ frontier: Frontier) -> String {
    guard let chosen = frontier.chosen else { return "" }
    return " (the same without a search: --sparsity \(chosen.sparsityAsked) --precision "
      + "\(chosen.precision.natsPerWeight))"
  }

  static func nothingFound(_ frontier: Frontier, points: Double) -> String {
    let count = frontier.searchedUnpruned.count
    let best = frontier.points.min { $0.errors < $1.errors }?.errors ?? 0
    return
      "no file (\(frontier.points.count) tried) stays within \(NumberText.trimmed(points)) points of the "
      + "unpruned network's \(percent(frontier.searchedUnpruned.errors, of: count)) %, the best has "
      + "\(percent(best, of: count)) %; allow more, or lower '--sparsity' or '--precision'"
  }

  private static func percent(_ errors: Int, of count: Int) -> String {
    NumberText.fixed(Double(errors) / Double(count) * 100, decimals: 2)
  }
}
