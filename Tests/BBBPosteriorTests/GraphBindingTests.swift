import BBBNetwork
import BBBPosterior
import BBBTensors
import Foundation
import NetworkReference
import TestSupport
import Testing

@Suite("A graph whose weights are a posterior's")
struct GraphBindingTests {
  /// Numbers of which no two rows are multiples of each other.
  private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  private static let kernel = numbers(36, seed: 1)
  private static let kernelBias = numbers(4, seed: 2)
  private static let matrix = numbers(32, seed: 3)

  /// A convolution and a linear layer behind it, as bayesian-torch saves them.
  private func file(
    kernel: [Float] = kernel, matrix: [Float] = matrix, others: [Tensor] = []
  ) -> TensorFile {
    TensorFile(
      [
        Tensor(name: "conv.mu_kernel", shape: [4, 1, 3, 3], floats: kernel),
        .constant("conv.rho_kernel", 4, 1, 3, 3, value: -3),
        Tensor(name: "conv.mu_bias", shape: [4], floats: Self.kernelBias),
        .constant("conv.rho_bias", 4, value: -3),
        Tensor(name: "fc.mu_weight", shape: [2, 16], floats: matrix),
        .constant("fc.rho_weight", 2, 16, value: -3),
      ] + others)
  }

  /// The graph of that network, by default with names that say nothing.
  private func graph(
    _ text: String = """
    input 1 6 6
    a = convolution 4 3x3; relu; max-pool 2x2; flatten
    b = linear 2 without-bias
    """,
    kernel: [Float] = kernel, bias: [Float] = kernelBias, matrix: [Float] = matrix,
    names: [[String]] = [["onnx::Conv_7"], []], others: [GraphNetwork.MatrixValues] = [],
    output: OutputMeaning? = nil
  ) throws -> GraphNetwork {
    GraphNetwork(
      path: "mean.onnx", network: try Network(text: text),
      matrices: [
        GraphNetwork.MatrixValues(weights: kernel, biases: bias, names: names[0]),
        GraphNetwork.MatrixValues(weights: matrix, biases: nil, names: names[1]),
      ] + others, output: output)
  }

  private func posterior(
    _ graph: GraphNetwork, _ file: TensorFile, output: OutputMeaning? = nil
  ) throws -> Posterior {
    try Posterior(file, options: PosteriorOptions(graph: graph, output: output))
  }

  private func refusal(_ graph: GraphNetwork, _ file: TensorFile) -> PosteriorError? {
    #expect(throws: PosteriorError.self) { try posterior(graph, file) }
  }

  @Test("is found by numbers, and called as the checkpoint calls it")
  func exact() throws {
    let posterior = try posterior(try graph(), file())
    let binding = try posterior.binding.get()
    #expect(binding.parameters == [0, 1])
    #expect(binding.network.parameters.map(\.name) == ["conv", "fc"])
    #expect(
      binding.network.nodes.map(\.name) == ["conv", "conv-relu", "max-pool3", "flatten4", "fc"])
    #expect(binding.rows?.allSatisfy(\.isIdentity) == true)
    #expect(binding.assumptions.isEmpty && posterior.obstacle == nil)
  }

  @Test("may have a factor and a shift for every row, negative ones and zero too")
  func multiples() throws {
    let factors: [Float] = [0.37, -1.8, 0, 1]
    let shifts: [Float] = [0.5, 0, -2, 1]
    let folded = Self.kernel.indices.map { Self.kernel[$0] * factors[$0 / 9] }
    let bias = (0..<4).map { Self.kernelBias[$0] * factors[$0] + shifts[$0] }
    let binding = try posterior(try graph(kernel: folded, bias: bias), file()).binding.get()
    let rows = try #require(binding.rows?.first)
    for row in 0..<4 {
      #expect(abs(rows.factors[row] - Double(factors[row])) < 1e-6)
      #expect(abs(rows.shifts[row] - Double(shifts[row])) < 1e-6)
    }
    #expect(binding.rows?.last?.isIdentity == true)
  }

  @Test("may hold matrices the other way round than the checkpoint")
  func transposed() throws {
    let kernel = Self.numbers(12, seed: 5)
    let file = TensorFile([
      Tensor(name: "fc/kernel_posterior_loc", shape: [4, 3], floats: kernel),
      .constant("fc/kernel_posterior_untransformed_scale", 4, 3, value: -3),
    ])
    let graph = GraphNetwork(
      path: "mean.onnx", network: try Network(text: "input 4; a = linear 3 without-bias"),
      matrices: [
        GraphNetwork.MatrixValues(
          weights: (0..<12).map { kernel[$0 % 4 * 3 + $0 / 4] }, biases: nil, names: [])
      ], output: nil)
    let binding = try posterior(graph, file).binding.get()
    #expect(binding.weights.map(\.order) == [.inputOutput])
    #expect(binding.rows?.first?.isIdentity == true)
  }

  @Test("finds the kernel of a transposed convolution, turned round and in groups")
  func transposedConvolution() throws {
    // PyTorch has (inputs, outputs of a group, cells): 4 inputs and 6 outputs in 2 groups.
    let kernel = Self.numbers(4 * 3 * 6, seed: 11)
    let bias = Self.numbers(6, seed: 12)
    let file = TensorFile([
      Tensor(name: "up.mu_kernel", shape: [4, 3, 2, 3], floats: kernel),
      .constant("up.rho_kernel", 4, 3, 2, 3, value: -3),
      Tensor(name: "up.mu_bias", shape: [6], floats: bias), .constant("up.rho_bias", 6, value: -3),
    ])
    var turned: [Float] = []
    for output in 0..<6 {
      for input in 0..<2 {
        let channel = output / 3 * 2 + input
        turned += (0..<6).map {
          kernel[(channel * 3 + output % 3) * 6 + 5 - $0] * Float(output + 1)
        }
      }
    }
    let graph = GraphNetwork(
      path: "mean.onnx",
      network: try Network(text: "input 4 5 5; pad 0 0:0:1 0:0:1; up = convolution 6 2x3 groups 2"),
      matrices: [
        GraphNetwork.MatrixValues(
          weights: turned, biases: bias.indices.map { bias[$0] * Float($0 + 1) }, names: [])
      ], output: nil)
    let binding = try posterior(graph, file).binding.get()
    #expect(binding.weights.map(\.order) == [.transposedConvolution])
    #expect(binding.rows?.first?.factors.map { $0.rounded() } == [1, 2, 3, 4, 5, 6])
    let reference = ReferenceNetwork.weights(
      kernel.map(Double.init), biases: nil, binding.weights[0])
    #expect(reference.weights[5] == Double(kernel[0]))
    #expect(
      reference.weights[24] == Double(kernel[11]) && reference.weights[89] == Double(kernel[36]))
  }

  @Test("of another training is refused, by name where it has one")
  func otherTraining() throws {
    let other = Self.numbers(36, seed: 9)
    let unnamed = refusal(try graph(kernel: other), file())
    #expect(unnamed?.code == .otherNetwork)
    #expect(
      unnamed?.message
        == "no matrix of mean.onnx holds the means of conv (4×1×3×3), nor a multiple of each row; export the mean network "
        + "of this checkpoint")
    let named = refusal(try graph(kernel: other, names: [["conv.weight"], []]), file())
    #expect(
      named?.message.hasPrefix(
        "conv (4×1×3×3) is in mean.onnx too, but with other weights, which are neither the posterior's means nor a "
          + "multiple of each row") == true, "\(named?.message ?? "")")
  }

  @Test("of a draw is refused, however near its weights are")
  func draw() throws {
    let noise = Self.numbers(36, seed: 11)
    let drawn = zip(Self.kernel, noise).map { $0 + 0.01 * $1 }
    #expect(refusal(try graph(kernel: drawn), file())?.code == .otherNetwork)
  }

  @Test("has names where numbers are the same twice, and is refused where they do not help")
  func equalNumbers() throws {
    let text = "input 4; a = linear 4 without-bias; relu; b = linear 4 without-bias"
    let weights = Self.numbers(16, seed: 6)
    let file = TensorFile(
      ["one", "two"].flatMap { name in
        [
          Tensor(name: "\(name).mu_weight", shape: [4, 4], floats: weights),
          .constant("\(name).rho_weight", 4, 4, value: -3),
        ]
      })
    func graph(_ names: [String]) throws -> GraphNetwork {
      GraphNetwork(
        path: "mean.onnx", network: try Network(text: text),
        matrices: names.map {
          GraphNetwork.MatrixValues(weights: weights, biases: nil, names: [$0])
        }, output: nil)
    }
    let named = try posterior(try graph(["model.two.weight", "model.one.weight"]), file)
    #expect(try named.binding.get().parameters == [1, 0])
    let error = refusal(try graph(["x", "y"]), file)
    #expect(error?.message.contains("names do not say which is meant") == true)
  }

  @Test("may have weights that the checkpoint lacks, which are certain and named")
  func certain() throws {
    let graph = try graph(
      "input 1 6 6; a = convolution 4 3x3; relu; max-pool 2x2; flatten; b = linear 2 without-bias; c = linear 3",
      others: [
        GraphNetwork.MatrixValues(
          weights: Self.numbers(6, seed: 7), biases: [1, 2, 3], names: ["head.weight"])
      ])
    let posterior = try posterior(graph, file())
    #expect(posterior.parameters.map(\.name) == ["conv", "fc", "head"])
    #expect(posterior.parameters.map(\.isCertain) == [false, false, true])
    let binding = try posterior.binding.get()
    #expect(binding.parameters == [0, 1, 2])
    #expect(binding.rows?.last?.shifts == [1, 2, 3])
    #expect(
      posterior.warnings.contains {
        $0.hasPrefix("the posterior has no part in head of mean.onnx")
      }, "\(posterior.warnings)")
  }

  @Test("says itself what lies between the layers: what else the checkpoint holds is named")
  func others() throws {
    let file = file(others: [
      .constant("bn.weight", 4, value: 1), .constant("bn.running_mean", 4, value: 0),
      .constant("bn.running_var", 4, value: 1), .constant("bn.bias", 4, value: 0),
    ])
    let warnings = try posterior(try graph(), file).warnings
    #expect(
      warnings.contains {
        $0.hasPrefix("what these do is taken from mean.onnx, and not from the checkpoint:")
          && $0.contains("bn.running_mean")
      }, "\(warnings)")
  }

  @Test("may end in what makes its outputs probabilities, which nobody may deny")
  func output() throws {
    let graph = try graph(output: .classes)
    let said = try posterior(graph, file())
    #expect(said.interface.output == .classes)
    #expect(!said.assumptions.contains(.output(.classes)))
    let error = #expect(throws: PosteriorError.self) {
      try posterior(graph, file(), output: .numbers(noiseDeviation: nil))
    }
    #expect(error?.code == .invalidOption && error?.path == "mean.onnx")
  }

  @Test("may have other biases for the same weights, which is said, but not lack them")
  func biases() throws {
    let changed = try posterior(try graph(bias: Self.kernelBias.map { $0 + 1 }), file())
    #expect(
      changed.warnings.contains {
        $0.hasPrefix("mean.onnx has other biases than the checkpoint for the same weights")
          && $0.contains(": conv;")
      }, "\(changed.warnings)")
    #expect(try !posterior(try graph(), file()).warnings.contains { $0.contains("other biases") })
    let text =
      "input 1 6 6; a = convolution 4 3x3 without-bias; relu; max-pool 2x2; flatten; b = linear 2 without-bias"
    let lacking = GraphNetwork(
      path: "mean.onnx", network: try Network(text: text),
      matrices: [
        GraphNetwork.MatrixValues(weights: Self.kernel, biases: nil, names: []),
        GraphNetwork.MatrixValues(weights: Self.matrix, biases: nil, names: []),
      ], output: nil)
    #expect(
      refusal(lacking, file())?.message.hasPrefix("conv has a bias here and none in mean.onnx")
        == true)
    _ = try Posterior(
      file(), options: PosteriorOptions(graph: lacking, ignoresBiases: true)
    ).binding.get()
  }

  @Test("may have the same weights twice, turned over too, with biases of its own")
  func tiedCopies() throws {
    let (weights, bias) = (Self.numbers(12, seed: 8), Self.numbers(3, seed: 9))
    let file = TensorFile([
      Tensor(name: "fc.mu_weight", shape: [3, 4], floats: weights),
      .constant("fc.rho_weight", 3, 4, value: -3),
      Tensor(name: "fc.mu_bias", shape: [3], floats: bias),
      .constant("fc.rho_bias", 3, value: -3),
    ])
    // An autoencoder whose decoder multiplies by the encoder's weights turned over.
    let turned = (0..<12).map { weights[$0 % 3 * 4 + $0 / 3] }
    let graph = GraphNetwork(
      path: "mean.onnx", network: try Network(text: "input 4; a = linear 3; tanh; b = linear 4"),
      matrices: [
        GraphNetwork.MatrixValues(weights: weights, biases: bias, names: []),
        GraphNetwork.MatrixValues(weights: turned, biases: [1, 2, 3, 4], names: []),
      ], output: nil)
    let posterior = try posterior(graph, file)
    #expect(posterior.parameters.map(\.name) == ["fc"])
    let binding = try posterior.binding.get()
    #expect(binding.parameters == [0, 0])
    #expect(binding.weights.map(\.order) == [.outputInput, .inputOutput])
    #expect(binding.rows?.map(\.takesBias) == [true, false])
    #expect(binding.rows?.last?.shifts == [1, 2, 3, 4])
    #expect(posterior.warnings.allSatisfy { !$0.contains("certain") }, "\(posterior.warnings)")
  }

  @Test("may leave out biases of 0, as exporters do")
  func zeroBias() throws {
    let weights = Self.numbers(12, seed: 8)
    let graph = GraphNetwork(
      path: "mean.onnx", network: try Network(text: "input 4; a = linear 3 without-bias"),
      matrices: [GraphNetwork.MatrixValues(weights: weights, biases: nil, names: [])],
      output: nil)
    func bind(bias: Float) throws -> NetworkBinding {
      let file = TensorFile([
        Tensor(name: "fc.mu_weight", shape: [3, 4], floats: weights),
        .constant("fc.rho_weight", 3, 4, value: -3),
        Tensor(name: "fc.mu_bias", shape: [3], floats: [0, bias, 0]),
        .constant("fc.rho_bias", 3, value: -3),
      ])
      return try posterior(graph, file).binding.get()
    }
    #expect(try bind(bias: 0).network.parameters.map(\.hasBias) == [true])
    #expect(throws: PosteriorError.self) { try bind(bias: 0.1) }
  }

  /// Attention of one sequence to another: PyTorch multiplies by some rows of its packed projections here, by the others there.
  @Test("may multiply by parts of a matrix in several places")
  func parts() throws {
    let (packed, bias) = (Self.numbers(24, seed: 13), Self.numbers(6, seed: 14))
    let file = TensorFile([
      Tensor(name: "att.in_proj.mu_weight", shape: [6, 4], floats: packed),
      Tensor(
        name: "att.in_proj.rho_weight", shape: [6, 4], floats: (0..<24).map { -3 - Float($0) / 50 }),
      Tensor(name: "att.in_proj.mu_bias", shape: [6], floats: bias),
      .constant("att.in_proj.rho_bias", 6, value: -3),
    ])
    func graph(_ second: Range<Int>, _ third: Range<Int>) throws -> GraphNetwork {
      let text = """
        input 4; q = linear 2; k = linear \(second.count) from input; v = linear \(third.count) from input
        all = concatenate q v k
        """
      return GraphNetwork(
        path: "mean.onnx", network: try Network(text: text),
        matrices: [0..<2, second, third].map { rows in
          GraphNetwork.MatrixValues(
            weights: Array(packed[rows.lowerBound * 4..<rows.upperBound * 4]),
            biases: Array(bias[rows]), names: [])
        }, output: nil)
    }
    let posterior = try posterior(try graph(3..<6, 2..<3), file)
    let binding = try posterior.binding.get()
    #expect(
      posterior.parameters.map(\.name)
        == ["att.in_proj.part1", "att.in_proj.part2", "att.in_proj.part3"])
    #expect(binding.parameters == [0, 2, 1])
    #expect(binding.rows?.allSatisfy(\.isIdentity) == true)
    let deviations = try posterior.parameters.flatMap { parameter in
      try parameter.weight.standardDeviations()
    }
    #expect(
      deviations.elementsEqual((0..<24).map { log1p(exp(Double(-3 - Float($0) / 50))) }) {
        abs($0 - $1) < 1e-9
      })
    #expect(
      posterior.warnings.contains { $0.contains("each part is a layer: att.in_proj") },
      "\(posterior.warnings)")
    // A row that nothing multiplies by would be dropped without a word.
    #expect(refusal(try graph(3..<5, 2..<3), file)?.code == .otherNetwork)
  }

  @Test("is found by name where numbers fit anything: single weights in a row, and zeros")
  func numbersThatTellNothing() throws {
    func bind(_ name: String, means: [Float], weights: [Float]) throws -> Posterior {
      let file = TensorFile([
        Tensor(name: "one.mu_weight", shape: [3, 1], floats: means),
        .constant("one.rho_weight", 3, 1, value: -3),
      ])
      return try posterior(
        GraphNetwork(
          path: "mean.onnx", network: try Network(text: "input 1; a = linear 3 without-bias"),
          matrices: [GraphNetwork.MatrixValues(weights: weights, biases: nil, names: [name])],
          output: nil), file)
    }
    let scaled = try bind("one.weight", means: [1, 2, 3], weights: [2, -2, 0])
    #expect(try scaled.binding.get().rows?.first?.factors == [2, -1, 0])
    #expect(throws: PosteriorError.self) {
      try bind("other.weight", means: [1, 2, 3], weights: [2, -2, 0])
    }
    let zeros = try bind("one.weight", means: [0, 0, 0], weights: [0, 0, 0])
    #expect(try zeros.binding.get().rows?.first?.isIdentity == true)
  }

  @Test("has exact names before those that only end so")
  func names() throws {
    let weights = Self.numbers(16, seed: 6)
    let file = TensorFile(
      ["0", "1.0"].flatMap { name in
        [
          Tensor(name: "\(name).mu_weight", shape: [4, 4], floats: weights),
          .constant("\(name).rho_weight", 4, 4, value: -3),
        ]
      })
    let text = "input 4; a = linear 4 without-bias; relu; b = linear 4 without-bias"
    func graph(_ names: [String]) throws -> GraphNetwork {
      GraphNetwork(
        path: "mean.onnx", network: try Network(text: text),
        matrices: names.map {
          GraphNetwork.MatrixValues(weights: weights, biases: nil, names: [$0])
        }, output: nil)
    }
    #expect(
      try posterior(try graph(["1.0.weight", "0.weight"]), file).binding.get().parameters == [1, 0])
    // Of one layer both are copies.
    let one = TensorFile([
      Tensor(name: "a.mu_weight", shape: [4, 4], floats: weights),
      .constant("a.rho_weight", 4, 4, value: -3),
    ])
    #expect(try posterior(try graph(["x", "y"]), one).binding.get().parameters == [0, 0])
    let shared = GraphNetwork(
      path: "mean.onnx",
      network: try Network(
        text: "input 4; a = linear 4 without-bias; relu; linear 4 without-bias sharing a"),
      matrices: [GraphNetwork.MatrixValues(weights: weights, biases: nil, names: [])], output: nil)
    let binding = try posterior(shared, one).binding.get()
    #expect(binding.parameters == [0] && binding.network.parameters[0].users == [0, 2])
  }

  @Test("whose nodes share weights and add different biases is run without the posterior's")
  func sharedWithoutBias() throws {
    let weights = Self.numbers(16, seed: 6)
    let file = TensorFile([
      Tensor(name: "a.mu_weight", shape: [4, 4], floats: weights),
      .constant("a.rho_weight", 4, 4, value: -3),
      Tensor(name: "a.mu_bias", shape: [4], floats: [1, 2, 3, 4]),
      .constant("a.rho_bias", 4, value: -3),
    ])
    let graph = GraphNetwork(
      path: "mean.onnx",
      network: try Network(
        text: "input 4; a = linear 4 without-bias; relu; linear 4 without-bias sharing a"),
      matrices: [GraphNetwork.MatrixValues(weights: weights, biases: nil, names: [])], output: nil)
    #expect(
      refusal(graph, file)?.message
        == "a has a bias here, and the nodes of mean.onnx that share its weights add different ones; leave biases out with "
        + "--no-biases, as the graph's own are run then")
  }
}
