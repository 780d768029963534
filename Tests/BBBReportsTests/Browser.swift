import Foundation
import TestSupport

/// A Chromium that shows pages without a window.
enum Browser {
  /// Where it is: `$BBBPRUNE_BROWSER`, or the first of the usual names on the search path.
  static let path: String? = {
    let variables = ProcessInfo.processInfo.environment
    if let path = variables["BBBPRUNE_BROWSER"], !path.isEmpty { return path }
    let folders = (variables["PATH"] ?? "").split(separator: ":")
    let candidates = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
      .flatMap { name in folders.map { "\($0)/\(name)" } }
    let applications = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return (candidates + [applications]).first(where: FileManager.default.isExecutableFile)
  }()

  static let remedy = "install Chromium (make browser), or set BBBPRUNE_BROWSER to its path"

  /// What a page became.
  struct Outcome {
    /// The page's elements after its scripts ran.
    var document: String
    /// What the console shows: errors of scripts, and what the content security policy refused.
    var console: [String]
  }

  /// Opens a page, lets time pass until its scripts have nothing more to do, and takes what it became.
  static func open(_ html: String) throws -> Outcome {
    var outcome = Outcome(document: "", console: [])
    try withTemporaryFolder { folder in
      let page = URL(filePath: folder).appending(path: "page.html")
      try Data(html.utf8).write(to: page)
      let streams = ["stdout", "stderr"].map { URL(filePath: folder).appending(path: $0) }
      for stream in streams { try Data().write(to: stream) }
      let process = Process()
      process.executableURL = URL(filePath: path ?? "")
      process.arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--enable-logging=stderr", "--window-size=1400,1000",
        "--user-data-dir=\(folder)/profile", "--virtual-time-budget=10000", "--dump-dom",
        page.absoluteString,
      ]
      process.standardOutput = try FileHandle(forWritingTo: streams[0])
      process.standardError = try FileHandle(forWritingTo: streams[1])
      process.standardInput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      outcome.document = try String(contentsOf: streams[0], encoding: .utf8)
      outcome.console = String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self)
        .split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    }
    return outcome
  }
}
