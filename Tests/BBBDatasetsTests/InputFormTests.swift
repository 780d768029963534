import BBBDatasets
import BBBNetwork
import BBBTensors
import Foundation
import TestSupport
import Testing

/// Arrays whose channels come first or last, and networks that want them so or so.
struct InputFormTests {
  static let first = "input 3 4 5; conv = convolution 2 3x3; flatten; fc = linear 2"
  static let last =
    "input 4 5 3; transpose 2 0 1; conv = convolution 2 3x3; flatten; fc = linear 2"

  /// The number of a channel, a row and a column, which no two share.
  static func number(_ example: Int, _ channel: Int, _ row: Int, _ column: Int) -> Float {
    Float(1000 * example + 100 * channel + 10 * row + column)
  }

  /// Two examples of three channels, four rows and five columns.
  static func examples(channelsLast: Bool) throws -> Dataset {
    var numbers: [Float] = []
    for example in 0..<2 {
      if channelsLast {
        for row in 0..<4 {
          for column in 0..<5 {
            for channel in 0..<3 { numbers.append(number(example, channel, row, column)) }
          }
        }
      } else {
        for channel in 0..<3 {
          for row in 0..<4 {
            for column in 0..<5 { numbers.append(number(example, channel, row, column)) }
          }
        }
      }
    }
    return try Dataset(
      name: "x", inputs: .floats(numbers), exampleShape: channelsLast ? [4, 5, 3] : [3, 4, 5],
      labels: [0, 1])
  }

  static func form(_ text: String, _ layout: InputLayout? = nil) throws -> InputForm {
    InputForm(of: try Network(text: text), layout: layout)
  }

  static func arranged(
    _ shape: [Int], _ text: String, _ layout: InputLayout? = nil
  ) throws -> Dataset {
    try Dataset(
      name: "x.npy", inputs: .floats((0..<shape.reduce(1, *)).map { Float($0) }),
      exampleShape: shape, labels: [0]
    ).arranged(for: form(text, layout))
  }

  @Test(arguments: [first, last], [false, true])
  func `channels come to where the network has them`(text: String, channelsLast: Bool) throws {
    let wanted = try Self.examples(channelsLast: text == Self.last)
    for layout in [nil, channelsLast ? InputLayout.channelsLast : .channelsFirst] {
      let dataset = try Self.examples(channelsLast: channelsLast)
        .arranged(for: Self.form(text, layout))
      #expect(dataset.inputs == wanted.inputs)
      #expect(dataset.exampleShape == wanted.exampleShape)
      #expect(dataset.labels == [0, 1])
    }
    let error = #expect(throws: DatasetError.self) {
      try Self.examples(channelsLast: channelsLast)
        .arranged(for: Self.form(text, channelsLast ? .channelsFirst : .channelsLast))
    }
    #expect(error?.message.contains("the network takes") == true)
  }

  @Test func `bytes are moved like floats`() throws {
    let dataset = try Dataset(
      name: "x", inputs: .bytes([1, 2, 3, 4, 5, 6]), exampleShape: [1, 3, 2], labels: [0]
    ).arranged(for: Self.form("input 2 1 3; conv = convolution 1 1x1; flatten"))
    #expect(dataset.inputs == .bytes([1, 3, 5, 2, 4, 6]))
  }

  @Test func `where channels may be first or last, the user says which`() throws {
    let text = "input 2 2 2; conv = convolution 2 1x1; flatten"
    let error = try #require(throws: DatasetError.self) { try Self.arranged([2, 2, 2], text) }
    #expect(
      error.description == """
        x.npy: holds examples of 2×2×2 numbers, whose channels may be the first or the last; say which with \
        '--input-layout channels-first' or '--input-layout channels-last'
        """)
    #expect(
      try Self.arranged([2, 2, 2], text, .channelsFirst).inputs
        == .floats([0, 1, 2, 3, 4, 5, 6, 7]))
    #expect(
      try Self.arranged([2, 2, 2], text, .channelsLast).inputs
        == .floats([0, 2, 4, 6, 1, 3, 5, 7]))
  }

  @Test(arguments: [
    // A single channel may stand anywhere, or be left out.
    ([28, 28], "input 1 28 28; conv = convolution 1 3x3; flatten"),
    ([28, 28, 1], "input 1 28 28; conv = convolution 1 3x3; flatten"),
    ([1, 28, 28], "input 28 28 1; transpose 2 0 1; conv = convolution 1 3x3; flatten"),
    // Rows are what flattening gives, and a network of rows takes what stands in the file.
    ([60], first), ([1, 60], first), ([28, 28, 3], "2352-10"), ([28, 28], "784-10"),
    // A table that nothing slides over has no channels.
    ([4, 4], "input 4 4; flatten; fc = linear 2"),
    // Another size is told of where it is checked.
    ([7, 7], first),
  ])
  func `order is left alone where there is no question`(shape: [Int], text: String) throws {
    let dataset = try Self.arranged(shape, text)
    #expect(dataset.inputs == .floats((0..<shape.reduce(1, *)).map { Float($0) }))
    #expect(dataset.exampleShape == shape)
  }

  @Test func `signals, too, have channels`() throws {
    let text = "input 2 3; conv = convolution 2 2; flatten"
    #expect(try Self.arranged([3, 2], text).inputs == .floats([0, 2, 4, 1, 3, 5]))
    #expect(throws: DatasetError.self) {
      try Self.arranged([3, 3], "input 3 3; conv = convolution 2 2; flatten")
    }
  }

  @Test(arguments: [[5, 4, 3], [3, 20], [4, 15], [3, 5, 4], [2, 30]])
  func `shapes that fit in no way are refused`(shape: [Int]) throws {
    let error = try #require(throws: DatasetError.self) { try Self.arranged(shape, Self.first) }
    #expect(error.code == .mismatched)
    #expect(error.message.contains("but the network takes 3×4×5, the channels first"))
  }

  @Test func `rows have no channels that could come last`() throws {
    #expect(throws: DatasetError.self) { try Self.arranged([60], Self.first, .channelsLast) }
    // A network of rows is one that was trained on channels, one after the other.
    #expect(
      try Self.arranged([1, 3, 2], "6-2", .channelsLast).inputs == .floats([0, 2, 4, 1, 3, 5]))
  }

  @Test func `inputs of a file are arranged too, and a single example that comes alone`() throws {
    try withTemporaryFolder { folder in
      let form = try Self.form("input 2 1 3; conv = convolution 1 1x1; flatten")
      for (shape, numbers) in [
        ([1, 3, 2], [Float](arrayLiteral: 0, 2, 4, 1, 3, 5)),
        ([2, 1, 3, 2], [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]),
      ] {
        let path = folder + "/x.npz"
        let tensor = Tensor(
          name: "x", shape: shape, floats: (0..<numbers.count).map { Float($0) })
        try NPZEncoder.encode([tensor]).write(to: URL(fileURLWithPath: path))
        #expect(try ArrayFile(inputsOf: path).inputs(for: form) == .floats(numbers))
      }
    }
  }
}
