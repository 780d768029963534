/// Integers, which are held as numbers of single precision.
extension Lowering {
  /// The largest integer up to which single precision has them all.
  static let largestInteger = 1 << 24

  /// Operators that select or move elements, or look at them, whatever their type.
  private static let movements: Set<String> = [
    "Attention", "Cast", "CastLike", "Concat", "ConstantOfShape", "DepthToSpace", "Equal", "Expand",
    "Flatten", "Gather", "GatherElements", "GatherND", "Greater", "GreaterOrEqual", "Less",
    "LessOrEqual", "Max", "MaxPool", "Min", "OneHot", "Pad", "ReduceMax", "ReduceMin", "Reshape",
    "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze", "Where",
  ]
  /// Operators that give an integer for integers, as long as the type has it.
  private static let arithmetic: Set<String> = [
    "Abs", "Add", "Clip", "Div", "Mul", "Neg", "ReduceSum", "Sign", "Sub", "Sum",
  ]
  /// Operators on truth values.
  private static let logic: Set<String> = ["And", "Not", "Or", "Xor"]

  /// Checks that what a step does to integers it does to numbers of single precision, too.
  ///
  /// - Throws: ``ONNXError`` naming the node if it divides, shifts or overflows them.
  func checkIntegers(_ step: LoweringStep) throws(ONNXError) {
    let types = step.reads.compactMap { graph.values[$0]?.elementType }
    guard let type = types.first(where: { !$0.isFloatingPoint }) else { return }
    let name = step.node.operatorType
    if Self.movements.contains(name) || type == .boolean && Self.logic.contains(name) { return }
    if Self.arithmetic.contains(name), type == .int64 || type == .int32 { return }
    throw step.node.refusal(
      "computes with \(type), and of integers only what is the same for real numbers is run",
      "cast them to float32 before")
  }
}
