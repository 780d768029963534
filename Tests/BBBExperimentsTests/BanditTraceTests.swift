import Testing

@testable import BBBExperiments

struct BanditTraceTests {
  @Test func `adds up regret and counts what was eaten`() {
    var trace = BanditTrace()
    // Edible: eaten, left. Poisonous: eaten with harm, eaten without, left.
    trace.add(.eat, isEdible: true, regret: 0)
    trace.add(.leave, isEdible: true, regret: 5)
    trace.add(.eat, isEdible: false, regret: 35)
    trace.add(.eat, isEdible: false, regret: -5)
    trace.add(.leave, isEdible: false, regret: 0)
    #expect(trace.interactions == 5)
    #expect(trace.regret == 35)
    #expect(trace.edible == 2 && trace.edibleEaten == 1 && trace.poisonousEaten == 2)
    #expect(trace.edibleShare == 0.5)
    #expect(trace.poisonousShare == 2.0 / 3)
    #expect(trace.isPossible)
  }

  @Test func `keeps the regret every hundred interactions, and the last`() {
    var trace = BanditTrace()
    #expect(trace.poisonousShare == nil && trace.edibleShare == nil)
    for number in 1...250 { trace.add(.leave, isEdible: true, regret: Double(number % 2)) }
    #expect(trace.regrets == [50, 100])
    #expect(trace.points.map(\.interactions) == [100, 200, 250])
    #expect(trace.points.map(\.regret) == [50, 100, 125])
    #expect(trace.regret(after: 250) == 100)
    #expect(trace.regret(after: 99) == 0)
    #expect(trace.isPossible)
  }
}
