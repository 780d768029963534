import BBBTensors

/// The moments of a network's inputs, which a checkpoint may carry beside its posterior: no part of that.
package enum InputMomentTensors {
  /// What the names of their tensors begin with.
  package static let prefix = "input_moments."

  /// The file without them.
  static func left(outOf file: TensorFile) -> TensorFile {
    let others = file.tensors.filter { !$0.name.hasPrefix(prefix) }
    return others.count == file.tensors.count ? file : file.replacing(others)
  }
}
