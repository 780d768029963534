import BBBNetwork
import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// What networks of graphs compute, against ONNX Runtime.
@Suite struct RuntimeLoweringTests {
  private struct Answer: Decodable {
    let inputs: [Double]
    let outputs: [Double]
  }

  /// Whatever runs gives what the runtime gives; whatever does not is refused by name.
  @Test(.enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func networksGiveWhatTheRuntimeGives() throws {
    try withTemporaryFolder { folder in
      _ = try PythonRuntime.run([try PythonRuntime.script("lowering_cases"), folder])
      let json = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
      let answers = try JSONDecoder().decode([String: Answer].self, from: json)
      var runCount = 0
      for (name, answer) in answers.sorted(by: { $0.key < $1.key }) {
        let graph = try ONNXGraph(contentsOf: "\(folder)/\(name).onnx")
        do throws(ONNXError) {
          let lowered = try graph.network()
          runCount += 1
          compare(lowered, end: graph.nodes.last?.operatorType ?? "", with: answer, name)
        } catch {
          #expect(!name.hasPrefix("run"), "\(name): \(error)")
          #expect(error.path.hasSuffix("\(name).onnx") && error.message.contains("; "))
        }
      }
      #expect(answers.count { $0.key.hasPrefix("run") } > 400)
      #expect(runCount > 550, "\(runCount)")
    }
  }

  private func compare(
    _ lowered: GraphNetwork, end: String, with answer: Answer, _ name: String
  ) {
    let reference = lowered.reference
    let (inputCount, outputCount) = (lowered.network.inputCount, lowered.network.outputCount)
    let exampleCount = answer.inputs.count / inputCount
    #expect(answer.outputs.count == exampleCount * outputCount, "\(name)")
    // Examples may lie along any axis of the graph's input and output.
    let inputs =
      lowered.ports.inputs.first?.examplesFirst(answer.inputs, exampleCount: exampleCount)
      ?? answer.inputs
    let expectedOutputs =
      lowered.ports.outputs.first?.examplesFirst(answer.outputs, exampleCount: exampleCount)
      ?? answer.outputs
    for example in 0..<exampleCount {
      let input = Array(inputs[example * inputCount..<(example + 1) * inputCount])
      var outputs = reference.output(for: input)
      switch lowered.output {
      case .classes:
        let normalizer = log(outputs.reduce(0) { $0 + exp($1) })
        outputs = outputs.map { end == "LogSoftmax" ? $0 - normalizer : exp($0 - normalizer) }
      case .binary: outputs = outputs.map { Activation.sigmoid($0) }
      default: break
      }
      let expected = expectedOutputs[example * outputCount..<(example + 1) * outputCount]
      for (output, expected) in zip(outputs, expected) {
        #expect(abs(output - expected) <= 2e-5 * max(1, abs(expected)), "\(name)")
      }
    }
  }
}
