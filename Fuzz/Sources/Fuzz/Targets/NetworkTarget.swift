import BBBNetwork

extension FuzzTarget {
  /// Networks as text.
  static let network = FuzzTarget(
    name: "network", test: testNetwork,
    seeds: { _ in
      [
        "784-100-10 relu",
        "input 1 28 28\nconv1 = convolution 20 5x5\nmax-pool 2x2\nflatten\nfc = linear 10",
        "input 4; a = linear 3; b = linear 3 from input; add a b; tanh; c = linear 1 without-bias # end",
        "input 4 3 3; a = average-pool 3x3; b = sigmoid; c = multiply input b; d = slice 0:4:2 1:2 0:3; e = pad 1 1 0; maximum e e",
        "input 2 3; p = constant 2 3; s = add p input; t = constant 1 1; concatenate s s; maximum t concatenate5",
        "input 2 9\na = convolution 4 3 stride 2 pad 1:0 dilation 2 groups 2\nconcatenate a a\naverage-pool 2 counting-padding",
        "input 4 6\nreshape 2 2 6\nproduct reshape1 reshape1 transposing first\nsoftmax axis 2\nt = transpose 1 0 2\n"
          + "normalise axis 0 axis 2 epsilon 0.001\nslice 0:6:2 0:2 1:3\npad 0 1:0 0",
      ].map { Array($0.utf8) }
    },
    dictionary: [
      "input", "linear", "convolution", "max-pool", "average-pool", "flatten", "add", "concatenate",
      "constant", "subtract", "multiply", "divide", "minimum", "maximum", "power", "equal", "less",
      "select", "square-root", "relu", "from", "pad",
      "stride", "dilation", "groups", "without-bias", "counting-padding", " = ", "slice",
      "transpose", "reshape", "softmax", "normalise", "product", "axis", "epsilon",
      "transposing", "first", "second", "both",
      "\n", ";", "3x3", "0:1",
    ])
}

/// Reads a network, and the same once more from its own text.
private func testNetwork(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  do throws(NetworkError) {
    let network = try Network(text: text)
    require(network.inputCount > 0 && network.outputCount > 0, "there are inputs and outputs")
    let again: Network
    do throws(NetworkError) {
      again = try Network(text: network.description)
    } catch {
      fatalError("what was written is not read: \(error)")
    }
    require(again == network, "what was written is read")
    require(
      (try? Network(text: network.textInOneLine)) == network, "so is what was written in one line")
    // As many units as a fuzzer's memory holds.
    guard network.shapes.reduce(0, { $0 + $1.extents[0] }) < 100_000 else { return }
    let spaces = network.unitSpaces
    require(
      spaces.spaces.reduce(0) { $0 + $1.units.count } == spaces.unitCount, "each unit has a space")
  } catch {
    requireMessage(error.message)
  }
}
