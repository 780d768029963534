import Synchronization

/// Quantisations of one network's weights, each made once for all the prunings that lead to it.
///
/// A low sparsity leaves many weights that are not worth their bits. Without these, the networks that prunings at
/// several sparsities leave are one and the same, and it is quantised when the first of them needs it.
final class SharedQuantisations: Sendable {
  /// What determines a quantisation.
  struct Key: Equatable {
    var precision: Precision
    /// For each matrix, the weights that are worth considering.
    var masks: [Mask]
    var units: UnprofitableUnits
  }

  private final class Quantisation: Sendable {
    let key: Key
    let matrices = Mutex<[QuantisedMatrix]?>(nil)

    init(_ key: Key) { self.key = key }
  }

  /// The most recent last, with the number of weights that each holds.
  private let recent = Mutex<[(quantisation: Quantisation, weightCount: Int)]>([])

  /// The most weights that are held for later, so that a large network takes no more memory than its own quantisation.
  private static let weightLimit = 4_000_000

  /// The matrices of a quantisation.
  ///
  /// - Parameters:
  ///   - key: What determines them.
  ///   - make: Quantises; other threads that want the same wait for it.
  /// - Returns: What `make` gave the first that asked.
  func matrices(_ key: Key, make: () -> [QuantisedMatrix]) -> [QuantisedMatrix] {
    let quantisation = recent.withLock { recent in
      if let index = recent.firstIndex(where: { $0.quantisation.key == key }) {
        recent.append(recent.remove(at: index))
      } else {
        recent.append((Quantisation(key), 0))
      }
      return recent[recent.count - 1].quantisation
    }
    let matrices = quantisation.matrices.withLock { matrices in
      let made = matrices ?? make()
      matrices = made
      return made
    }
    hold(quantisation, weightCount: matrices.reduce(0) { $0 + $1.weights.count })
    return matrices
  }

  /// Lets the oldest go if there is too much.
  private func hold(_ quantisation: Quantisation, weightCount: Int) {
    recent.withLock { recent in
      guard let index = recent.firstIndex(where: { $0.quantisation === quantisation }) else {
        return
      }
      recent[index].weightCount = weightCount
      while recent.count > 1, recent.reduce(0, { $0 + $1.weightCount }) > Self.weightLimit {
        recent.removeFirst()
      }
    }
  }
}
