import BBBInference
import BBBKernels
import Foundation

/// With what a result was made: versions and the kind of machine, but neither its name nor its user's.
enum RunEnvironment {
  /// Names and values, for people to read.
  ///
  /// - Parameter variables: The environment; `SOURCE_DATE_EPOCH`, in whole seconds from 0, stands for the time if it is set
  ///   (reproducible-builds.org), so that a report can be repeated byte for byte.
  /// - Returns: The version of the program, what it was built with, where it ran and when.
  static func description(
    variables: [String: String] = ProcessInfo.processInfo.environment
  ) -> [(name: String, value: String)] {
    [
      ("bbbprune", BBBPruneCommand.version),
      ("Swift", swiftVersion),
      ("system", ProcessInfo.processInfo.operatingSystemVersionString),
      ("processor", [processor, architecture].compactMap(\.self).joined(separator: ", ")),
      ("kernels", InstructionSet.best.rawValue),
      ("date", date(variables)),
    ]
  }

  /// Four digits have no room for later years.
  private static let endOfYear9999 = 253_402_300_800

  private static func date(_ variables: [String: String]) -> String {
    let epoch = variables["SOURCE_DATE_EPOCH"].flatMap(Int.init)
    let date =
      epoch.flatMap { 0..<endOfYear9999 ~= $0 ? Date(timeIntervalSince1970: Double($0)) : nil }
    return (date ?? Date()).ISO8601Format()
  }

  private static var swiftVersion: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "ARM64"
    #else
      "another architecture"
    #endif
  }

  /// What the processor calls itself; `nil` where the system does not tell.
  private static var processor: String? {
    #if canImport(Darwin)
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return nil }
      var text = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &text, &size, nil, 0) == 0 else { return nil }
      return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    #else
      let lines = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        .split(separator: "\n")
      let line = lines?.first { $0.hasPrefix("model name") }
      return line?.split(separator: ":", maxSplits: 1).last
        .map { $0.trimmingCharacters(in: .whitespaces) }
    #endif
  }
}
