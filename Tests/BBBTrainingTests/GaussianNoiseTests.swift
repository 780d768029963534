import BBBKernels
import CBBBKernels
import Foundation
import TestSupport
import Testing

@testable import BBBInference
@testable import BBBTraining

/// The random words and the standard normals that are made from them.
struct GaussianNoiseTests {
  private func words(
    _ key: bbb_noise_key, count: Int, _ set: InstructionSet = .best
  ) -> [UInt32] {
    var words = [UInt32](repeating: 0, count: 4 * count)
    bbb_random_words(set.kernelValue, key, count, &words)
    return words
  }

  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0, 0, 0], [0x531c_7e4f, 0x3949_1ee5, 0x2c85_5a92, 0x3d6a_bf9a]),
      (
        [.max, .max, .max, .max], [.max, .max, .max, .max],
        [0xc418_9358, 0x1c9c_c83a, 0xd588_1c67, 0x6a0a_89e0]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
        [0xa409_3822, 0x299f_31d0, 0x082e_fa98, 0xec4e_6c89],
        [0x4aa7_1d8f, 0x7347_38c2, 0x431f_c6a8, 0xae6d_ebf1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func `the tests' own Threefry gives Random123's known answers`(
    counter: [UInt32], key: [UInt32], expected: [UInt32]
  ) {
    #expect(Threefry.words(counter: counter, key: key) == expected)
  }

  @Test(arguments: InstructionSet.available)
  func `the words of an all-zero key and counter are Random123's`(set: InstructionSet) {
    let words = words(bbb_noise_key(seed: 0, stream: 0, step: 0, draw: 0), count: 16, set)
    #expect(
      [words[0], words[16], words[32], words[48]] == [
        0x531c_7e4f, 0x3949_1ee5, 0x2c85_5a92, 0x3d6a_bf9a,
      ])
  }

  @Test(arguments: InstructionSet.available)
  func `words are Threefry's for any key and counter`(set: InstructionSet) {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50 {
      let key = bbb_noise_key(
        seed: generator.next(), stream: .random(in: 0 ... .max, using: &generator),
        step: .random(in: 0 ... .max, using: &generator),
        draw: .random(in: 0 ... .max, using: &generator))
      let words = words(key, count: 48, set)
      for counter in 0..<48 {
        let actual = (0..<4).map { words[$0 * 48 + counter] }
        #expect(actual == Threefry.words(key, counter: UInt32(counter)))
      }
    }
  }

  /// The normals of a stream by the formula of Box and Muller, in Double.
  private func reference(_ key: bbb_noise_key, at index: Int) -> Double {
    let quarter = index % 128 / 32
    let pair = index - quarter % 2 * 32
    let uniform = Double(Threefry.word(key, at: pair) >> 1 | 1) / 0x1p31
    let turns = Double(Int32(bitPattern: Threefry.word(key, at: pair + 32))) / 0x1p32
    let radius = (-2 * log(uniform)).squareRoot()
    return radius * (quarter % 2 == 0 ? cos(2 * .pi * turns) : sin(2 * .pi * turns))
  }

  @Test(arguments: InstructionSet.available)
  func `normals are Box and Muller's, within rounding`(set: InstructionSet) {
    for step in 0..<20 {
      let key = NoiseStream.weights(tensor: 3).key(seed: 5, step: step, draw: 2)
      let normals = AlignedBuffer(inNoiseBlocks: 384)
      bbb_standard_normals(set.kernelValue, key, 128, 384, normals.start)
      for (index, normal) in normals.values.enumerated() {
        // The uniform number is rounded to 24 bits before its logarithm, which matters where the
        // logarithm is near 0.
        #expect(abs(Double(normal) - reference(key, at: 128 + index)) < 3e-6)
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `numbers do not depend on the run they are made in`(set: InstructionSet) {
    let key = NoiseStream.preactivations(layer: 1).key(seed: 7, step: 9)
    let whole = AlignedBuffer(inNoiseBlocks: 1024)
    bbb_standard_normals(set.kernelValue, key, 0, 1024, whole.start)
    for (start, count) in [(0, 128), (128, 1), (256, 300), (896, 128), (0, 1024)] {
      let part = AlignedBuffer(inNoiseBlocks: count)
      bbb_standard_normals(set.kernelValue, key, start, count, part.start)
      #expect(part.values == Array(whole.values[start..<start + count]))
    }
  }

  private func normals(_ key: bbb_noise_key, count: Int) -> [Double] {
    let buffer = AlignedBuffer(inNoiseBlocks: count)
    bbb_standard_normals(bbb_best_instruction_set(), key, 0, count, buffer.start)
    return buffer.values.map(Double.init)
  }

  @Test(arguments: [UInt64(0), 1, 1 << 40])
  func `draws have the moments, the tails and the distribution of standard normals`(seed: UInt64) {
    let count = 1 << 18
    let sample = normals(NoiseStream.weights(tensor: 0).key(seed: seed), count: count)
    let n = Double(count)
    func moment(_ power: Int) -> Double {
      sample.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / n
    }
    // The standard errors of moments of a normal sample: those of x, x², x³, x⁴ are √1, √2, √15, √96.
    #expect(abs(moment(1)) < 4 * (1 / n).squareRoot())
    #expect(abs(moment(2) - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(moment(3)) < 4 * (15 / n).squareRoot())
    #expect(abs(moment(4) - 3) < 4 * (96 / n).squareRoot())
    for threshold in [1.0, 2, 3, 4] {
      let expected = erfc(threshold / 2.squareRoot()) * n
      let actual = Double(sample.count { abs($0) > threshold })
      #expect(abs(actual - expected) < 4 * expected.squareRoot())
    }
    // Kolmogorov and Smirnov: above 1.95 / √n once in a thousand samples.
    let largest = sample.sorted().enumerated().reduce(0.0) { largest, item in
      let probability = erfc(-item.element / 2.squareRoot()) / 2
      let (below, above) = (Double(item.offset) / n, Double(item.offset + 1) / n)
      return max(largest, above - probability, probability - below)
    }
    #expect(largest < 1.95 / n.squareRoot())
  }

  @Test func `streams, steps, draws and seeds have nothing to do with each other`() {
    let count = 1 << 16
    let keys = [
      NoiseStream.weights(tensor: 0).key(seed: 1), NoiseStream.weights(tensor: 1).key(seed: 1),
      NoiseStream.preactivations(layer: 0).key(seed: 1),
      NoiseStream.report(tensor: 0).key(seed: 1),
      NoiseStream.weights(tensor: 0).key(seed: 1, step: 1),
      NoiseStream.weights(tensor: 0).key(seed: 1, draw: 1),
      NoiseStream.weights(tensor: 0).key(seed: 2),
      NoiseStream.weights(tensor: 0).key(seed: 1 << 32 | 1),
    ]
    let samples = keys.map { normals($0, count: count) }
    for first in samples.indices {
      for second in samples.indices where second > first {
        let products = zip(samples[first], samples[second]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(products) < 4.5 * Double(count).squareRoot(), "\(first), \(second)")
      }
      // Nor has a number to do with the next one, or with its partner of Box and Muller's.
      for lag in [1, 32, 64, 128] {
        let sample = samples[first]
        let products = zip(sample, sample.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(products) < 4.5 * Double(count).squareRoot(), "\(first), lag \(lag)")
      }
    }
  }

  @Test func `no two purposes share a stream`() {
    let streams = (0..<4).flatMap { index in
      [
        NoiseStream.weights(tensor: index), .preactivations(layer: index),
        .initialMeans(tensor: index), .dropout(layer: index), .report(tensor: index),
      ]
    }
    let numbers = (streams + [.order, .validation]).map { $0.key(seed: 0).stream }
    #expect(Set(numbers).count == numbers.count)
    // Predictions from a checkpoint draw from streams that begin with 7 (BBBPruning).
    #expect(numbers.allSatisfy { $0 >> 24 != 7 })
  }
}
