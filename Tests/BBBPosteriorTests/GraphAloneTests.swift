import BBBNetwork
import BBBPosterior
import TestSupport
import Testing

@Suite("A graph without a posterior")
struct GraphAloneTests {
  private func graph(output: OutputMeaning? = nil) throws -> GraphNetwork {
    GraphNetwork(
      path: "model.onnx",
      network: try Network(
        text: """
          input 1 6 6
          a = convolution 4 3x3; relu; max-pool 2x2; flatten
          b = linear 2 without-bias
          """),
      matrices: [
        GraphNetwork.MatrixValues(
          weights: (0..<36).map(Float.init), biases: [1, 2, 3, 4], names: ["conv1.weight"]),
        GraphNetwork.MatrixValues(
          weights: (0..<32).map { Float($0) / 32 }, biases: nil, names: ["fc"]),
      ], output: output)
  }

  @Test("is a network of certain weights, called as the graph calls them")
  func weights() throws {
    let posterior = try Posterior(try graph(output: .classes))
    #expect(!posterior.hasDeviations && posterior.convention.formula == "σ = 0")
    #expect(posterior.parameters.map(\.name) == ["conv1", "fc"])
    #expect(posterior.parameters[0].kernel == [3, 3])
    #expect(try posterior.parameters[0].weight.means() == (0..<36).map(Double.init))
    #expect(try posterior.parameters[0].bias?.means() == [1, 2, 3, 4])
    #expect(posterior.network?.parameters.map(\.name) == ["conv1", "fc"])
    #expect(posterior.interface.output == .classes)
  }

  @Test("refuses what is for reading tensors, or is of other outputs than its own")
  func options() throws {
    let options: [(PosteriorOptions, String)] = [
      (PosteriorOptions(meanPattern: "*.m", scalePattern: "*.s"), "--mean is for reading"),
      (PosteriorOptions(layerSizes: [36, 2]), "--layers 36,2 is for reading"),
      (PosteriorOptions(activation: .tanh), "--activation tanh is for reading"),
      (PosteriorOptions(ignoresBiases: true), "--no-biases is for reading"),
      (PosteriorOptions(output: .numbers(noiseDeviation: nil)), "makes its outputs classes"),
      (PosteriorOptions(inputMeans: [0, 0]), "do not fit its input of 1: 1×6×6"),
    ]
    for (options, text) in options {
      let error = #expect(throws: PosteriorError.self) {
        try Posterior(try graph(output: .classes), options: options)
      }
      #expect(error?.path == "model.onnx")
      #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }
  }
}
