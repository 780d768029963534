import BBBTensors
import Crypto
import Foundation
import Testing

/// `bbbprune sweep --report`: the page as users get it.
@Suite final class ReportTests {
  let commandLine: CommandLine

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder)
  }

  deinit { commandLine.removeFolder() }

  private func sweep(
    _ checkpoint: String = "model.safetensors", _ options: String...,
    environment: [String: String] = [:]
  ) throws -> CommandLine.Outcome {
    try commandLine.run(
      ["sweep", checkpoint, "--dataset", "mnist", "--data", commandLine.folder.path] + options,
      environment)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: commandLine.path(name), encoding: .utf8)
  }

  private func digest(_ name: String) throws -> String {
    SHA256.hash(data: try Data(contentsOf: commandLine.folder.appending(path: name)))
      .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  @Test func `holds the same JSON as --json, and latency, layers and examples of another kind`()
    throws
  {
    let outcome = try sweep(
      "model.safetensors", "--steps", "4", "--ood", "noise", "--report", "report.html", "--json",
      "sweep.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("sparsity"))
    let json = try text("sweep.json")
    #expect(try text("report.html").contains("id=\"sweep\">\(json)</script>"))
    let curve = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let points = try #require(curve["points"] as? [[String: Any]])
    #expect(points.count == 4 && curve["ood"] as? String == "noise")
    for point in points {
      #expect(
        point["auroc"] as? Double != nil && (point["single_microseconds"] as? Double ?? 0) > 0)
      let layers = try #require(point["layers"] as? [[String: Any]])
      #expect(layers.map { $0["name"] as? String } == ["fc1", "fc2"])
      #expect(layers.compactMap { $0["kept"] as? Int }.reduce(0, +) == point["kept"] as? Int)
    }
  }

  @Test func `tells the command, the inputs' checksums and the date`() throws {
    try FileManager.default.copyItem(
      atPath: commandLine.path("model.safetensors"), toPath: commandLine.path("it's.safetensors"))
    let outcome = try sweep(
      "it's.safetensors", "--sparsity", "0,0.5", "--ood", "noise", "--report", "report.html",
      environment: ["SOURCE_DATE_EPOCH": "86400"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let page = try text("report.html")
    #expect(
      page.contains(
        "bbbprune sweep 'it'\\''s.safetensors' --dataset mnist --data \(commandLine.folder.path)"
          + " --sparsity 0,0.5 --ood noise --report report.html</code>"))
    for name in ["it's.safetensors", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] {
      #expect(page.contains("<dd>\(name)<br/><code class=\"digest\">SHA-256 \(try digest(name))"))
    }
    #expect(page.contains("<dd>1970-01-02T00:00:00Z</dd>"))
    #expect(page.contains("<dd>0.1.0</dd>"))
    let host = ProcessInfo.processInfo.hostName
    #expect(!page.contains("<dd>\(host)"))
  }

  @Test(arguments: [[], ["--units"], ["--criterion", "magnitude,snr", "--scope=layer"]])
  func `ends with a command that writes the file of the headline`(options: [String]) throws {
    try FileManager.default.copyItem(
      atPath: commandLine.path("model.safetensors"), toPath: commandLine.path("it's.safetensors"))
    // So many examples that a rise can be told from chance.
    let archive = try NPZEncoder.encode([
      Tensor(
        name: "images", shape: [4000, 2, 2],
        bytes: (0..<1000).flatMap { _ in SmallProblem.images.joined() }),
      Tensor(name: "labels", shape: [4000], bytes: (0..<1000).flatMap { _ in SmallProblem.labels }),
    ])
    try archive.write(to: commandLine.folder.appending(path: "many.npz"))
    let outcome = try commandLine.run(
      [
        "sweep", "it's.safetensors", "--images", "many.npz", "--ood", "noise", "--tolerance", "100",
        "--sparsity", "0,0.25", "--input-scale", "1/255", "--report", "r.html", "--json",
        "sweep.json",
      ] + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let page = try text("r.html")
    let command = try #require(outcome.output.split(separator: "\n").last).dropFirst(2)
    #expect(command.hasPrefix("bbbprune export 'it'\\''s.safetensors' "), "\(outcome.output)")
    #expect(page.contains("<code>\(command)</code>"))
    let export = try commandLine.shell("\"$BBBPRUNE\"\(command.dropFirst("bbbprune".count))")
    #expect(export.exitCode == 0, "\(command): \(export.errors)")
    let bytes = try Data(contentsOf: commandLine.folder.appending(path: "it's.bbbz")).count
    let figure = try #require(
      page.firstMatch(of: /file size in bytes, as exported<\/dt><dd><b><data [^>]*>([0-9,]+)</))
    #expect(figure.1.replacing(",", with: "") == "\(bytes)")
  }

  @Test func `own data in one archive are told by its checksum, too`() throws {
    let archive = try NPZEncoder.encode([
      Tensor(name: "images", shape: [4, 2, 2], bytes: Array(SmallProblem.images.joined())),
      Tensor(name: "labels", shape: [4], bytes: SmallProblem.labels),
    ])
    try archive.write(to: commandLine.folder.appending(path: "d.npz"))
    let outcome = try commandLine.run(
      "sweep", "model.safetensors", "--images", "d.npz", "--steps", "2", "--ood", "d.npz",
      "--report", "report.html")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let page = try text("report.html")
    for role in ["inputs and labels", "examples of another kind"] {
      #expect(
        page.contains(
          "<dt>\(role)</dt><dd>d.npz<br/><code class=\"digest\">SHA-256 \(try digest("d.npz"))"))
    }
    #expect(!page.contains("(built in)"))
  }

  @Test(arguments: ["nan", "inf", "-1", "1e9", "99999999999999999999", "253402300800", ""])
  func `a date that is no whole number of seconds is ignored`(epoch: String) throws {
    let outcome = try sweep(
      "model.safetensors", "--steps", "2", "--ood", "noise", "--report", "report.html",
      environment: ["SOURCE_DATE_EPOCH": epoch])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let date = try #require(
      try text("report.html").firstMatch(of: /<dt>date<\/dt><dd>(\d{4})-\d\d-\d\dT[0-9:]{8}Z</)?.1)
    #expect(try #require(Int(date)) > 2024)
  }

  @Test func `a hostile file name stays text`() throws {
    let name = "<img src=x onerror=alert(1)>&.safetensors"
    try FileManager.default.copyItem(
      atPath: commandLine.path("model.safetensors"), toPath: commandLine.path(name))
    let outcome = try sweep(name, "--steps", "2", "--ood", "noise", "--report", "report.html")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let page = try text("report.html")
    #expect(!page.contains("<img"))
    #expect(
      page.contains("How far can &lt;img src=x onerror=alert(1)&gt;&amp;.safetensors be pruned?"))
  }

  @Test func `a baseline without uncertainty has a page too, without a histogram`() throws {
    let tensors = SmallProblem.tensors.filter { $0.name.hasSuffix("_mu") }.map {
      Tensor(
        name: $0.name.replacingOccurrences(of: "_mu", with: ""), shape: $0.shape,
        floats: [Float](repeating: 1, count: $0.shape.reduce(1, *)))
    }
    try SafetensorsEncoder.encode(tensors, metadata: ["posterior": "point"])
      .write(to: commandLine.folder.appending(path: "plain.safetensors"))
    let outcome = try sweep(
      "plain.safetensors", "--criterion", "magnitude", "--steps", "2", "--ood", "noise",
      "--report", "report.html")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try !text("report.html").contains("id=\"chart-histogram\""))
  }

  @Test func `is neither written to standard output nor over an input`() throws {
    let dash = try sweep("model.safetensors", "--report", "-")
    #expect(dash.exitCode == 64 && dash.errors.contains("name a file instead of '-'"))
    let before = try digest("model.safetensors")
    let input = try sweep("model.safetensors", "--report", "model.safetensors")
    #expect(input.exitCode == 64 && input.errors.contains("would overwrite the input"))
    #expect(try digest("model.safetensors") == before)
    let twice = try sweep("model.safetensors", "--json", "a", "--report", "a")
    #expect(twice.exitCode == 64 && twice.errors.contains("both write"))
  }
}
