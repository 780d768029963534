import Foundation

/// Numbers as reports show them, the same in every locale.
package enum NumberText {
  /// What stands for a value that is missing.
  package static let missing = "–"

  /// A number with a fixed number of decimals, rounded.
  package static func fixed(_ value: Double?, decimals: Int) -> String {
    guard let value = value?.finite else { return missing }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded(.toNearestOrEven)
    guard scaled < 1e15 else { return "\(value)" }
    let digits = Int(scaled)
    let sign = value < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(digits)" }
    let fraction = String(digits % scale)
    return "\(sign)\(digits / scale)."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// The number of decimals, at most 4, that tell all values as they are.
  package static func decimalsNeeded(_ values: [Double]) -> Int {
    var scale = 1.0
    for decimals in 0..<4 {
      if values.allSatisfy({ abs($0 * scale - ($0 * scale).rounded()) < 1e-6 }) { return decimals }
      scale *= 10
    }
    return 4
  }

  /// A number with as many decimals as it needs, at most 4.
  package static func trimmed(_ value: Double) -> String {
    fixed(value, decimals: decimalsNeeded([value]))
  }

  /// A number as axes show it: with as few digits as it needs, with a power of ten if it is tiny or huge.
  package static func tick(_ value: Double) -> String {
    guard value > 0, value < 0.001 || value >= 1e15 else {
      return abs(value) >= 1000 ? grouped(Int(value.rounded())) : trimmed(value)
    }
    return "\(value)"
  }

  /// A number with so many significant digits, without zeros at its end.
  package static func significant(_ value: Double?, digits: Int = 6) -> String {
    guard let value = value?.finite else { return missing }
    return String(format: "%.\(digits)g", value)
  }

  /// A whole number with a comma between thousands, such as `2,392,800`.
  package static func grouped(_ value: Int) -> String {
    var groups: [Substring] = []
    var digits = Substring(String(value.magnitude))
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// An expected cost in nats: two decimals below 10, none above.
  package static func nats(_ value: Double) -> String {
    guard value >= 10, value < 1e15 else { return fixed(value, decimals: 2) }
    return grouped(Int(value.rounded()))
  }

  /// A span of time: one decimal, of what is below 1 two, and of what is far below two digits.
  package static func duration(_ value: Double) -> String {
    guard value < 0.995 else { return fixed(value, decimals: 1) }
    return value > 0 && value < 0.095
      ? significant(value, digits: 2) : fixed(value, decimals: 2)
  }

  /// A ratio: one decimal below 10, none above.
  package static func ratio(_ value: Double) -> String {
    guard abs(value) >= 9.95, abs(value) < 1e15 else { return fixed(value, decimals: 1) }
    return grouped(Int(value.rounded()))
  }

  /// How the size of a file compares with another's, such as `4.0 times smaller than`.
  ///
  /// - Parameter ratio: The other size, divided by the file's.
  /// - Returns: Words to stand before what the other is.
  package static func sizeComparison(_ ratio: Double) -> String {
    guard ratio > 0 else { return "larger than" }
    let factor = self.ratio(max(ratio, 1 / ratio))
    guard factor != self.ratio(1) else { return "about as large as" }
    return "\(factor) times \(ratio > 1 ? "smaller" : "larger") than"
  }

  /// A number of bytes with a decimal unit, such as `20 kB`.
  package static func bytes(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    let (size, unit) = units.first { value >= $0.0 } ?? (1, "B")
    return "\(trimmed(value / size)) \(unit)"
  }
}
