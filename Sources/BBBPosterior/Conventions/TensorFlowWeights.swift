import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// `numpy.savez(path, *model.get_weights())` of a TensorFlow Probability model: arrays without names,
  /// each kernel's location followed by its untransformed scale, then the bias, whose location may have a
  /// scale too.
  ///
  /// Taken so only if all arrays fit and every scale makes σ < ln 2, as this library's training gives.
  static let tensorFlowWeights = ConventionReader(
    name: "TensorFlow Probability (get_weights)", layout: .fixed(.inputOutput)
  ) { (file, options) throws(PosteriorError) in
    guard file.format == .npz,
      let arrays = numberedArrays(in: file), arrays.contains(where: { $0.shape.count > 1 })
    else { return nil }
    var reading = Reading(parameters: [])
    var next = 0
    func takePair(_ name: String) throws(PosteriorError) {
      let scale = arrays[next + 1]
      let parametrisation =
        options.scaleKind?.parametrisation
        ?? .softplus(offset: machineEpsilon(of: scale.elementType))
      reading.parameters.append(
        GaussianParameter(
          name: name,
          gaussian: try file.gaussian(
            mean: arrays[next], scale: scale, parametrisation: parametrisation),
          position: next))
      next += 2
    }
    var layer = 0
    while next < arrays.count {
      layer += 1
      let kernel = arrays[next]
      guard kernel.shape.count > 1, try isScale(next + 1, of: kernel, arrays, options) else {
        return nil
      }
      try takePair("layer\(layer).kernel")
      guard next < arrays.count, arrays[next].shape == kernel.shape.suffix(1) else { continue }
      let bias = arrays[next]
      if try isScale(next + 1, of: bias, arrays, options) {
        try takePair("layer\(layer).bias")
      } else {
        reading.parameters.append(
          GaussianParameter(
            name: "layer\(layer).bias",
            gaussian: try file.gaussian(mean: bias, scale: nil, parametrisation: nil),
            position: next))
        next += 1
      }
    }
    reading.explained = Set(arrays.map(\.name))
    reading.warnings = [
      """
      the arrays have no names: two of one shape in turn are taken as a mean and TensorFlow \
      Probability's untransformed scale, as get_weights() lists them; to be certain save them with \
      numpy.savez(path, **{w.name: w.numpy() for w in model.weights})
      """
    ]
    return reading
  }

  /// The arrays `arr_0`, `arr_1`, …; nil unless the file holds these and no others.
  private static func numberedArrays(in file: TensorFile) -> [Tensor]? {
    var arrays: [Tensor] = []
    for index in file.tensors.indices {
      guard let array = file["arr_\(index)"], array.elementType.isFloatingPoint else { return nil }
      arrays.append(array)
    }
    return arrays
  }

  /// Whether an array is as large as its neighbour and holds what makes small standard deviations.
  private static func isScale(
    _ index: Int, of mean: Tensor, _ arrays: [Tensor], _ options: PosteriorOptions
  ) throws(PosteriorError) -> Bool {
    guard index < arrays.count, arrays[index].shape == mean.shape else { return false }
    if options.scaleKind != nil { return true }
    return try arrays[index].valueSummary().greatest < 0
  }
}
