import BBBTensors

@testable import BBBPosterior

extension Tensor {
  /// A tensor whose elements are 0.01, 0.02, … times a factor: finite and positive.
  static func ramp(_ name: String, _ shape: Int..., factor: Float = 1) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(
      name: name, shape: shape, floats: (0..<count).map { 0.01 * factor * Float($0 + 1) })
  }
}

extension Tensor {
  /// A tensor whose elements are all the same.
  static func constant(_ name: String, _ shape: Int..., value: Float) -> Tensor {
    Tensor(
      name: name, shape: shape, floats: [Float](repeating: value, count: shape.reduce(1, *)))
  }
}

extension TensorFile {
  /// A file in memory.
  init(
    _ tensors: [Tensor], format: Format = .pytorch, metadata: [String: String] = [:],
    scalars: [String: Double] = [:], unreadTensors: [UnreadTensor] = [],
    objects: [String: PickledObject] = [:]
  ) {
    self.init(
      path: "model.file", format: format, tensors: tensors, metadata: metadata, scalars: scalars,
      unreadTensors: unreadTensors, objects: objects)
  }
}

extension PosteriorParameter {
  /// Name, sizes and layout in one text, such as `fc1 3→2 out,in`, with `+b` if there is a bias.
  var summary: String {
    let layout = weights.order == .outputInput ? "out,in" : "in,out"
    return "\(name) \(weights.channels)→\(weights.rows) \(layout)\(bias == nil ? "" : " +b")"
  }
}

/// The message of the error that reading a file ends in; nil if it can be read.
func failure(of file: TensorFile, _ options: PosteriorOptions = .init()) -> PosteriorError? {
  do throws(PosteriorError) {
    _ = try Posterior(file, options: options)
    return nil
  } catch {
    return error
  }
}
