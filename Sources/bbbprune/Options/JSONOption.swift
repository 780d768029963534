import ArgumentParser
import BBBReports
import BBBTensors
import Foundation

/// The `--json` option.
struct JSONOption: ParsableArguments {
  @Option(
    name: .customLong("json"),
    help: ArgumentHelp(
      "Write the result as JSON to a file; '-' writes it to standard output instead of text.",
      valueName: "file"))
  var path: String?

  /// Whether JSON takes the place of the text on standard output.
  var replacesText: Bool { path == "-" }

  /// Writes a value as JSON where the user asked for it, if anywhere.
  func write(_ value: some Encodable) throws {
    guard let path else { return }
    try write(data: Data(try JSONText.encode(value).utf8), to: path)
  }

  /// Writes JSON that is encoded already.
  func write(json data: Data) throws {
    guard let path else { return }
    try write(data: data, to: path)
  }

  private func write(data: Data, to path: String) throws {
    if replacesText {
      try StandardOutput.write(String(decoding: data, as: UTF8.self))
    } else {
      try OutputFile.write(data, to: path)
    }
  }
}
