import ArgumentParser
import BBBPosterior

extension InputScale: ExpressibleByArgument {
  /// Reads "0.00392" or "1/255".
  public init?(argument: String) {
    self.init(argument)
  }
}
