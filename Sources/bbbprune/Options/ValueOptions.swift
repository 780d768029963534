import ArgumentParser
import BBBInference
import BBBPruning

/// How a .bbbz holds values.
struct ValueOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How finely a .bbbz rounds weights: the cost in nats that the posterior expects of rounding one \
      (half a nat is what a draw from the posterior costs; above 0.05 errors soon rise). Weights whose \
      removal is cheaper than their bytes go as well. (default: 0.015)
      """, valueName: "nats"))
  var precision: Precision?

  @Option(
    help:
      "Write a .bbbz without quantisation, its values as floats; or a graph (.onnx) with weights of that type."
  )
  var values: FloatType?

  func validate() throws {
    guard precision == nil || values == nil else {
      throw ValidationError("Give '--precision' or '--values', not both.")
    }
  }
}

/// How values are written without quantisation.
enum FloatType: String, CaseIterable, ExpressibleByArgument {
  case float32
  case float16

  var encoding: ValueEncoding { self == .float32 ? .float32 : .float16 }
}

extension Precision: ExpressibleByArgument {
  /// Reads nats, such as `0.015`.
  public init?(argument: String) {
    guard let nats = Double(argument) else { return nil }
    self.init(natsPerWeight: nats)
  }
}
