import Testing

@testable import BBBReports

struct SparsityAxisTests {
  @Test func `puts equal factors of density equally far apart`() {
    let axis = SparsityAxis([0, 0.999])
    for (sparsity, position) in [(0, 0), (0.9, 1.0 / 3), (0.99, 2.0 / 3), (0.999, 1)] {
      #expect(abs(axis.position(of: sparsity) - position) < 1e-12)
    }
  }

  @Test func `has room for a network without weights`() {
    let axis = SparsityAxis([0, 0.9, 1])
    #expect(axis.position(of: 1) == 1)
    #expect(axis.position(of: 0.9) < 0.8)
    #expect(axis.ticks(minimumDistance: 0.05).map(\.label) == ["0", "50", "75", "90", "100"])
  }

  @Test func `labels the usual sparsities`() {
    #expect(
      SparsityAxis([0, 0.99]).ticks(minimumDistance: 0.06).map(\.label)
        == ["0", "50", "75", "90", "95", "98", "99"])
    #expect(
      SparsityAxis([0.999]).ticks(minimumDistance: 0.2).map(\.label) == ["0", "90", "99", "99.9"])
  }

  @Test(arguments: [[], [0], [0, 0], [1], [0.5, 0.5]])
  func `has a length whatever it shows`(sparsities: [Double]) {
    let axis = SparsityAxis(sparsities)
    #expect(axis.position(of: 0) == 0)
    for sparsity in sparsities { #expect(0...1 ~= axis.position(of: sparsity)) }
    #expect(axis.ticks(minimumDistance: 0.1).count >= 2)
  }
}
