import BBBInference

/// Prints how fast models are read.
///
///     swift run -c release decoding-speed a.bbbz b.bbbz …
///
/// Times are medians of 50 loads from the file, after 5 to warm up; the rate is that of the float32
/// weights and biases of the dense network which the file stands for.
@main
struct DecodingSpeed {
  static func main() throws {
    print("file\tdense float32 bytes\tmilliseconds\tGB/s")
    let clock = ContinuousClock()
    for path in CommandLine.arguments.dropFirst() {
      let model = try CompactModel(contentsOfFile: path)
      let denseBytes = model.origin.denseByteCount
      var seconds: [Double] = []
      for load in 0..<55 {
        let time = try clock.measure { _ = try CompactModel(contentsOfFile: path) }
        if load >= 5 { seconds.append(time / .seconds(1)) }
      }
      seconds.sort()
      let median = (seconds[24] + seconds[25]) / 2
      let microseconds = (median * 1e6).rounded()
      let rate = (Double(denseBytes) / median / 1e7).rounded() / 100
      print("\(path)\t\(denseBytes)\t\(microseconds / 1000)\t\(rate)")
    }
  }
}
