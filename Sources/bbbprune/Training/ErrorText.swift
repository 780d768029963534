import BBBReports
import Foundation

/// How wrong a network is, for the terminal.
enum ErrorText {
  /// A share in percent, without the sign.
  static func percent(_ share: Double?) -> String {
    NumberText.fixed(share.map { $0 * 100 }, decimals: 2)
  }

  /// A root mean square error, which may have any size: four digits of it.
  static func rootMeanSquare(_ error: Double?) -> String {
    error.map { String(format: "%.4g", $0) } ?? NumberText.missing
  }
}
