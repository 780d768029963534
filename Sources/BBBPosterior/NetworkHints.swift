import BBBTensors

/// What a file's metadata and the user say about a network.
struct NetworkHints {
  /// The factor the inputs were multiplied by.
  let inputScale: Double?
  /// An activation that this library does not know.
  let unknownActivation: String?

  /// Reads `input_scale` (`1/126` or `0.0079`), `pixel_divisor` (`126`) and `arch`
  /// (`784-1200-10 relu`); the user's options come first.
  init(_ file: TensorFile, _ options: PosteriorOptions) throws(PosteriorError) {
    if let scale = options.inputScale {
      inputScale = scale
    } else if let text = file.metadata["input_scale"] {
      inputScale = try Self.scale(text, key: "input_scale", in: file)
    } else if let text = file.metadata["pixel_divisor"] {
      inputScale = try Self.scale("1/" + text, key: "pixel_divisor", in: file)
    } else {
      inputScale = nil
    }
    let words = file.metadata["arch"]?.split(separator: " ") ?? []
    let activation = words.count > 1 ? words.last.map { $0.lowercased() } : nil
    unknownActivation = activation.flatMap { Network.Activation(rawValue: $0) == nil ? $0 : nil }
  }

  private static func scale(
    _ text: String, key: String, in file: TensorFile
  ) throws(PosteriorError) -> Double {
    guard let scale = InputScale(text) else {
      throw PosteriorError(
        .invalidValue, path: file.path,
        """
        the metadata says \(key) is "\(file.metadata[key] ?? "")", which is no positive number; \
        give the factor with --input-scale
        """)
    }
    return scale.factor
  }
}
