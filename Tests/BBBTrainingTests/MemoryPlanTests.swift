import BBBNetwork
import Testing

@testable import BBBTraining

/// Which values share memory.
struct MemoryPlanTests {
  private func plan(_ text: String) throws -> MemoryPlan { MemoryPlan(try Network(text: text)) }

  @Test func `a layer's activation is applied in place`() throws {
    let plan = try plan("input 2 3; flatten; a = linear 5; tanh; b = linear 2")
    #expect(plan.places.map(\.width) == [6, 5, 2])
    #expect(plan.places.map(\.activation) == [.none, .tanh, .none])
    #expect(plan.places.map(\.parameter) == [nil, 0, 1])
    #expect(plan.places.map(\.isLearned) == [false, true, true])
    #expect(plan.steps.map(\.node) == [1, 3])
    #expect(plan.steps.map(\.sources) == [[0], [1]])
    #expect(plan.output == 2)
  }

  @Test func `but not over what others read, over another's or over the input`() throws {
    let plan = try plan("input 3; r = relu; a = linear 3; t = tanh; s = silu; b = add s a")
    #expect(plan.places.map(\.activation) == [.none, .relu, .none, .tanh, .silu, .none])
    #expect(plan.places.map(\.isLearned) == [false, false, true, true, true, true])
    #expect(plan.steps.map(\.sources) == [[0], [1], [2], [3], [4, 2]])
  }

  @Test func `what is passed on is read where it is`() throws {
    let plan = try plan("input 3; a = linear 3; i = identity; f = flatten; b = add a f; relu")
    #expect(plan.steps.map(\.sources) == [[0], [1, 1]])
    #expect(plan.places.map(\.activation) == [.none, .none, .relu])
    #expect(plan.output == 2)
  }
}
