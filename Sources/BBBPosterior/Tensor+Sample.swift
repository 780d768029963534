import BBBTensors

extension Tensor {
  /// Parts that stand for the whole where a file is judged by its values: 65,536 elements, or all if they are fewer.
  var sampleRuns: [Range<Int>] { SampleRuns.of(elementCount: count, count: 64, length: 1 << 10) }
}
