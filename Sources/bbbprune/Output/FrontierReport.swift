import BBBEvaluation

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
    var errors: Int

    enum CodingKeys: String, CodingKey {
      case sparsityAsked = "sparsity_asked"
      case sparsity, precision, values, weights, bytes, errors
    }

    init(_ point: FrontierPoint) {
      sparsityAsked = point.sparsityAsked
      sparsity = point.sparsity
      precision = point.storage.precision?.natsPerWeight
      values = point.storage.encoding?.rawValue
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
        precision(of: point), NumberText.grouped(point.weights),
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
    let storage =
      chosen.storage.precision.map { "--precision \($0.natsPerWeight)" }
      ?? chosen.storage.encoding.map { "--values \($0.rawValue)" } ?? ""
    return " (the same without a search: --sparsity \(chosen.sparsityAsked) \(storage))"
  }

  private static func precision(of point: FrontierPoint) -> String {
    point.storage.precision.map { NumberText.trimmed($0.natsPerWeight) }
      ?? point.storage.encoding?.rawValue ?? ""
  }

  /// Why the file chosen is not written: the examples held out contradict the choice.
  static func contradiction(_ frontier: Frontier, points: Double) -> String {
    let (unpruned, heldOut) = (frontier.heldOutUnpruned, frontier.heldOut)
    return
      "no file is written: the best one has \(percent(heldOut?.errors ?? 0, of: unpruned.count)) % errors on the "
      + "\(NumberText.grouped(unpruned.count)) examples held out, the unpruned network "
      + "\(percent(unpruned.errors, of: unpruned.count)) %, which is more than the "
      + "\(NumberText.trimmed(points)) points allowed; give more examples, or say '--sparsity' yourself"
  }

  static func nothingFound(_ frontier: Frontier, points: Double) -> String {
    let count = frontier.searchedUnpruned.count
    let best = frontier.points.min { $0.errors < $1.errors }?.errors ?? 0
    return
      "no file (\(frontier.points.count) tried) stays within \(NumberText.trimmed(points)) points of the "
      + "unpruned network's \(percent(frontier.searchedUnpruned.errors, of: count)) %, the best has "
      + "\(percent(best, of: count)) %; allow more, or lower '--sparsity' or '--precision' where they were given"
  }

  private static func percent(_ errors: Int, of count: Int) -> String {
    NumberText.fixed(Double(errors) / Double(count) * 100, decimals: 2)
  }
}
