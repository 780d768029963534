import Testing

@testable import BBBReports

struct NumberTextTests {
  @Test(arguments: [
    (0.0, 2, "0.00"), (1.005, 1, "1.0"), (0.999, 2, "1.00"), (-0.001, 2, "0.00"),
    (-3.456, 2, "-3.46"),
    (12, 0, "12"), (0.0496, 4, "0.0496"), (1e300, 2, "1e+300"), (.nan, 2, "–"),
  ])
  func `rounds to a fixed number of decimals`(value: Double, decimals: Int, text: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (2_392_800, "2,392,800"), (-1234, "-1,234"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `separates thousands`(value: Int, text: String) {
    #expect(NumberText.grouped(value) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (500, "500 B"), (1000, "1 kB"), (20000, "20 kB"), (2.5e6, "2.5 MB"), (1e9, "1 GB"),
  ])
  func `gives sizes a decimal unit`(value: Double, text: String) {
    #expect(NumberText.bytes(value) == text)
  }

  @Test(arguments: [(4.04, "4.0"), (9.96, "10"), (127.6, "128"), (12345, "12,345")])
  func `rounds ratios`(value: Double, text: String) {
    #expect(NumberText.ratio(value) == text)
  }

  @Test(arguments: [
    (93.6, "94 times smaller than"), (4.0, "4.0 times smaller than"),
    (1.06, "1.1 times smaller than"), (1.04, "about as large as"), (1, "about as large as"),
    (0.97, "about as large as"), (0.9, "1.1 times larger than"), (0.3, "3.3 times larger than"),
    (0.01, "100 times larger than"), (0, "larger than"),
  ])
  func `compares sizes so that the factor is above 1`(ratio: Double, text: String) {
    #expect(NumberText.sizeComparison(ratio) == text)
  }
}
