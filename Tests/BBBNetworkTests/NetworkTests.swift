import BBBNetwork
import NetworkReference
import Testing

@Suite("A network")
struct NetworkTests {
  @Test("knows the shape of every value, and its parameters in order of evaluation")
  func shapes() throws {
    let network = try Network(text: NetworkExamples.lenet5)
    #expect(
      network.shapes.map(\.description)
        == ["1×28×28", "20×24×24", "20×12×12", "50×8×8", "50×4×4", "800", "500", "500", "10"])
    #expect(network.parameters.map(\.weightName).first == "conv1.weight")
    #expect(network.parameters.map(\.weights.count) == [500, 25_000, 400_000, 5_000])
    #expect(network.inputCount == 784 && network.outputCount == 10)
  }

  @Test(
    "refuses nodes that form none, and names the node",
    arguments: [
      (
        [Node("a", .matrix(Matrix(unitCount: 2)), reading: [.node(0)])],
        "a: it reads a node that is not computed yet"
      ),
      (
        [
          Node("a", .activation(.relu), reading: [.input]),
          Node("a", .activation(.relu), reading: [.node(0)]),
        ],
        "a: two nodes have this name; give each its own"
      ),
      (
        [
          Node("a", .activation(.relu), reading: [.input]),
          Node("b", .activation(.tanh), reading: [.input]),
        ],
        "a: nothing reads what it gives, and it is not the last, which gives the output; leave it out"
      ),
      (
        [Node("a", .arithmetic(.add), reading: [.input])], "a: add reads two values, and not 1"
      ),
      (
        [Node("a", .pool(Pool(.max, Window([.init(2)]))), reading: [.input])],
        "a: a pool reads channels of one axis or more, and there are 4 plain units"
      ),
    ])
  func structure(nodes: [Node], sentence: String) {
    #expect {
      try Network(input: [4], nodes: nodes)
    } throws: { error in
      "\(error)" == sentence
    }
  }

  @Test(
    "lets one element along an axis go with all of the other value's",
    arguments: Arithmetic.allCases)
  func broadcasting(arithmetic: Arithmetic) throws {
    let network = try Network(
      text:
        "input 2 3; row = slice 0:1 0:3; column = slice 0:2 1:2 from input; o = \(arithmetic.rawValue) row column"
    )
    #expect(network.shapes[3] == [2, 3])
    let output = ReferenceNetwork(network, []).output(for: [1, 2, 3, 4, 5, 6])
    let expected = [(1.0, 2.0), (2, 2), (3, 2), (1, 5), (2, 5), (3, 5)].map { arithmetic($0, $1) }
    #expect(output == expected)
  }

  @Test("has weights once that several nodes use, whatever they read and however kernels move")
  func sharing() throws {
    let network = try Network(
      text: """
        input 3 5
        a = convolution 3 1
        b = convolution 3 1 stride 2 sharing a
        c = slice 0:3 0:1
        flatten
        d = linear 3 sharing a
        """)
    #expect(network.parameters.map(\.name) == ["a"])
    #expect(network.parameters[0].users == [0, 1, 4])
    #expect(network.nodes.indices.filter { network.nodes[$0].operation.hasParameter } == [0])
    for node in [0, 1, 4] { #expect(network.parameterNumber(ofNode: node) == 0) }
    #expect(network.sparseForm.parameters[0].users == [0, 1, 4])
    // By hand: x → 2x + 1 in every channel, three times.
    let weights = ReferenceNetwork.Weights(
      weights: [2, 0, 0, 0, 2, 0, 0, 0, 2], biases: [1, 1, 1])
    let output = ReferenceNetwork(network, [weights])
      .output(for: (0..<15).map { Double($0 % 5) })
    #expect(output == [7, 7, 7])
    #expect(try Network(text: "3-3-3 relu").layerSizes != nil)
    #expect(
      try Network(text: "input 3; a = linear 3; relu; b = linear 3 sharing a").layerSizes == nil)
  }

  @Test(
    "shares no weights of another shape, or of what has none",
    arguments: [
      (
        "input 3; a = linear 3; b = linear 2 sharing a",
        "b: it uses 2×3 weights with biases, and 'a', whose weights it shares, has 3×3 weights with biases"
      ),
      (
        "input 3; a = linear 3; b = linear 3 without-bias sharing a",
        "b: it uses 3×3 weights without biases, and 'a', whose weights it shares, has 3×3 weights with biases"
      ),
      (
        "input 4 3; a = convolution 4 1; b = convolution 4 1 groups 2 sharing a",
        "b: it uses 4×2 weights in 2 groups with biases, and 'a', whose weights it shares, has 4×4 weights with biases"
      ),
      (
        "input 3; a = linear 3; b = relu; c = linear 3 sharing b",
        "line 1: 'b' has no weights to share; name a linear layer or a convolution"
      ),
      (
        "input 3; a = linear 3; b = linear 3 sharing a; c = linear 3 sharing b",
        "line 1: 'b' uses the weights of 'a' itself; write 'sharing a'"
      ),
      ("input 3; a = linear 3 sharing z", "line 1: no line before this one is called 'z'"),
      (
        "input 3; a = linear 3 sharing",
        "line 1: the line ends where the name of the line whose weights are used is to follow"
      ),
    ])
  func unfitSharing(text: String, message: String) {
    let error = #expect(throws: NetworkError.self) { try Network(text: text) }
    #expect(error?.description == message)
  }

  @Test("that is a multilayer perceptron says so")
  func layerSizes() throws {
    for text in ["784-100-10 relu", "4-3-2-1 tanh", "5-2", "4-4-4 none"] {
      let network = try Network(text: text)
      let found = try #require(network.layerSizes)
      let sizes = found.sizes.map(String.init).joined(separator: "-")
      #expect("\(sizes) \(found.activation.rawValue)".hasPrefix(text))
    }
    for text in [
      NetworkExamples.lenet5, NetworkExamples.residual,
      "input 4; a = linear 3; relu; b = linear 2; tanh; c = linear 1",
      "input 4; a = linear 3; relu",
    ] {
      #expect(try Network(text: text).layerSizes == nil)
    }
  }

  @Test("windows read what the definition says, over any extents, strides, dilations and paddings")
  func windows() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let axes = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        Window.Axis(
          Int.random(in: 1...3), stride: Int.random(in: 1...3), dilation: Int.random(in: 1...2),
          paddingBefore: Int.random(in: 0...2), paddingAfter: Int.random(in: 0...2))
      }
      let positions = axes.map { _ in Int.random(in: 1...6) }
      let window = Window(axes)
      guard zip(axes, positions).allSatisfy({ $0.outputCount(of: $1) > 0 }) else { continue }
      // A kernel whose cells are powers tells which positions it read: the reference has loops of its own.
      let network = try Network(
        input: Shape([1] + positions),
        nodes: [
          Node(
            "k", .matrix(Matrix(unitCount: 1, window: window, hasBias: false)), reading: [.input])
        ])
      let weights = (0..<window.cellCount).map { _ in Double.random(in: -1...1) }
      let input = (0..<network.inputCount).map { _ in Double.random(in: -1...1) }
      let output = ReferenceNetwork(network, [.init(weights: weights, biases: [0])])
        .output(for: input)
      let sources = window.sources(over: positions)
      #expect(sources.count == output.count, "\(window) over \(positions)")
      for (cells, expected) in zip(sources, output) {
        let sum = zip(cells, weights).reduce(0) { $0 + ($1.0.map { input[$0] } ?? 0) * $1.1 }
        #expect(abs(sum - expected) < 1e-12, "\(window) over \(positions)")
      }
    }
  }
}

/// Networks that several tests read.
enum NetworkExamples {
  static let lenet5 = """
    input 1 28 28
    conv1 = convolution 20 5x5
    max-pool 2x2
    conv2 = convolution 50 5x5
    max-pool 2x2
    flatten
    fc1 = linear 500
    relu
    fc2 = linear 10
    """

  static let residual = """
    input 3 32 32
    conv = convolution 16 3x3 pad 1   # as many rows and columns as before
    start = relu
    block.0 = convolution 16 3x3 pad 1
    relu
    block.1 = convolution 16 3x3 pad 1
    add block.1 start
    relu
    average-pool 32x32
    flatten
    head = linear 10
    """
}
