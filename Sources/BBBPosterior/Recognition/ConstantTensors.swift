import BBBNetwork
import BBBTensors

/// The numbers of a described network's constants, such as position embeddings: the tensors that have a constant's name.
struct ConstantTensors {
  /// The constants, as parameters without weights.
  private(set) var parameters: [PosteriorParameter] = []
  /// The names of their tensors.
  private(set) var names: Set<String> = []

  /// Takes the numbers of constants, with standard deviations where they have some, out of what was read.
  ///
  /// - Parameters:
  ///   - network: The network that is described; `nil` for none.
  ///   - file: The checkpoint.
  ///   - reading: What a convention found in it.
  /// - Throws: ``PosteriorError`` if a tensor's elements cannot be read.
  init(
    of network: Network?, in file: TensorFile, _ reading: inout Reading
  ) throws(PosteriorError) {
    guard let network else { return }
    for own in network.parameters where own.isConstant(in: network) {
      guard let numbers = try Self.numbers(of: own, in: file, &reading) else { continue }
      names.formUnion([numbers.mean.name, numbers.scale?.name].compactMap(\.self))
      parameters.append(
        PosteriorParameter(
          name: own.name, weights: own.weights,
          weight: GaussianTensor(
            withoutWeights: own.weights.rows, name: numbers.mean.name, path: file.path),
          bias: numbers, inputNormalisation: nil, outputNormalisation: nil, isOfGraph: false))
    }
  }

  private static func numbers(
    of own: Parameter, in file: TensorFile, _ reading: inout Reading
  ) throws(PosteriorError) -> GaussianTensor? {
    for name in [own.biasName, own.name] {
      let found = reading.parameters.firstIndex {
        isCalled($0.name, name) && $0.gaussian.count == own.weights.rows
      }
      if let found { return reading.parameters.remove(at: found).gaussian }
      let tensor = file.tensors.first {
        isCalled($0.name, name) && $0.count == own.weights.rows
          && $0.elementType.isFloatingPoint
      }
      if let tensor { return try file.gaussian(mean: tensor, scale: nil, parametrisation: nil) }
    }
    return nil
  }

  /// Whether a name is another, or ends in it: a state dictionary may lie in another, whose name comes first.
  private static func isCalled(_ found: String, _ name: String) -> Bool {
    found == name || found.hasSuffix("." + name) || found.hasSuffix("/" + name)
  }
}
