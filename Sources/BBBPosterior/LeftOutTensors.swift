import BBBTensors

extension Posterior {
  /// The tensors of a file that the posterior is not made of, such as batch normalisation, noise, or
  /// copies.
  ///
  /// - Parameter file: The file that the posterior was read from.
  /// - Returns: The others, in file order.
  public func tensorsLeftOut(of file: TensorFile) -> [Tensor] {
    let parts = parameters.flatMap { [$0.weight, $0.bias].compactMap(\.self) }
    let used = Set(
      parts.flatMap { [$0.mean.name, $0.scale?.name, $0.mask?.name].compactMap(\.self) }
        .map(Self.vectorName))
    return file.tensors.filter { tensor in
      !used.contains(tensor.name)
        && !PruneReparametrisation.parameters(ofPart: tensor.name).contains { used.contains($0) }
    }
  }

  /// The name of the vector that a part such as `hess[0:100]` belongs to; other names as they are.
  private static func vectorName(_ name: String) -> String {
    guard name.hasSuffix("]"), let bracket = name.lastIndex(of: "[") else { return name }
    return String(name[..<bracket])
  }
}
