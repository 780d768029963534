import BBBPosterior
import Testing

struct InputScaleTests {
  @Test(
    arguments: [
      ("0.00392", 0.00392), ("1", 1), ("1/126", 1.0 / 126), ("1 / 255", 1.0 / 255), (" 2/0.5 ", 4),
      ("1e-3", 0.001),
    ] as [(String, Double)])
  func `numbers and fractions are read`(text: String, factor: Double) {
    #expect(InputScale(text)?.factor == factor)
  }

  @Test(arguments: [
    "", " ", "/", "1/", "/2", "0", "-1", "1/0", "0/1", "-1/-255", "1/2/3", "1 2", "nan", "inf",
    "1/inf", "1e308/1e-308", "1e-308/1e308", "1/255px", "many",
  ])
  func `everything else is refused`(text: String) {
    #expect(InputScale(text) == nil)
  }
}
