import BBBNetwork
import BBBTensors

/// What a network takes, and where files have their channels: how examples are brought into the order of its inputs.
public struct InputForm: Hashable, Sendable {
  /// The extents of one example's input, as the network takes it.
  public let extents: [Int]
  /// Where the network has its channels; `nil` for a row, or a table that it does not read as channels.
  let networkLayout: InputLayout?
  /// Where files have theirs; `nil` for where they fit.
  public var layout: InputLayout?

  /// The form of a network's examples.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - layout: Where files have their channels, if the user says so.
  public init(of network: Network, layout: InputLayout? = nil) {
    extents = network.input.extents
    networkLayout = InputLayout(of: network)
    self.layout = layout
  }

  /// The number of inputs.
  var inputCount: Int { extents.reduce(1, *) }

  /// How examples of a shape become inputs.
  ///
  /// - Parameters:
  ///   - shape: The extents of one example, of as many elements as the network takes.
  ///   - path: Where they come from, for messages.
  /// - Returns: Which axis of an example comes first, second, and so on; `nil` if they stay in their order.
  /// - Throws: ``DatasetError`` if the shape does not fit, or fits in two ways.
  func order(ofExamples shape: [Int], path: String) throws(DatasetError) -> [Int]? {
    let axes = Self.significant(shape)
    guard axes.count > 1 else {
      guard layout == .channelsLast, shape.count == 1, Self.significant(extents).count > 1 else {
        return nil
      }
      throw DatasetError(
        .mismatched, path: path,
        "holds examples in rows of \(shapeText(shape)) numbers, which have no axis of channels that could come last;"
          + " save them with their shape, or leave out '--input-layout'")
    }
    // A row is what flattening gives: channel by channel, of whatever shape the file is.
    guard Self.significant(extents).count > 1 else {
      return layout == .channelsLast && shape.count > 2 ? Self.lastToFront(shape.count) : nil
    }
    let moved =
      networkLayout == .channelsLast
      ? Self.firstToEnd(shape.count) : Self.lastToFront(shape.count)
    let staysAsItIs = axes == Self.significant(extents)
    let fitsMoved = shape.count == extents.count && moved.map { shape[$0] } == extents
    if let layout {
      let stays = layout == networkLayout ?? .channelsFirst
      guard stays ? staysAsItIs : fitsMoved else { throw misfit(shape, path) }
      return stays ? nil : moved
    }
    switch (staysAsItIs, fitsMoved) {
    case (true, false): return nil
    case (false, true): return moved
    case (false, false): throw misfit(shape, path)
    case (true, true):
      // A single channel is the same wherever it stands.
      let channels = networkLayout == .channelsLast ? shape.first : shape.last
      guard networkLayout != nil, channels != 1 else { return nil }
      throw DatasetError(
        .mismatched, path: path,
        "holds examples of \(shapeText(shape)) numbers, whose channels may be the first or the last; say which with"
          + " '--input-layout channels-first' or '--input-layout channels-last'")
    }
  }

  private func misfit(_ shape: [Int], _ path: String) -> DatasetError {
    let said = layout.map { " with the \($0.rawValue.replacing("-", with: " "))" } ?? ""
    let place =
      networkLayout.map { ", the \($0.rawValue.replacing("-", with: " "))" } ?? ""
    return DatasetError(
      .mismatched, path: path,
      "holds examples of \(shapeText(shape)) numbers\(said), but the network takes \(shapeText(extents))\(place);"
        + " give examples of that shape")
  }

  /// The extents that order elements: those above 1.
  private static func significant(_ extents: [Int]) -> [Int] { extents.filter { $0 != 1 } }

  private static func lastToFront(_ rank: Int) -> [Int] { [rank - 1] + Array(0..<rank - 1) }

  private static func firstToEnd(_ rank: Int) -> [Int] { Array(1..<rank) + [0] }
}

extension InputLayout {
  /// Where a network has the channels of its input: first, unless the first thing it does is to move the last axis there.
  ///
  /// It has no layout if it is a row, or a table that no window slides over: steps and features of a sequence are what they are.
  ///
  /// - Parameter network: The network.
  init?(of network: Network) {
    let rank = network.input.extents.count
    guard rank > 1 else { return nil }
    let readers = network.nodes.filter { $0.inputs.contains(.input) }.map(\.operation)
    let movesLast = readers.allSatisfy { operation in
      guard case .transpose(let transpose) = operation else { return false }
      return transpose.order == [rank - 1] + Array(0..<rank - 1)
    }
    if movesLast, !readers.isEmpty, rank > 2 {
      self = .channelsLast
      return
    }
    let slides = readers.contains { operation in
      switch operation {
      case .matrix(let matrix): matrix.window != nil
      case .pool: true
      default: false
      }
    }
    guard rank > 2 || slides else { return nil }
    self = .channelsFirst
  }
}
