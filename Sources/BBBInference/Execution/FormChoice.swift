/// In which form layers run: benchmarks force one to measure where the other becomes faster.
@_spi(Benchmarks) public enum FormChoice: String, Sendable {
  /// The faster one for each layer.
  case fastest
  case sparse
  case dense

  /// Whether every layer, or no layer, runs dense; `nil` where it depends.
  var isDense: Bool? {
    switch self {
    case .fastest: nil
    case .sparse: false
    case .dense: true
    }
  }
}

extension CompactModel {
  /// The same model with all layers in one form.
  ///
  /// - Parameter choice: The form.
  /// - Returns: A model that gives the same answers, sooner or later.
  @_spi(Benchmarks) public func running(_ choice: FormChoice) -> CompactModel {
    CompactModel(self, plan: ExecutionPlan(network, matrices, choice))
  }
}
