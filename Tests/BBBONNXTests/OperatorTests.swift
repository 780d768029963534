import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// Every operator against ONNX Runtime, in many uses.
@Suite struct OperatorTests {
  @Test(.enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)))
  func shapesAndConstantsAreThoseOfTheRuntime() throws {
    try withTemporaryFolder { folder in
      _ = try PythonRuntime.run([try PythonRuntime.script("operator_cases"), folder])
      let json = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
      let expected = try JSONDecoder().decode(
        [String: [String: PythonRuntime.Value]?].self, from: json)
      #expect(expected.count > 250)
      for (name, values) in expected {
        guard let values else { continue }
        do {
          let graph = try ONNXGraph(contentsOf: "\(folder)/\(name).onnx")
          let count = try PythonRuntime.compare(graph, with: values, name)
          #expect(count > 0, "\(name)")
        } catch {
          Issue.record("\(name): \(error)")
        }
      }
    }
  }

  @Test func everyOperatorOfTheListIsRead() {
    let names = """
      Abs Add And Attention AveragePool BatchNormalization Cast CastLike Ceil Celu Clip Concat \
      ConstantOfShape Conv ConvTranspose Cos CumSum DepthToSpace Div Einsum Elu Equal Erf Exp Expand \
      Flatten Floor GRU Gather Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual \
      GroupNormalization HardSigmoid HardSwish InstanceNormalization LSTM LayerNormalization LeakyRelu \
      Less LessOrEqual Log LogSoftmax LpNormalization MatMul Max MaxPool Mean MeanVarianceNormalization Min Mish Mod Mul Neg Not Or PRelu Pad Pow \
      RMSNormalization RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp \
      ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare \
      Relu Reshape Resize Round Selu Shape Shrink Sigmoid Sign Sin Size Slice Softmax Softplus Softsign \
      SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh ThresholdedRelu Tile Transpose Trilu Unsqueeze Where Xor
      """
    #expect(Operator.all.keys.sorted() == names.split(separator: " ").map(String.init).sorted())
  }
}
