extension Dataset {
  /// Points of the noisy curve inside the range of the paper's data: one input and one target each.
  ///
  /// The noise's effect on y has the standard deviation 0.063 on average, but depends on the place: where the curve
  /// is steep it is twice as large, where it is flat nearly none. Sine and logarithm are the system's, so that
  /// numbers may differ in their last digits between platforms.
  ///
  /// - Parameter split: The 1,000 points for training or the 5,000 for testing.
  /// - Returns: The points, in the order they were drawn.
  public static func noisyCurve(_ split: Split) -> Dataset {
    let points =
      switch split {
      case .train: NoisyCurve.examples(count: 1000, in: NoisyCurve.dataRange, seed: 1)
      case .test: NoisyCurve.examples(count: 5000, in: NoisyCurve.dataRange, seed: 2)
      }
    return Dataset(noisyCurve: points)
  }

  private init(noisyCurve points: (x: [Double], y: [Double])) {
    name = DatasetName.noisyCurve.rawValue
    inputsPath = name
    targetsPath = name
    files = []
    exampleShape = [1]
    inputCount = 1
    count = points.x.count
    inputs = .floats(points.x.map(Float.init))
    targets = .numbers(points.y.map(Float.init), perExample: 1)
  }
}
