/// Which indices a slice takes along an axis.
package struct ONNXSlice: Equatable, Sendable {
  /// The axis, counted from the front.
  package let axis: Int
  /// The first index.
  package let start: Int
  /// The distance to the next one; may be negative.
  package let step: Int
  /// The number of indices.
  package let count: Int

  /// Which indices are taken, in the words of ONNX: negative ones count from the end, and those beyond
  /// the axis are moved to where it ends, as in Python.
  ///
  /// - Precondition: The step is not 0.
  init(axis: Int, extent: Int, start: Int, end: Int, step: Int) {
    func counted(_ index: Int) -> Int { index < 0 ? max(index, -extent - 1) + extent : index }
    let isForward = step > 0
    let first = min(max(counted(start), 0), isForward ? extent : extent - 1)
    let last =
      isForward ? min(max(counted(end), 0), extent) : min(max(counted(end), -1), extent - 1)
    let distance = isForward ? last - first : first - last
    let size = Int(clamping: step.magnitude)
    self.axis = axis
    self.start = first
    self.step = step
    count = distance > 0 ? (distance - 1) / size + 1 : 0
  }
}
