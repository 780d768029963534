/// Who decides whether to eat a mushroom.
public enum BanditAgent: Hashable, Sendable {
  /// A posterior learned by Bayes by Backprop; Thompson sampling (Blundell and others 2015, section 4.1).
  case bayesByBackprop
  /// A plain network; with a probability the action is random, else the one that promises more.
  case greedy(exploration: Double)

  /// The agents of the paper's Figure 6.
  public static let paper: [BanditAgent] = [
    .bayesByBackprop, .greedy(exploration: 0), .greedy(exploration: 0.01),
    .greedy(exploration: 0.05),
  ]

  /// How often the action is random whatever the network says.
  var exploration: Double {
    switch self {
    case .bayesByBackprop: 0
    case .greedy(let exploration): exploration
    }
  }

  /// A short name for files and options: `bayes`, or `greedy-5` with the exploration in percent.
  public var name: String {
    switch self {
    case .bayesByBackprop: return "bayes"
    case .greedy(let exploration):
      let percent = exploration * 100
      let whole = percent.rounded()
      return abs(percent - whole) < 1e-9 ? "greedy-\(Int(whole))" : "greedy-\(percent)"
    }
  }

  /// Reads a name.
  ///
  /// - Parameter name: As ``name`` gives it.
  public init?(name: String) {
    if name == "bayes" {
      self = .bayesByBackprop
    } else if name.hasPrefix("greedy-"), let percent = Double(name.dropFirst("greedy-".count)),
      (0...100).contains(percent)
    {
      self = .greedy(exploration: percent / 100)
    } else {
      return nil
    }
  }

  /// What figures and tables call it.
  public var title: String {
    switch self {
    case .bayesByBackprop: "Bayes by Backprop"
    case .greedy: "ε-greedy \(name.dropFirst("greedy-".count)) %"
    }
  }
}
