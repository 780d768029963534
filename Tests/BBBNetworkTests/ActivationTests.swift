import BBBNetwork
import Testing

/// Held to values computed by Python's `math` in double precision.
struct ActivationTests {
  @Test(arguments: [
    (Activation.none, -1.5, -1.5), (.relu, -1.5, 0), (.relu, 2, 2),
    (.leakyRelu, -1.5, -0.015), (.leakyRelu, 2, 2),
    (.elu, -1.5, -0.7768698398515702), (.selu, -1.5, -1.3658143533672527),
    (.selu, 2, 2.101401974710961),
    (.gelu, -1.5, -0.10021080190328713), (.gelu, 2, 1.9544997361036416),
    (.geluTanh, -1.5, -0.10042842301976707), (.geluTanh, 2, 1.954597694087775),
    (.silu, -1.5, -0.2736382857095345), (.tanh, -1.5, -0.9051482536448664),
    (.sigmoid, -1.5, 0.18242552380635635), (.softplus, -1.5, 0.2014132779827524),
    (.softplus, 40, 40), (.hardSwish, -1.5, -0.375), (.relu6, 7, 6), (.relu6, 2, 2),
    (.relu6, -1, 0), (.hardSwish, 4, 4), (.hardSwish, -4, 0),
    (.exponential, -1.5, 0.22313016014842982), (.logarithm, 2, 0.6931471805599453),
    (.squareRoot, 2, 1.4142135623730951), (.errorFunction, -1.5, -0.9661051464753108),
    (.absolute, -1.5, 1.5), (.sign, -1.5, -1), (.sign, 0, 0), (.sign, 3, 1), (.floor, -1.5, -2),
    (.ceiling, -1.5, -1), (.round, -1.5, -2), (.round, 2.5, 2), (.round, 2.75, 3),
    (.sine, -1.5, -0.9974949866040544), (.cosine, -1.5, 0.0707372016677029),
  ])
  func `values are those of other libraries`(
    activation: Activation, input: Double, output: Double
  ) {
    #expect(abs(activation(input) - output) <= 1e-12 * max(1, abs(output)))
  }

  @Test(arguments: Activation.allCases)
  func `numbers far away neither overflow nor vanish into NaN`(activation: Activation) {
    for input in [-1e300, -800, 800] where activation.keepsFinite || input > 0 {
      #expect(!activation(input).isNaN)
    }
    #expect(activation(.nan).isNaN)
  }
}
