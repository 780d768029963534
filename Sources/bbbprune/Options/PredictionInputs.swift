import BBBDatasets
import BBBInference
import BBBNetwork
import BBBTensors

/// The examples that `predict` runs: the arrays of a model's inputs, put together.
struct PredictionInputs {
  /// The numbers, one example behind the other.
  let numbers: Dataset.Inputs
  /// How many examples there are.
  let exampleCount: Int

  /// Reads the arrays.
  ///
  /// - Parameters:
  ///   - files: The files, each with the name of its input, or one for the only input.
  ///   - model: Whose inputs they are.
  ///   - path: The model's file, for messages.
  ///   - columns: The columns of tables that are no inputs.
  ///   - pixels: Which numbers are pixels.
  ///   - scalesBytes: Whether bytes among several inputs become inputs here, by the model's scaling.
  /// - Throws: ``CommandError`` if an input has no file, or an array another shape, and what reading a file throws.
  init(
    _ files: [NamedFile], of model: CompactModel, path: String, leavingOut columns: [String],
    _ pixels: PixelOption, scalesBytes: Bool
  ) throws {
    let ports = model.ports.inputs
    guard let only = ports.first, ports.count == 1 else {
      (numbers, exampleCount) = try Self.joined(
        files, of: model, path: path, leavingOut: columns, pixels, scalesBytes: scalesBytes)
      return
    }
    if let name = files.first?.name { try Self.check([name], ports, path: path) }
    let file = files[0].path
    let array = try ArrayFile(inputsOf: file, leavingOut: columns)
    let inputs = try pixels.applied(to: array.inputs(), of: file)
    try Self.check(inputs, of: only, path: file)
    exampleCount = try Self.exampleCount(array, of: only, path: file)
    numbers = inputs.examplesFirst(of: only, exampleCount: exampleCount)
  }

  private static func check(
    _ names: [String], _ ports: [Port], path: String
  ) throws(CommandError) {
    do throws(NetworkError) {
      try Ports.check(names, are: ports, "input")
    } catch {
      throw CommandError(.unsuitable, path: path, error.message)
    }
  }

  private static func joined(
    _ files: [NamedFile], of model: CompactModel, path: String, leavingOut columns: [String],
    _ pixels: PixelOption, scalesBytes: Bool
  ) throws -> (Dataset.Inputs, exampleCount: Int) {
    let ports = model.ports.inputs
    guard files.allSatisfy({ $0.name != nil }) else {
      throw CommandError(
        .unsuitable, path: path,
        "has \(ports.count) inputs, \(Ports.list(ports)): give each with --input NAME=FILE")
    }
    try check(files.compactMap(\.name), ports, path: path)
    var arrays: [String: PortArray] = [:]
    var start = 0
    for port in ports {
      defer { start += port.count }
      guard let file = files.first(where: { $0.name == port.name })?.path else { continue }
      let array = try ArrayFile(inputsOf: file, leavingOut: columns)
      let inputs = try pixels.applied(to: array.inputs(), of: file)
      try check(inputs, of: port, path: file)
      let count = try exampleCount(array, of: port, path: file)
      let channelSize = model.inputCount / model.inputScaling.channelCount
      let examples: [Float] =
        switch inputs.examplesFirst(of: port, exampleCount: count) {
        case .floats(let floats): floats
        case .bytes(let bytes):
          bytes.enumerated().map { index, byte in
            scalesBytes
              ? Float(
                model.inputScaling(
                  Double(byte), channel: (start + index % port.count) / channelSize))
              : Float(byte)
          }
        }
      arrays[port.name] = port.array(ofExamples: examples, exampleCount: count)
    }
    do throws(NetworkError) {
      let (elements, exampleCount) = try model.ports.joined(arrays)
      return (.floats(elements), exampleCount)
    } catch {
      throw CommandError(.unsuitable, path: path, error.message)
    }
  }

  /// The number of examples in an array, of which a network with its examples first takes any shape of as many numbers in
  /// the same order.
  private static func exampleCount(
    _ array: ArrayFile, of port: Port, path: String
  ) throws -> Int {
    if let count = port.exampleCount(ofArray: array.shape) { return count }
    guard port.exampleAxis == 0 else {
      throw CommandError(.unsuitable, path: path, port.mismatch(array.shape))
    }
    let count = try array.exampleCount(inputCount: port.count)
    // Axes in another order would be other numbers.
    let axes = (array.shape.count > port.shape.count ? Array(array.shape.dropFirst()) : array.shape)
      .filter { $0 > 1 }
    let own = port.shape.filter { $0 > 1 }
    guard axes.count < own.count || axes == own || axes.count > own.count else {
      throw CommandError(.unsuitable, path: path, port.mismatch(array.shape))
    }
    return count
  }

  /// Checks that numbers are integers where such are read.
  private static func check(
    _ inputs: Dataset.Inputs, of port: Port, path: String
  ) throws(CommandError) {
    guard port.holdsIntegers, case .floats(let floats) = inputs,
      let other = floats.first(where: {
        $0 != $0.rounded() || $0.magnitude > Float(1 << 24)
      })
    else { return }
    throw CommandError(
      .unsuitable, path: path,
      "holds \(other), and the input \"\(port.name)\" takes whole numbers up to 2^24, which single precision has exactly"
    )
  }
}

extension Dataset.Inputs {
  /// The numbers with the axis of the examples first.
  fileprivate func examplesFirst(of port: Port, exampleCount: Int) -> Dataset.Inputs {
    switch self {
    case .bytes(let bytes): .bytes(port.examplesFirst(bytes, exampleCount: exampleCount))
    case .floats(let floats): .floats(port.examplesFirst(floats, exampleCount: exampleCount))
    }
  }
}
