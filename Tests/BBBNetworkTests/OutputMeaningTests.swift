import BBBNetwork
import Testing

struct OutputMeaningTests {
  @Test(arguments: [
    OutputMeaning.classes, .binary, .numbers(noiseDeviation: nil), .numbers(noiseDeviation: 0.25),
    .meanAndLogVariance,
  ])
  func `a meaning is read back from its text`(meaning: OutputMeaning) {
    #expect(OutputMeaning(meaning.description) == meaning)
  }

  @Test(arguments: ["", "class", "numbers:", "numbers:0", "numbers:-1", "numbers:inf", "numbers:x"])
  func `other texts are no meaning`(text: String) {
    #expect(OutputMeaning(text) == nil)
  }

  @Test func `the number of outputs must fit`() {
    #expect(OutputMeaning.classes.obstacle(outputCount: 1) != nil)
    #expect(OutputMeaning.binary.obstacle(outputCount: 2) != nil)
    #expect(OutputMeaning.meanAndLogVariance.obstacle(outputCount: 3) != nil)
    #expect(OutputMeaning.meanAndLogVariance.targetCount(outputCount: 4) == 2)
    #expect(OutputMeaning.binary.classCount(outputCount: 1) == 2)
  }
}
