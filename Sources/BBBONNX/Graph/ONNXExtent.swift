/// The extent of a value along an axis, or an element of a shape: a number, or a multiple of the
/// number of examples, which is not known before the network runs.
public enum ONNXExtent: Hashable, Sendable {
  /// A number.
  case number(Int)
  /// So many times the number of examples; never 0.
  case batches(Int)

  /// The number of examples.
  public static let batch = ONNXExtent.batches(1)

  /// The number; `nil` if it depends on the number of examples.
  public var number: Int? {
    if case .number(let number) = self { number } else { nil }
  }

  /// Whether it depends on the number of examples.
  public var isBatch: Bool { number == nil }

  /// What it is for one number of examples; `nil` if it does not fit.
  func value(batch: Int) -> Int? {
    switch self {
    case .number(let number): return number
    case .batches(let multiple):
      let (product, overflow) = multiple.multipliedReportingOverflow(by: batch)
      return overflow ? nil : product
    }
  }
}

extension ONNXExtent: CustomStringConvertible {
  /// The number, or `batch`, or such as `8·batch`.
  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .batches(let multiple): multiple == 1 ? "batch" : "\(multiple)·batch"
    }
  }
}

extension [ONNXExtent] {
  /// The numbers; `nil` if one depends on the number of examples.
  var numbers: [Int]? {
    let numbers = compactMap(\.number)
    return numbers.count == count ? numbers : nil
  }

  /// The number of elements; `nil` if it does not fit, or has the number of examples in it twice.
  var product: ONNXExtent? {
    var product = ONNXExtent.number(1)
    for extent in self {
      guard let next = product.multiplied(by: extent) else { return nil }
      product = next
    }
    return product
  }

  /// The axes whose extent depends on the number of examples.
  var batchAxes: [Int] { indices.filter { self[$0].isBatch } }

  /// The extents with × between, for messages.
  var text: String {
    isEmpty ? "scalar" : map(\.description).joined(separator: "×")
  }
}
