import BBBNetwork
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// The networks that the graphs of real ones become.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct SharedLoweringTests {
  @Test(arguments: SharedGraphTests.graphs) func givesWhatPyTorchGives(name: String) throws {
    let lowered = try ONNXGraph(contentsOf: SharedFolder.graph(name)).network()
    #expect(lowered.path == SharedFolder.graph(name))
    let isBinary = name.hasPrefix("blitz")
    #expect(lowered.output == (isBinary ? .binary : nil))
    let file = try TensorFile(
      contentsOf: SharedFolder.graph("\(name.prefix { $0 != "." }).outputs.npz"))
    let inputs = try #require(file.tensors.first { $0.name == "input" })
    let outputs = try #require(file.tensors.first { $0.name == "output_0" })
    let (inputCount, outputCount) = (inputs.count / 64, outputs.count / 64)
    let all = try outputs.doubles()
    let range = try #require(all.max()) - (try #require(all.min()))
    for example in [0, 41] {
      let input = try inputs.doubles(in: example * inputCount..<(example + 1) * inputCount)
      var found = lowered.reference.output(for: input)
      if isBinary { found = found.map { Activation.sigmoid($0) } }
      let expected = all[example * outputCount..<(example + 1) * outputCount]
      #expect(found.count == expected.count)
      for (found, expected) in zip(found, expected) {
        #expect(abs(found - expected) < 1e-4 * range)
      }
    }
  }

  @Test func weightsKeepTheirNames() throws {
    func names(_ graph: String) throws -> [[String]] {
      try ONNXGraph(contentsOf: SharedFolder.graph(graph)).network().matrices.map(\.names)
    }
    #expect(
      try names("ivon_lenet5.onnx")
        == ["conv1", "conv2", "fc1", "fc2"].map { ["\($0).weight", $0] })
    let older = try names("ivon_resnet20.onnx")
    #expect(older[0] == ["onnx::Conv_274", "conv1"])
    #expect(older[1][1] == "layer1.0.conv1")
    #expect(older.last == ["linear.weight", "linear"])
    #expect(try names("ivon_resnet20.dynamo.onnx")[1] == ["layer1.0.conv1.weight"])
    #expect(
      try names("ivon_mobilenet.nofold.onnx")[1]
        == ["blocks.0.expand.weight", "blocks.0.expand"])
  }
}
