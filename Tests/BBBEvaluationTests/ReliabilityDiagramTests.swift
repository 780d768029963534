import BBBEvaluation
import Testing

struct ReliabilityDiagramTests {
  @Test func `no predictions have no error`() {
    #expect(ReliabilityDiagram().expectedCalibrationError == 0)
  }

  @Test func `a confidence that comes true is calibrated`() {
    var error = ReliabilityDiagram()
    for index in 0..<10 { error.add(confidence: 0.75, isCorrect: index < 5) }
    #expect(abs(error.expectedCalibrationError - 0.25) < 1e-15)
    for _ in 0..<10 { error.add(confidence: 0.75, isCorrect: true) }
    #expect(abs(error.expectedCalibrationError) < 1e-15)
  }

  @Test func `a bin has its upper edge, not its lower`() {
    // 3/15 belongs to the bin below, so that overconfidence there and underconfidence above do not
    // cancel: in one bin the error would be |1 − (0.2 + 0.21)| / 2.
    var apart = ReliabilityDiagram()
    apart.add(confidence: 3.0 / 15, isCorrect: false)
    apart.add(confidence: 0.21, isCorrect: true)
    #expect(abs(apart.expectedCalibrationError - (0.2 + 0.79) / 2) < 1e-15)
    // 4/15 is in the bin of 0.21.
    var together = ReliabilityDiagram()
    together.add(confidence: 4.0 / 15, isCorrect: false)
    together.add(confidence: 0.21, isCorrect: true)
    #expect(abs(together.expectedCalibrationError - (1 - 0.21 - 4.0 / 15) / 2) < 1e-15)
  }

  @Test(arguments: [0.0, 1.0])
  func `certainty has a bin`(confidence: Double) {
    var error = ReliabilityDiagram()
    error.add(confidence: confidence, isCorrect: confidence == 0)
    #expect(error.expectedCalibrationError == 1)
  }

  @Test(arguments: [Double.nan, -0.1, 1.1, .infinity])
  func `what is no probability makes the error NaN`(confidence: Double) {
    var error = ReliabilityDiagram()
    error.add(confidence: confidence, isCorrect: true)
    #expect(error.expectedCalibrationError.isNaN)
  }
}
