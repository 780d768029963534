import BBBEvaluation
import Foundation
import Testing

@testable import BBBReports

struct SweepJSONTests {
  static let pointKeys: Set = [
    "sparsity", "removed", "kept", "threshold", "threshold_db", "errors", "images", "error",
    "error_low", "error_high", "nll", "ece", "brier", "aurc", "p_value", "bytes", "ratio",
    "error_increase", "error_increase_low", "error_increase_high", "nll_increase", "constant",
  ]
  static let curveKeys: Set = [
    "checkpoint", "convention", "criterion", "dataset", "weights", "tolerance",
    "assumptions", "points",
  ]

  private func parse(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func points(_ curve: [String: Any]) throws -> [[String: Any]] {
    try #require(curve["points"] as? [[String: Any]])
  }

  @Test func `one curve is one object with exactly the documented keys`() throws {
    let text = try SweepJSON.encode([usualCurve])
    #expect(text.hasSuffix("}\n"))
    let object = try parse(text)
    #expect(Set(object.keys) == Self.curveKeys)
    #expect(object["weights"] as? Int == 1_000_000)
    let points = try points(object)
    #expect(points.count == usualCurve.points.count)
    for point in points { #expect(Set(point.keys) == Self.pointKeys) }
    #expect(points[0]["threshold"] is NSNull)
    #expect(points[0]["threshold_db"] is NSNull)
    #expect(points[0]["p_value"] as? Double == 1)
    #expect(points[4]["sparsity"] as? Double == 0.98)
    #expect(points[4]["errors"] as? Int == 300)
    #expect(points[4]["error"] as? Double == 0.03)
    #expect(
      points[4]["p_value"] as? Double == McNemarTest(onlyFirst: 0, onlySecond: 100).pValue)
  }

  @Test func `has keys of the file that an export writes by default where it was measured`() throws
  {
    let object = try parse(try SweepJSON.encode([exportedCurve]))
    #expect(object["tolerance"] as? Double == 0.002)
    for point in try points(object) {
      let ownKeys: Set = ["removed", "threshold", "threshold_db"]
      let names = Self.pointKeys.subtracting(ownKeys).map { "export_" + $0 }
      #expect(Set(point.keys) == Self.pointKeys.union(names))
    }
    let point = try points(object)[2]
    #expect(point["error"] as? Double == 0.0208 && point["export_error"] as? Double == 0.022)
    #expect(point["bytes"] as? Int == 210_000 && point["export_bytes"] as? Int == 55_000)
    #expect(point["export_sparsity"] as? Double == 0.95)
  }

  @Test func `has keys of the Monte Carlo prediction where one was made`() throws {
    let object = try parse(try SweepJSON.encode([monteCarloCurve]))
    #expect(Set(object.keys) == Self.curveKeys.union(["samples", "seed"]))
    #expect(object["samples"] as? Int == 1000 && object["seed"] as? Int == 7)
    let points = try points(object)
    let names = ["errors", "error", "nll", "ece", "brier", "aurc"].map { "mc_" + $0 }
    for point in points {
      #expect(Set(point.keys) == Self.pointKeys.union(names))
    }
    #expect(points.map { $0["mc_errors"] as? Int } == [150, 160])
    #expect(points.map { $0["mc_error"] as? Double } == [0.015, 0.016])
    #expect(points[0]["errors"] as? Int == 200)
  }

  @Test(arguments: [0, 2, 3])
  func `other numbers of curves are an array`(count: Int) throws {
    let criteria = (0..<count).map { "criterion \($0)" }
    let curves = criteria.map { curve([point(sparsity: 0)], criterion: $0) }
    let object = try parse(try SweepJSON.encode(curves))
    #expect(Array(object.keys) == ["curves"])
    let written = try #require(object["curves"] as? [[String: Any]])
    #expect(written.map { $0["criterion"] as? String } == criteria)
  }

  /// A number, or anything else.
  private struct Number: Decodable {
    var value: Double?

    init(from decoder: any Decoder) throws {
      value = try? decoder.singleValueContainer().decode(Double.self)
    }
  }

  /// What JSONDecoder reads; JSONSerialization may miss the last bit of a number.
  private struct Numbers: Decodable {
    var checkpoint: String
    var points: [[String: Number]]
  }

  @Test func `what is written can be read, to the last bit`() throws {
    let name = "a/b \"c\"\n\u{1F600}"
    let text = try SweepJSON.encode([curve(usualCurve.points, checkpoint: name)])
    #expect(text.contains("a/b"))
    let read = try JSONDecoder().decode(Numbers.self, from: Data(text.utf8))
    #expect(read.checkpoint == name)
    #expect(read.points.count == usualCurve.points.count)
    for (read, point) in zip(read.points, usualCurve.points) {
      for column in SweepColumn.columns(for: usualCurve.points) {
        let value: Double? =
          switch column.value(point) {
          case .integer(let value): Double(value)
          case .real(let value): value
          case .flag, .missing: nil
          }
        let found = try #require(read[column.name], "\(column.name)")
        #expect(found.value == value, "\(column.name)")
      }
    }
  }

  @Test func `measurements that are not finite are null`() throws {
    var broken = point(sparsity: 0.5)
    broken.pruned.scores.nll = .infinity
    broken.pruned.scores.ece = .nan
    let read = try points(try parse(try SweepJSON.encode([curve([broken])])))[0]
    #expect(read["nll"] is NSNull)
    #expect(read["ece"] is NSNull)
    #expect(read["bytes"] as? Int == broken.pruned.bytes)
  }
}
