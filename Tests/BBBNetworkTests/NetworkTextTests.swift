import NetworkReference
import TestSupport
import Testing

@testable import BBBNetwork

@Suite("A network's text")
struct NetworkTextTests {
  @Test("is read as it is written, for any network", arguments: 0..<100)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<10 {
      let network = RandomNetworks.make(using: &generator)
      #expect(try Network(text: network.description) == network, "\(network)")
      #expect(try Network(text: network.textInOneLine) == network)
    }
  }

  @Test("may have comments, empty lines, names and sources")
  func layout() throws {
    let network = try Network(text: NetworkExamples.residual)
    #expect(network.nodes.map(\.name)[1] == "start")
    #expect(network.nodes[5].inputs == [.node(4), .node(1)])
    #expect(network.shapes[8].description == "16×1×1")
    let text = "input 4\n\n a = linear 3 ; \t b = linear 3 from input;add a b # both\r\n"
    #expect(try Network(text: text).outputCount == 3)
  }

  @Test("windows are written with as little as says what they are")
  func windows() throws {
    let lines = """
      input 2 9 9
      a = convolution 4 3x3 stride 2 pad 1 groups 2
      b = convolution 4 3x2 stride 1x2 pad 0:1x2 dilation 2x1 without-bias
      max-pool 2x2
      average-pool 2x2 stride 1 pad 1:0 counting-padding
      flatten
      """
    let network = try Network(text: lines)
    #expect(network.description == lines)
    #expect(
      network.shapes.map(\.description) == ["2×9×9", "4×5×5", "4×2×4", "4×1×2", "4×1×2", "8"])
  }

  @Test("sizes with an activation are short for a multilayer perceptron")
  func shorthand() throws {
    let network = try Network(text: "784-1200-10 relu")
    #expect(
      network.textInOneLine == "input 784; fc1 = linear 1200; fc1-relu = relu; fc2 = linear 10")
  }

  @Test(
    "that describes none is refused with the line and the remedy",
    arguments: [
      ("", "there is no network; begin with the input's shape, such as 'input 1 28 28'"),
      (
        "conv 3",
        "line 1: 'conv' begins no network: begin with the input's shape, such as 'input 1 28 28', or write "
          + "sizes and an activation, such as '784-100-10 relu'"
      ),
      ("784-10-10", "line 1: sizes are followed by one activation, such as '784-10-10 relu'"),
      (
        "4-3-2 relu\nlinear 4",
        "line 2: nothing follows sizes such as 784-100-10, which are a whole network"
      ),
      ("input 1 28 28", "a network has at least one operation"),
      (
        "input 0 3",
        "line 1: the input's shape is one number for each axis, channels first, such as 'input 1 28 28'"
      ),
      (
        "input 4\nlinear 3",
        "line 2: linear has weights, whose name is the line's: write 'NAME = linear …'"
      ),
      ("input 4\na = linear", "line 2: the line ends where the number of units is to follow"),
      ("input 4\na = linear 0", "line 2: '0' is to be the number of units, from 1 to 16777216"),
      ("input 4\na = linear 3 bias", "line 2: 'bias' has no meaning here; leave it out"),
      (
        "input 1 4 4\na = linear 3",
        "line 2, a: linear reads a value of one axis, and 1×4×4 has 3; put 'flatten' before it"
      ),
      (
        "input 1 4 4\na = convolution 3 5x5",
        "line 2, a: the kernel reaches over 5×5 elements and does not fit into 4×4"
      ),
      ("input 4\nadd b input", "line 2: no line before this one is called 'b'"),
      (
        "input 4\na = linear 3\nb = linear 2 from input\nadd a b",
        "line 4, add3: values of 3 and 2 elements cannot be added; give them equally many axes, and along each as many "
          + "elements, or 1"
      ),
      (
        "input 4 3\na = slice 0:2 0:3\nmultiply input a",
        "line 3, multiply2: values of 4×3 and 2×3 elements cannot be multiplied; give them equally many axes, and along "
          + "each as many elements, or 1"
      ),
      (
        "input 4\nconstant 4",
        "line 2: constant has numbers, whose name is the line's: write 'NAME = constant …'"
      ),
      (
        "input 4\nc = constant",
        "line 2: the line ends where the number of elements along each axis is to follow"
      ),
      (
        "input 4\nc = constant 4 from input",
        "line 2: 'from' is to be the number of elements along each axis, from 1 to 16777216"
      ),
      ("input 4\nmaximum input", "line 2, maximum1: maximum reads two values, and not 1"),
      (
        "input 16777216 16777216\nflatten",
        "line 1: a value of 16777216×16777216 elements is beyond what can be computed"
      ),
      (
        "input 4 4 4\nmax-pool 2x2 pad 2",
        "line 2, max-pool1: a window lies in the padding alone; let there be less of it"
      ),
      (
        "input 4 4 6\nslice 0:4 2:2 0:6",
        "line 2, slice1: a slice takes at least one position along each axis"
      ),
      (
        Array(repeating: "16777216", count: 17).joined(separator: "-") + " none",
        "line 1, fc16: the values up to here have more than 268435456 elements together"
      ),
      (
        "input 16777216" + String(repeating: "\ntanh", count: 16),
        "tanh16: the values up to here have more than 268435456 elements together"
      ),
    ])
  func refusals(text: String, sentence: String) {
    #expect {
      try Network(text: text)
    } throws: { error in
      "\(error)" == sentence
    }
  }

  @Test("a refusal begins with the file, once whoever read it has set it")
  func refusalOfFile() {
    #expect {
      try Network(text: "input 4\nlinear 3")
    } throws: { error in
      guard var error = error as? NetworkError else { return false }
      error.path = "network.txt"
      return "\(error)".hasPrefix("network.txt: line 2: linear has weights")
    }
  }

  @Test("unknown operations are told with all that there are")
  func unknownOperation() {
    #expect {
      try Network(text: "input 4\nattention 3")
    } throws: { error in
      "\(error)".hasPrefix("line 2: 'attention' is no operation; there are linear, convolution, ")
    }
  }

  @Test("every word that the message names is read")
  func words() {
    for word in Operation.words {
      var sentence = ""
      do {
        _ = try Network(text: "input 4; x = \(word)")
      } catch {
        sentence = "\(error)"
      }
      #expect(!sentence.contains("is no operation"), "\(word)")
    }
  }

  @Test("lines end as they do on Windows, and a byte order mark is none of it")
  func lineEnds() throws {
    let text = "input 4\n# hidden\nfc1 = linear 3\nrelu\nfc2 = linear 2\n"
    let network = try Network(text: text)
    let windows = text.split(separator: "\n").joined(separator: "\r\n")
    #expect(try Network(text: "\u{FEFF}" + windows) == network)
    #expect {
      try Network(text: "input 4\r\n\r\nfc1 = lineal 3")
    } throws: { error in
      "\(error)".hasPrefix("line 3: 'lineal' is no operation")
    }
  }

  @Test(
    "windows that would ask for all memory are refused",
    arguments: [
      "input 1 28 28; c = convolution 1 1x1 stride 33000 pad 33000",
      "input 1 300 300; average-pool 300x300 stride 1 pad 150",
    ])
  func hugeWindows(text: String) {
    #expect {
      try Network(text: text)
    } throws: { error in
      "\(error)".contains("beyond what can be computed; make it smaller")
    }
  }
}
