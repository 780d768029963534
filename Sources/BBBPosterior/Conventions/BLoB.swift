import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// BLoB, "Bayesian Low-Rank Adaptation by Backpropagation" (Wang and others 2024): the first factor of
  /// an adapter has σ = ρ², the second is certain.
  static let blob = ConventionReader(name: "BLoB (Bayesian LoRA)", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    var reading = Reading(parameters: [])
    for scale in file.tensors {
      guard let mean = mean(of: scale.name, in: file), let position = file.position(of: mean.name)
      else {
        continue
      }
      reading.parameters.append(
        GaussianParameter(
          name: mean.name,
          gaussian: try file.gaussian(
            mean: mean, scale: scale,
            parametrisation: options.scaleKind?.parametrisation ?? .square),
          position: position))
    }
    return reading.parameters.contains(where: \.isWeight) ? reading : nil
  }

  /// The factor that `….lora_A_rho.ADAPTER` belongs to, `….lora_A.ADAPTER.weight`; the adapter's name is
  /// left out where the adapter alone was saved.
  private static func mean(of scale: String, in file: TensorFile) -> Tensor? {
    for factor in ["lora_A", "lora_B"] {
      let parts = scale.split(separator: ".\(factor)_rho", omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      return file["\(parts[0]).\(factor)\(parts[1]).weight"]
    }
    return nil
  }
}
