/// How much is computed of constants when a file is read, so that a small file cannot ask for much.
struct FoldingLimit {
  /// The elements that are read or made, over all nodes.
  private static let elementCount = 1 << 24
  /// The most elements of a list, such as of axes or of a shape.
  static let listCount = 4096

  private var remaining = Self.elementCount

  /// Takes elements that a node reads or makes from what is allowed.
  ///
  /// - Throws: ``ONNXError`` if they are more.
  mutating func spend(_ count: Int?, on call: OperatorCall) throws(ONNXError) {
    guard let count, count <= remaining else {
      throw call.unsupported(
        "computes more elements of constants than the \(Self.elementCount) that are allowed in a file",
        "export the network with constants folded (do_constant_folding=True)")
    }
    remaining -= count
  }

  /// Takes the lists that a node reads, such as axes, which are decoded whenever they are needed.
  mutating func spendLists(of call: OperatorCall) throws(ONNXError) {
    for case let constant? in call.inputs.lazy.map({ $0?.constant }) {
      guard constant.count <= Self.listCount, !constant.elementType.isFloatingPoint else {
        continue
      }
      try spend(constant.decodingCost, on: call)
    }
  }
}

extension ONNXConstant {
  /// The elements that are touched to decode it.
  var decodingCost: Int { count.multipliedReportingOverflow(by: views.count + 1).partialValue }
}
