@_spi(Benchmarks) import BBBInference
import Foundation

/// Prints how fast a model answers: seconds per call, one line for each repetition.
///
///     swift run -c release inference-speed model.bbbz images.f32 128 [seconds] [repeats] [threads] [logits.f32]
///     swift run -c release inference-speed model.bbbz images.f32 load [seconds] [repeats]
///
/// The environment variable `FORM`, `sparse` or `dense`, forces the form of all layers.
///
/// The images are raw floats, row after row. Calls go through the batches of images in turn. With `load` a
/// call reads the file and answers one image. The logits of the first batch are written as raw floats.
@main
struct InferenceSpeed {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 3 else {
      print("usage: inference-speed MODEL IMAGES BATCH|load [SECONDS] [REPEATS] [THREADS] [LOGITS]")
      exit(64)
    }
    let seconds = arguments.count > 3 ? Double(arguments[3]) ?? 1 : 1
    let repeats = arguments.count > 4 ? Int(arguments[4]) ?? 7 : 7
    let threads = arguments.count > 5 ? Int(arguments[5]) ?? 1 : 1
    let path = arguments[0]
    let form = FormChoice(rawValue: ProcessInfo.processInfo.environment["FORM"] ?? "") ?? .fastest
    let model = try CompactModel(contentsOfFile: path).running(form)
    let size = Int(arguments[2]) ?? 1
    let batches = try batches(in: arguments[1], of: size * model.inputCount)
    var next = 0
    func batch() -> [Float] {
      next = (next + 1) % batches.count
      return batches[next]
    }
    let times: [Double]
    if arguments[2] == "load" {
      times = try measure(seconds: seconds, repeats: repeats) {
        _ = try CompactModel(contentsOfFile: path).predictOutputs(for: batch())
      }
    } else if threads > 1 {
      times = try measure(seconds: seconds, repeats: repeats) {
        _ = try model.predictOutputs(for: batch(), threadCount: threads)
      }
    } else {
      var workspace = Workspace(for: model)
      var outputs = [Float](repeating: 0, count: size * model.outputCount)
      times = try measure(seconds: seconds, repeats: repeats) {
        var span = outputs.mutableSpan
        try model.computeOutputs(for: batch().span, into: &span, workspace: &workspace)
      }
    }
    for time in times { print(time) }
    if arguments.count > 6 {
      let logits = try model.predictOutputs(for: batches[0], threadCount: threads)
      try logits.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: arguments[6])) }
    }
  }

  private static func batches(in path: String, of count: Int) throws -> [[Float]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let floats = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return stride(from: 0, through: floats.count - count, by: count).map {
      Array(floats[$0..<($0 + count)])
    }
  }

  /// Seconds per call of each repetition, which fill `seconds` together, after a warm-up.
  private static func measure(
    seconds: Double, repeats: Int, _ call: () throws -> Void
  ) rethrows -> [Double] {
    let clock = ContinuousClock()
    var calls = 0
    let start = clock.now
    while calls == 0 || (clock.now - start) / .seconds(1) < seconds / 10 {
      try call()
      calls += 1
    }
    let each = (clock.now - start) / .seconds(1) / Double(calls)
    calls = max(1, Int(seconds / Double(repeats) / each))
    return try (0..<repeats).map { _ in
      let time = try clock.measure { for _ in 0..<calls { try call() } }
      return time / .seconds(1) / Double(calls)
    }
  }
}
