import Testing

@testable import BBBReports

struct ValueAxisTests {
  @Test func `begins at 0 for values of one magnitude`() {
    let axis = ValueAxis([1.5, 1.7], reaching: [2.1], emptyEnd: 1)
    #expect(!axis.isLogarithmic)
    #expect(axis.tickValues == [0, 0.5, 1, 1.5, 2, 2.5])
    #expect(axis.position(of: 1.25) == 0.5)
  }

  @Test func `is logarithmic for values that span a factor of ten`() {
    let axis = ValueAxis([1.7, 40], emptyEnd: 1)
    #expect(axis.isLogarithmic)
    #expect(axis.tickValues == [1, 2, 5, 10, 20, 50])
    #expect(axis.position(of: 0.5) == 0)
    #expect(axis.position(of: 100) == 1)
    #expect(abs(axis.position(of: 50.0.squareRoot()) - 0.5) < 1e-12)
  }

  @Test func `shows 0 at the beginning of a logarithmic scale, and says so`() {
    let values = [0, 0.02, 3]
    let axis = ValueAxis(values, emptyEnd: 1)
    #expect(axis.tickValues.first == 0.01)
    #expect(axis.position(of: 0) == 0)
    #expect(axis.position(of: 0.02) > 0)
    let ticks = axis.ticks(showing: values, minimumDistance: 0.01, label: NumberText.trimmed)
    #expect(ticks.map(\.label) == ["0", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"])
  }

  @Test(arguments: [
    [], [0], [0, 0], [3, 3], [1e-9], [1e9, 1e9], [0.1, 1], [1, 10], [5, 5000],
  ])
  func `holds every value between its ends`(values: [Double]) {
    let axis = ValueAxis(values, emptyEnd: 1)
    #expect(axis.tickValues.count >= 2)
    #expect(axis.tickValues == axis.tickValues.sorted())
    for value in values { #expect(axis.reaches(value)) }
  }
}
