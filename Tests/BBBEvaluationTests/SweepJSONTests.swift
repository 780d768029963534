import BBBEvaluation
import Foundation
import Testing

struct SweepJSONTests {
  static let pointKeys: Set = [
    "sparsity", "removed", "kept", "threshold", "threshold_db", "errors", "images", "error",
    "error_low", "error_high", "nll", "ece", "p_value", "bytes", "ratio",
  ]
  static let curveKeys: Set = [
    "checkpoint", "convention", "criterion", "dataset", "weights", "points",
  ]

  @Test func `one curve is one object with exactly the documented keys`() throws {
    let text = try SweepJSON.encode([usualCurve])
    #expect(text.hasSuffix("}\n"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(object.keys) == Self.curveKeys)
    #expect(object["weights"] as? Int == 1_000_000)
    let points = try #require(object["points"] as? [[String: Any]])
    #expect(points.count == usualCurve.points.count)
    for point in points { #expect(Set(point.keys) == Self.pointKeys) }
    #expect(points[0]["threshold"] is NSNull)
    #expect(points[0]["threshold_db"] is NSNull)
    #expect(points[0]["p_value"] is NSNull)
    #expect(points[4]["sparsity"] as? Double == 0.98)
    #expect(points[4]["errors"] as? Int == 300)
    #expect(points[4]["error"] as? Double == 0.03)
    #expect(points[4]["p_value"] as? Double == McNemarTest(b: 0, c: 100).pValue)
  }

  @Test(arguments: [0, 2, 3])
  func `other numbers of curves are an array`(count: Int) throws {
    let curves = (0..<count).map { curve([point(sparsity: 0)], criterion: "criterion \($0)") }
    let text = try SweepJSON.encode(curves)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Array(object.keys) == ["curves"])
    #expect((object["curves"] as? [[String: Any]])?.count == count)
    #expect(try SweepJSON.decode(text) == curves)
  }

  @Test func `what is written can be read, to the last bit`() throws {
    let odd = curve(usualCurve.points, checkpoint: "a/b \"c\"\n\u{1F600}")
    #expect(try SweepJSON.decode(try SweepJSON.encode([odd])) == [odd])
  }

  @Test func `measurements that are not finite are null, and NaN when read`() throws {
    var broken = point(sparsity: 0.5)
    broken.nll = .infinity
    broken.ece = .nan
    let text = try SweepJSON.encode([curve([broken])])
    #expect(text.contains("\"nll\" : null"))
    let read = try #require(try SweepJSON.decode(text).first?.points.first)
    #expect(read.nll.isNaN)
    #expect(read.ece.isNaN)
    #expect(read.bytes == broken.bytes)
  }

  @Test(arguments: ["", "[]", "{}", "{\"curves\": 1}", "{\"checkpoint\": \"x\"}"])
  func `refuses what is not a sweep`(text: String) {
    #expect(throws: DecodingError.self) { try SweepJSON.decode(text) }
  }
}
