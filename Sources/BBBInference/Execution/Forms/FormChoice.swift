/// In which form matrices run: benchmarks force one to measure where the other becomes faster.
@_spi(Benchmarks) public enum FormChoice: String, Sendable {
  /// The faster one for each matrix.
  case fastest
  case sparse
  case dense

  /// Whether every matrix, or no matrix, runs dense; `nil` where it depends.
  var isDense: Bool? {
    switch self {
    case .fastest: nil
    case .sparse: false
    case .dense: true
    }
  }
}

extension CompactModel {
  /// The same model with all matrices in one form.
  ///
  /// - Parameter choice: The form.
  /// - Returns: A model that gives the same answers, sooner or later.
  @_spi(Benchmarks) public func running(_ choice: FormChoice) -> CompactModel {
    CompactModel(
      self,
      plan: ExecutionPlan(
        ExecutionStructure(network, matrices.map(\.pattern), choice), matrices))
  }
}
