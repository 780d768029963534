/// Arithmetic that is exact for any number of examples; `nil` where the result is not of the form of
/// an extent, or does not fit.
extension ONNXExtent {
  /// A multiple of the number of examples, or the number 0.
  private static func multiple(_ multiple: Int) -> ONNXExtent {
    multiple == 0 ? .number(0) : .batches(multiple)
  }

  /// The sum.
  func adding(_ other: ONNXExtent) -> ONNXExtent? {
    switch (self, other) {
    case (.number(let one), .number(let other)): Self.checked(one.addingReportingOverflow(other))
    case (.batches(let one), .batches(let other)):
      Self.checked(one.addingReportingOverflow(other), Self.multiple)
    case (let batch, .number(0)), (.number(0), let batch): batch
    default: nil
    }
  }

  /// The negative.
  var negated: ONNXExtent? { multiplied(by: .number(-1)) }

  /// The difference.
  func subtracting(_ other: ONNXExtent) -> ONNXExtent? {
    other.negated.flatMap { adding($0) }
  }

  /// The product.
  func multiplied(by other: ONNXExtent) -> ONNXExtent? {
    switch (self, other) {
    case (.number(let one), .number(let other)):
      Self.checked(one.multipliedReportingOverflow(by: other))
    case (.batches(let one), .number(let other)), (.number(let other), .batches(let one)):
      Self.checked(one.multipliedReportingOverflow(by: other), Self.multiple)
    case (.batches, .batches): nil
    }
  }

  /// The quotient, rounded towards 0 as ONNX divides integers.
  func divided(by other: ONNXExtent) -> ONNXExtent? {
    switch (self, other) {
    case (_, .number(0)), (_, .batches(0)): return nil
    case (.number(let one), .number(let other)):
      return Self.checked(one.dividedReportingOverflow(by: other))
    case (.batches(let one), .number(let other)):
      guard let rest = Self.remainder(one, other), rest == 0 else { return nil }
      return Self.checked(one.dividedReportingOverflow(by: other), Self.multiple)
    case (.batches(let one), .batches(let other)):
      // Of equal signs; both counts have the number of examples as a factor, which cancels.
      return Self.checked(one.dividedReportingOverflow(by: other))
    case (.number(let one), .batches): return one == 0 ? .number(0) : nil
    }
  }

  /// The remainder, of the sign of the divisor as in Python, or of the dividend as in C.
  func remainder(dividingBy other: ONNXExtent, isLikeC: Bool) -> ONNXExtent? {
    switch (self, other) {
    case (.number(let one), .number(let other)):
      guard let rest = Self.remainder(one, other) else { return nil }
      let isOfDivisor = isLikeC || rest == 0 || (rest < 0) == (other < 0)
      return .number(isOfDivisor ? rest : rest + other)
    case (.batches(let one), .number(let other)), (.batches(let one), .batches(let other)):
      guard let rest = Self.remainder(one, other), rest == 0 else { return nil }
      return .number(0)
    case (.number(let one), .batches): return one == 0 ? .number(0) : nil
    }
  }

  /// Whether this is less than another, for every number of examples from 1 on; `nil` if it depends.
  func isLess(than other: ONNXExtent) -> Bool? {
    switch (self, other) {
    case (.number(let one), .number(let other)): return one < other
    case (.batches(let one), .batches(let other)): return one < other
    case (.batches(let multiple), .number(let number)):
      // A positive multiple is at least itself, and grows without bound.
      if multiple > 0 { return number <= multiple ? false : nil }
      return number > multiple ? true : nil
    case (.number(let number), .batches(let multiple)):
      if multiple > 0 { return number < multiple ? true : nil }
      return number >= multiple ? false : nil
    }
  }

  /// Whether this equals another, for every number of examples from 1 on; `nil` if it depends.
  func isEqual(to other: ONNXExtent) -> Bool? {
    switch (self, other) {
    case (.number(let one), .number(let other)), (.batches(let one), .batches(let other)):
      return one == other
    case (.batches(let multiple), .number(let number)),
      (.number(let number), .batches(let multiple)):
      let isPossible = Self.remainder(number, multiple) == 0 && (number < 0) == (multiple < 0)
      return isPossible && number != 0 ? nil : false
    }
  }

  private static func remainder(_ one: Int, _ other: Int) -> Int? {
    guard other != 0 else { return nil }
    return one.remainderReportingOverflow(dividingBy: other).partialValue
  }

  private static func checked(
    _ result: (partialValue: Int, overflow: Bool), _ make: (Int) -> ONNXExtent = ONNXExtent.number
  ) -> ONNXExtent? {
    result.overflow ? nil : make(result.partialValue)
  }
}
