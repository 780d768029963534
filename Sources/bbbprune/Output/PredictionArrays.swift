import BBBInference
import BBBNetwork
import BBBTensors

/// What a network says of each of a batch of inputs, as named arrays: what every output format shows.
struct PredictionArrays {
  /// What each input has of one kind.
  struct Column {
    /// The key in JSON, the array's name in NPZ, and the beginning of a column's in CSV.
    let name: String
    /// Row-major: inputs × `width`; NaN where a network overflows.
    let values: [Double]
    /// The number of values of an input; `nil` for one that stands alone.
    let width: Int?
    /// Whether they are whole numbers: classes, −1 where a network overflows.
    var isWhole = false

    /// The values of one input.
    func row(_ index: Int) -> ArraySlice<Double> {
      let width = width ?? 1
      return values[index * width..<(index + 1) * width]
    }
  }

  /// The number of inputs.
  let count: Int
  /// What is known of each; one of them is the ``main`` one.
  let columns: [Column]
  /// What a single array holds: probabilities, means or raw outputs.
  let main: Column
  /// The names and shapes of the model's inputs and outputs.
  private let ports: Ports

  /// The column of that name, if there is one.
  subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// Takes what is predicted.
  ///
  /// - Parameters:
  ///   - distribution: The prediction for each input.
  ///   - isRaw: Whether the numbers are raw outputs.
  ///   - ports: The names and shapes of the model's outputs.
  init(_ distribution: OutputDistribution, isRaw: Bool, ports: Ports) {
    self.ports = ports
    count = distribution.exampleCount
    switch distribution {
    case .classes(let classes):
      main = Column(
        name: "outputs", values: classes.probabilities.map(Double.init), width: classes.classCount)
      columns = [
        Column(
          name: "class", values: classes.predictions.map(Double.init), width: nil, isWhole: true),
        main,
        Column(name: "entropy", values: classes.predictiveEntropies, width: nil),
        Column(name: "aleatoric", values: classes.aleatoricEntropies, width: nil),
        Column(name: "mutual_information", values: classes.mutualInformations, width: nil),
      ]
    case .numbers(let numbers):
      let width = numbers.targetCount
      main = Column(name: isRaw ? "outputs" : "mean", values: numbers.means, width: width)
      columns =
        [main]
        + [
          ("weight_deviation", numbers.weightDeviations), ("deviation", numbers.deviations),
          ("low", numbers.lowerEnds), ("high", numbers.upperEnds),
        ].compactMap { name, values in
          values.map { Column(name: name, values: $0, width: width) }
        }
    }
  }

  /// All of them in single precision, for NPZ.
  var tensors: [Tensor] { columns.map(tensor) }

  /// One of them in single precision: in the shape of the model's only output where it has a number for each of the output's,
  /// else as inputs × width.
  func tensor(_ column: Column) -> Tensor {
    let floats = column.values.map(Float.init)
    if ports.outputs.count == 1, column.width == ports.outputs[0].count {
      return Tensor(
        name: column.name, ports.outputs[0].array(ofExamples: floats, exampleCount: count))
    }
    return Tensor(
      name: column.name, shape: [count] + (column.width.map { [$0] } ?? []), floats: floats)
  }

  /// The ``main`` numbers of one output in single precision.
  func tensor(ofOutput name: String) -> Tensor {
    guard ports.outputs.count > 1 else { return tensor(main) }
    let arrays = ports.separated(main.values.map(Float.init), exampleCount: count)
    return Tensor(name: name, arrays[name] ?? PortArray(shape: [0], []))
  }
}

extension Tensor {
  /// An array that a model gives.
  fileprivate init(name: String, _ array: PortArray) {
    self.init(name: name, shape: array.shape, floats: array.elements)
  }
}

extension PredictionArrays: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// An object for each input, with a key for each column: a number, or an array of numbers.
  func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for index in 0..<count {
      var object = list.nestedContainer(keyedBy: Key.self)
      for column in columns {
        let key = Key(stringValue: column.name)
        let row = column.row(index)
        if column.width != nil {
          try object.encode(row.map(\.finite), forKey: key)
        } else if let value = row.first {
          if column.isWhole {
            try object.encode(Int(value), forKey: key)
          } else {
            try object.encode(value.finite, forKey: key)
          }
        }
      }
    }
  }
}
