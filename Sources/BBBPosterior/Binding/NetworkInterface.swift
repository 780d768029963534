import BBBNetwork

/// What is said of a network's inputs and outputs, by the user or the file's metadata.
public struct NetworkInterface: Equatable, Sendable {
  /// How the numbers of a dataset became inputs in training; nil if nothing says so.
  public let inputScaling: InputScaling?
  /// Whether the scaling's factor was said, and not only its means or deviations.
  let saysInputFactor: Bool
  /// What the outputs are; nil if nothing says so.
  public let output: OutputMeaning?
  /// The names and shapes of inputs and outputs; nil if nothing says so.
  public let ports: Ports?

  /// The scaling to run with: what is said, else pixels 0…255 become 0…1.
  public var inputScalingToRun: InputScaling { inputScaling ?? .pixels }

  /// What to take the outputs for: what is said, else classes.
  ///
  /// - Parameter outputCount: The outputs of the network.
  /// - Returns: The meaning; `nil` where nothing is said of a single output, which may be a number or a
  ///   probability.
  public func outputToRun(outputCount: Int) -> OutputMeaning? {
    output ?? (outputCount > 1 ? .classes : nil)
  }

  /// What is assumed of inputs and outputs when a network is run; empty if all is said.
  func assumptions(outputCount: Int) -> [Assumption] {
    var assumptions: [Assumption] = []
    if !saysInputFactor { assumptions.append(.inputFactor(inputScalingToRun.factor)) }
    if output == nil, let assumed = outputToRun(outputCount: outputCount) {
      assumptions.append(.output(assumed))
    }
    return assumptions
  }

  /// Why a network cannot have such inputs or outputs, as a sentence; nil if it can.
  func obstacle(of network: Network) -> String? {
    let (inputCount, outputCount) = (network.inputCount, network.outputCount)
    let channelCount = network.input.extents[0]
    if let inputScaling, network.input.extents.count > 1, inputScaling.channelCount > 1,
      inputScaling.channelCount != channelCount
    {
      return """
        the means or deviations of \(inputScaling.channelCount) channels (--input-mean, --input-deviation) do not \
        fit its input of \(channelCount): \(network.input)
        """
    }
    if let inputScaling, !inputCount.isMultiple(of: inputScaling.channelCount) {
      return """
        the means or deviations of \(inputScaling.channelCount) channels (--input-mean, --input-deviation) do not \
        fit its \(inputCount) inputs
        """
    }
    return output?.obstacle(outputCount: outputCount)
  }
}
