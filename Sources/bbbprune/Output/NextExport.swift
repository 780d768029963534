import BBBEvaluation
import BBBPruning
import Foundation

/// The command that writes the file that a sweep recommends.
struct NextExport {
  /// Options of `sweep` that `export` has too, and that decide what it writes by any criterion.
  private static let options = [
    "--mean", "--scale", "--scale-is", "--model", "--layers", "--network", "--input-scale",
    "--input-mean", "--input-deviation", "--activation", "--output", "--scope",
    "--calibrate", "--calibrate-count", "--pre-cut",
  ]
  private static let flags = [
    "--no-biases", "--removed-by-rho-zero", "--units", "--prune-biases", "--prune-certain-weights",
  ]

  /// The words of the command.
  let words: [String]

  /// Composes the command; `nil` if no curve recommends anything.
  ///
  /// - Parameters:
  ///   - curves: The measurements, of which the first that recommends a sparsity counts.
  ///   - arguments: What the sweep was called with.
  init?(_ curves: [SweepCurve], arguments: [String]) {
    guard let curve = curves.first(where: { $0.recommendation != nil }),
      let point = curve.recommendation
    else { return nil }
    let criterion = Criterion.Kind(rawValue: curve.criterion)
    let options =
      Self.options + (criterion?.needsPrior == true ? ["--prior"] : [])
      + (criterion == .random ? ["--seed"] : [])
      + (curve.calibration == nil ? [] : ["--data"])
    words =
      ["bbbprune", "export", curve.checkpoint]
      + (criterion == Self.usualCriterion(of: curve) ? [] : ["--criterion", curve.criterion])
      + ["--sparsity", "\(point.sparsityAsked ?? point.sparsity)"]
      + Self.kept(arguments, options)
      + ["-o", Self.name(of: curve.checkpoint)]
  }

  /// What an export ranks by where nothing else is said.
  private static func usualCriterion(of curve: SweepCurve) -> Criterion.Kind {
    curve.calibration != nil && !curve.hasUnits ? .conditional : .signalToNoiseRatio
  }

  /// The command, quoted for a shell.
  var text: String { ShellCommand.text(words) }

  /// The options of the sweep that hold for the export as well, as they were written.
  private static func kept(_ arguments: [String], _ options: [String]) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let name = String(word.prefix { $0 != "=" })
      if flags.contains(word) || options.contains(name) && name != word {
        kept.append(word)
      } else if options.contains(word), let value = rest.popFirst() {
        kept += [word, value]
      }
    }
    return kept
  }

  /// A name for the file, in the folder where the command is run.
  private static func name(of checkpoint: String) -> String {
    var name = URL(filePath: checkpoint).lastPathComponent
    for ending in [".index.json", ".safetensors", ".npz", ".pt", ".pth", ".bin"]
    where name.hasSuffix(ending) && name.count > ending.count {
      name.removeLast(ending.count)
    }
    return (name.hasPrefix("-") ? "./" : "") + name + ".bbbz"
  }
}
