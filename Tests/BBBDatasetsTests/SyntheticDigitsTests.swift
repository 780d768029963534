import BBBDatasets
import Crypto
import Foundation
import Testing

@Suite struct SyntheticDigitsTests {
  static let train = Dataset.syntheticDigits(.train)
  static let test = Dataset.syntheticDigits(.test)

  static func pixels(of dataset: Dataset) -> [UInt8] {
    guard case .bytes(let pixels) = dataset.inputs else { return [] }
    return pixels
  }

  /// Reports that name these digits can be compared only if they are the same everywhere.
  @Test(arguments: [
    (
      Dataset.Split.train, 60000,
      "b18067071c7117b27bee0e21f202ba8430220d6514888c3777d0ab20e7eb2fd2"
    ),
    (.test, 10000, "34ee0ae315765ea9be7bbb431b96d9341264c3818d68af2b9e4a775d0dad7f49"),
  ])
  func `the default digits are the same bytes on every platform`(
    split: Dataset.Split, count: Int, digest: String
  ) {
    let dataset = split == .train ? Self.train : Self.test
    #expect(dataset.count == count)
    #expect(dataset.exampleShape == [28, 28])
    #expect(dataset.name == "synthetic-digits")
    let bytes = SHA256.hash(data: Self.pixels(of: dataset))
    #expect(
      bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == digest)
  }

  @Test func `every digit is as frequent as the others, also among the first`() {
    for (labels, count) in [
      (Self.train.labels[...], 6000), (Self.test.labels[...], 1000), (Self.test.labels[..<50], 5),
    ] {
      for digit in 0...9 { #expect(labels.count { $0 == digit } == count) }
    }
  }

  @Test(arguments: [Dataset.Split.train, .test], [0, 1, 599, 600, 9999])
  func `a digit drawn alone is the one in the whole`(split: Dataset.Split, index: Int) {
    let dataset = split == .train ? Self.train : Self.test
    let digit = SyntheticDigit(index: index, split: split)
    #expect(digit.label == dataset.labels[index])
    #expect(digit.pixels == Array(Self.pixels(of: dataset)[(index * 784)..<(index + 1) * 784]))
  }

  @Test func `the number of threads changes nothing`() {
    let one = Dataset.syntheticDigits(.test, threadCount: 1)
    let three = Dataset.syntheticDigits(.test, threadCount: 3)
    #expect(one.inputs == Self.test.inputs && three.inputs == Self.test.inputs)
  }

  @Test func `another seed gives other digits with the same labels`() {
    for index in 0..<20 {
      let digit = SyntheticDigit(index: index, split: .test)
      let other = SyntheticDigit(index: index, split: .test, seed: 2)
      #expect(digit.label == other.label && digit.pixels != other.pixels)
    }
  }

  @Test func `no digit for testing is among those for training`() {
    func images(_ dataset: Dataset) -> Set<ArraySlice<UInt8>> {
      let pixels = Self.pixels(of: dataset)
      return Set((0..<dataset.count).map { pixels[($0 * 784)..<($0 + 1) * 784] })
    }
    let (train, test) = (images(Self.train), images(Self.test))
    #expect(train.count == 60000 && test.count == 10000)
    #expect(train.isDisjoint(with: test))
  }

  @Test func `each is white ink on black, neither a dot nor a blot`() {
    let pixels = Self.pixels(of: Self.test)
    for start in stride(from: 0, to: pixels.count, by: 784) {
      let image = pixels[start..<start + 784]
      #expect((25...450).contains(image.count { $0 > 0 }))
      #expect(image.contains { $0 > 150 })
    }
  }

  /// A classifier too simple to learn noise: the labels mean what the pixels show.
  @Test func `most are nearest to the mean of their class`() {
    var means = [[Double]](repeating: [Double](repeating: 0, count: 784), count: 10)
    let train = Self.pixels(of: Self.train)
    for (index, label) in Self.train.labels.enumerated() {
      for pixel in 0..<784 { means[label][pixel] += Double(train[index * 784 + pixel]) / 6000 }
    }
    let test = Self.pixels(of: Self.test)
    let errors = Self.test.labels.enumerated().count { index, label in
      let distances = means.map { mean in
        (0..<784).reduce(0.0) { sum, pixel in
          let difference = mean[pixel] - Double(test[index * 784 + pixel])
          return sum + difference * difference
        }
      }
      return distances[label] > (distances.min() ?? 0)
    }
    // Guessing would err on 9000.
    #expect((500...4000).contains(errors), "\(errors) of 10,000")
  }
}
