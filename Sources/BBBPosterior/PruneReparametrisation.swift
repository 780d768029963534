import BBBTensors

/// What `torch.nn.utils.prune` leaves until `prune.remove`: `NAME_orig` and `NAME_mask`, whose product is
/// the parameter.
enum PruneReparametrisation {
  /// The file with each such pair as the parameter it stands for, and a note of it.
  ///
  /// A weight whose mask is 0 is removed. What is no mean, such as ρ, becomes the product, which the library
  /// computes too.
  ///
  /// - Parameter file: The checkpoint.
  /// - Returns: The same file if it holds no such pair.
  /// - Throws: ``PosteriorError`` if a mask holds anything but 0 and 1, or cannot be read.
  static func undone(in file: TensorFile) throws(PosteriorError) -> (TensorFile, warnings: [String])
  {
    var tensors: [Tensor] = []
    var names: [String] = []
    for tensor in file.tensors {
      guard let (name, original, mask) = parts(of: tensor, in: file) else {
        tensors.append(tensor)
        continue
      }
      // The mask is read with its original.
      guard tensor.name == original.name else { continue }
      let kept = try values(mask, file)
      names.append(name)
      if holdsScale(name) {
        tensors.append(try product(original, kept, name: name))
      } else {
        var mean = original
        mean.name = name
        tensors.append(mean)
        tensors.append(
          Tensor(name: name + ".mask", shape: mask.shape, bytes: kept.map { $0 ? 1 : 0 }))
      }
    }
    guard !names.isEmpty else { return (file, []) }
    return (
      file.replacing(tensors),
      [
        """
        pruned with torch.nn.utils.prune: \(listing(of: names)) are read as their originals times their \
        masks, as prune.remove() makes them
        """
      ]
    )
  }

  /// The names of the parameters that a tensor of such a name is the original or the mask of.
  static func parameters(ofPart name: String) -> [String] {
    ["_orig", "_mask"].filter(name.hasSuffix).map { String(name.dropLast($0.count)) }
  }

  /// The parameter that a tensor is the original or the mask of; nil if it is neither.
  private static func parts(
    of tensor: Tensor, in file: TensorFile
  ) -> (name: String, original: Tensor, mask: Tensor)? {
    for name in parameters(ofPart: tensor.name) {
      guard file[name] == nil, file[name + ".mask"] == nil, let original = file[name + "_orig"],
        let mask = file[name + "_mask"], original.shape == mask.shape,
        original.elementType.isFloatingPoint
      else { continue }
      return (name, original, mask)
    }
    return nil
  }

  private static func holdsScale(_ name: String) -> Bool {
    name.lowercased().split { "./_".contains($0) }.contains { word in
      ["rho", "sigma", "std", "logvar", "logsigma", "scale"].contains(word)
    }
  }

  /// Which elements a mask keeps.
  private static func values(
    _ mask: Tensor, _ file: TensorFile
  ) throws(PosteriorError) -> [Bool] {
    do throws(TensorFileError) {
      let loaded = try mask.loaded()
      let numbers =
        mask.elementType.isFloatingPoint
        ? try loaded.floats() : try loaded.integers().map(Float.init)
      guard numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw TensorFileError(
          .unsupported, path: file.path,
          "\"\(mask.name)\" holds other numbers than 0 and 1; call prune.remove() before saving")
      }
      return numbers.map { $0 == 1 }
    } catch {
      throw PosteriorError(error)
    }
  }

  private static func product(
    _ original: Tensor, _ kept: [Bool], name: String
  ) throws(PosteriorError) -> Tensor {
    do throws(TensorFileError) {
      let numbers = try original.loaded().doubles()
      return Tensor(
        name: name, shape: original.shape, doubles: zip(numbers, kept).map { $1 ? $0 : 0 })
    } catch {
      throw PosteriorError(error)
    }
  }
}
