import BBBPosterior
import BBBPruning
import BBBTensors
import Foundation

/// Prints how fast a checkpoint is ranked and cut: seconds, one line for each repetition, then the peak
/// of the process's memory in bytes, mapped pages included.
///
///     swift run -c release ranking-speed model.safetensors 0.95 [threads] [repeats] [mask file]
///
/// The mask is written with one bit per weight, the first in the lowest bit of the first byte.
@main
struct RankingSpeed {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 2, let sparsity = Double(arguments[1]) else {
      print("usage: ranking-speed CHECKPOINT SPARSITY [THREADS] [REPEATS] [MASK-FILE]")
      exit(64)
    }
    func count(_ index: Int, default value: Int) -> Int {
      arguments.count > index ? Int(arguments[index]) ?? value : value
    }
    let posterior = try Posterior(try TensorFile(contentsOf: arguments[0]))
    let clock = ContinuousClock()
    var mask: Mask?
    for _ in 0..<count(3, default: 5) {
      let time = try clock.measure {
        let ranking = try Ranking(
          posterior, by: .signalToNoiseRatio, threadCount: count(2, default: 1))
        mask = try ranking.pruning(atSparsity: sparsity).keeps
      }
      print(time / .seconds(1))
    }
    print(peakMemory)
    if arguments.count > 4, let mask {
      try packed(mask).write(to: URL(fileURLWithPath: arguments[4]))
    }
  }

  private static var peakMemory: Int {
    #if os(Linux)
      // getrusage would count what the process was before it became this program.
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
      return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  private static func packed(_ mask: Mask) -> Data {
    var bytes = Data(count: (mask.count + 7) / 8)
    for position in mask.keptPositions { bytes[position / 8] |= 1 << UInt8(position % 8) }
    return bytes
  }
}
