/// What is known of a value while a graph is read.
struct KnownValue: Sendable {
  /// Its type and shape.
  let value: ONNXValue
  /// Its elements, if they do not depend on the inputs.
  let constant: ONNXConstant?

  var elementType: ONNXElementType { value.elementType }
  var shape: [ONNXExtent] { value.shape }

  /// A value that depends on the inputs.
  init(_ value: ONNXValue) {
    self.value = value
    constant = nil
  }

  /// A constant.
  init(_ constant: ONNXConstant) {
    value = ONNXValue(constant.elementType, constant.shape.map(ONNXExtent.number))
    self.constant = constant
  }
}
