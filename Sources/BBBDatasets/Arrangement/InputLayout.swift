/// Where arrays of examples have their channels.
public enum InputLayout: String, CaseIterable, Sendable {
  /// Before rows and columns, as PyTorch has them.
  case channelsFirst = "channels-first"
  /// Behind rows and columns, as Keras and JAX have them.
  case channelsLast = "channels-last"

  /// The other one.
  var other: InputLayout { self == .channelsFirst ? .channelsLast : .channelsFirst }
}
