import BBBKernels
import BBBNetwork
import CBBBKernels

extension PoolStep {
  /// The moments of the mean of independent numbers, Σ v/n², or of their maximum, pair by pair, each taken as Gaussian.
  ///
  /// Source: Clark, *The greatest of a finite set of random variables*, Operations Research 9 (1961), 145–162.
  func propagate(_ arenas: MomentArenas, width: Int, _ set: InstructionSet) {
    switch kind {
    case .average:
      run(arenas.mean, width: width, set)
      averageVariances(arenas.variance, width: width, set)
    case .max:
      forEachWindow { result, cells, base in
        let (mean, variance) = (arenas.mean + result * width, arenas.variance + result * width)
        for (index, cell) in cells.enumerated() {
          let number = (base + Int(cell)) * width
          if index == 0 {
            mean.update(from: arenas.mean + number, count: width)
            variance.update(from: arenas.variance + number, count: width)
          } else {
            bbb_maximum_moments(
              set.kernelValue, width, mean, variance, arenas.mean + number,
              arenas.variance + number)
          }
        }
      }
    }
    arenas.finishSecondMoments(of: output, width: width)
  }
}
