import BBBNetwork
import NetworkReference
import Testing

/// Operations that move, join or compare elements along axes.
@Suite struct AxesTests {
  @Test func `a transformer has the shapes that its operations say, and is written as it is read`()
    throws
  {
    let network = try Network(text: Transformers.vision)
    #expect(network.description == Transformers.vision)
    let shapes = Dictionary(
      uniqueKeysWithValues: zip(network.nodes.map(\.name), network.shapes.dropFirst()))
    #expect(shapes["scores"] == [2, 9, 9] && shapes["mixed"] == [2, 6, 9])
    #expect(shapes["transpose22"] == [9, 12] && shapes["head"] == [5])
  }

  @Test func `a transposition names the axis that each becomes`() {
    let transpose = Transpose([2, 0, 1])
    // 2×3×4 becomes 4×2×3.
    let sources = transpose.sources(in: [2, 3, 4])
    #expect(sources.count == 24 && sources[0..<4] == [0, 4, 8, 12] && sources[6] == 1)
  }

  @Test func `gathered elements are written in runs`() throws {
    let network = try Network(
      text: """
        input 2 8
        gather axis 1 0:8*2,3,7:-1:-2
        gather axis 0 1,0,1,1
        pad 0 2:0:3
        """)
    #expect(network.shapes.map(\.extents) == [[2, 8], [2, 21], [4, 21], [4, 83]])
    #expect(try Network(text: network.description) == network)
    #expect(network.description.contains("gather axis 1 0:8*2,3:8:4,5:0:-2"))
    #expect(
      Gather(axis: 0, positions: [5, 4, 4, 2, 0, 7]).runs.flatMap(\.positions) == [
        5, 4, 4, 2, 0, 7,
      ])
  }

  @Test(
    arguments: [
      ("transpose 0 1", "a transposition of 2×3×4 names each of its axes once, from 0 to 2"),
      ("transpose 0 1 1", "a transposition of 2×3×4 names each of its axes once, from 0 to 2"),
      ("reshape 5 5", "the 24 elements of 2×3×4 cannot be arranged as 5×5"),
      (
        "reshape 16777216 16777216 16777216",
        "a value of 16777216×16777216×16777216 elements is beyond what can be computed"
      ),
      ("reshape 2 3 4 1 1 1 1 1 1", "a value has at most 8 axes, and not 9"),
      ("gather axis 3 0", "there is no axis 3 to gather along in a value of 2×3×4 elements"),
      ("gather axis 1 0:4", "element 3 is gathered along an axis of 3, numbered from 0"),
      ("pad 0:0:1 0 0", "zeros stand between positions, and not between channels"),
      ("softmax axis 3", "2×3×4 has no axis 3; the last is 2"),
      (
        "normalise axis 1 axis 1",
        "a normalisation of 2×3×4 is over one or more of its axes, from 0 to 2"
      ),
      (
        "product input input",
        "2×3×4 and 2×3×4 cannot be multiplied: 4 columns meet 3 rows, and the axes before the last two are to be alike"
      ),
    ])
  func `what does not fit is refused`(line: String, sentence: String) {
    #expect {
      try Network(text: "input 2 3 4\nx = \(line)")
    } throws: { error in
      "\(error)" == "line 2, x: \(sentence)"
    }
  }

  @Test(
    arguments: [
      ("transpose", "the line ends where the axes in another order, such as 1 0, is to follow"),
      ("transpose 1 x", "'x' is to be one of the axes in another order, such as 1 0"),
      ("reshape 0 4", "'0' is to be one of the extents, channels first, such as 3 32 64"),
      ("gather 1 0:4", "gather is along an axis; write 'gather axis 1 0:8*2'"),
      (
        "gather axis 1 4:0",
        "'4:0' is to be positions, such as 5, 0:16, 0:16:2, backwards 15:-1:-1, or each twice 0:8*2"
      ),
      ("softmax 1", "softmax is along an axis; write 'softmax axis 2'"),
      ("softmax axis 8", "'8' is to be an axis, from 0, the channels, to 7"),
      ("normalise", "normalise is over one axis or more; write 'normalise axis 0 axis 1'"),
      ("normalise axis 0 epsilon 0", "'0' is to be epsilon, a number from 1e-30 to 1e30"),
      ("normalise axis 0 epsilon nan", "'nan' is to be epsilon, a number from 1e-30 to 1e30"),
      (
        "product input input transposing third",
        "'third' is to be what is transposed: first, second or both"
      ),
      ("product transposing first", "no line before this one is called 'transposing'"),
    ])
  func `what is not said is asked for`(line: String, sentence: String) {
    #expect {
      try Network(text: "input 2 3 4\n\(line)")
    } throws: { error in
      "\(error)" == "line 2: \(sentence)"
    }
  }

  @Test func `products multiply what is stored either way`() throws {
    for (first, second, words) in [
      ("3 4", "4 5", ""), ("4 3", "4 5", " transposing first"),
      ("3 4", "5 4", " transposing second"),
      ("4 3", "5 4", " transposing both"),
    ] {
      let text =
        "input 2 20\nslice 0:2 0:12\na = reshape 2 \(first)\nb = reshape 2 \(second) from input\nproduct a b\(words)"
      #expect(try Network(text: text).shapes.last == [2, 3, 5])
      #expect(try Network(text: text).description == text)
    }
  }

  /// What an operation leaves of a convolution's units, behind which nothing pins them.
  private func areFree(_ lines: String) throws -> Bool {
    let network = try Network(
      text: "input 2 3 4\nc = convolution 6 1x1\n\(lines)\nflatten\nout = linear 1")
    return network.unitSpaces.spaces.contains { $0.units.count == 6 && $0.isFree }
  }

  @Test func `channels that are passed on stay units, others are pinned`() throws {
    for lines in [
      "transpose 0 2 1", "softmax axis 1", "softmax axis 2", "normalise axis 1 axis 2",
      "reshape 6 12",
      "reshape 6 2 2 3", "flatten\nreshape 6 4 3",
    ] { #expect(try areFree(lines), "\(lines)") }
    for lines in [
      "transpose 1 0 2", "softmax axis 0", "normalise axis 0", "normalise axis 0 axis 1 axis 2",
      "reshape 12 6",
      "reshape 72", "flatten\nsoftmax axis 0", "product c c transposing second",
    ] { #expect(try !areFree(lines), "\(lines)") }
  }

  @Test func `units that go leave the shape that is left`() throws {
    let network = try Network(
      text: "input 2 3 4; c = convolution 6 1x1; reshape 6 12; softmax axis 1; d = convolution 1 1")
    let spaces = network.unitSpaces
    var isKept = [Bool](repeating: true, count: spaces.unitCount)
    for unit in spaces.channels[1].prefix(4).map(\.unit) { isKept[unit] = false }
    #expect(
      network.keeping(isKept, of: spaces).textInOneLine
        == "input 2 3 4; c = convolution 2 1x1; reshape 2 12; softmax axis 1; d = convolution 1 1")
  }
}
