import BBBEvaluation
import Foundation
import Testing

struct SweepCSVTests {
  static let header =
    "criterion,sparsity,removed,kept,threshold,threshold_db,errors,images,error,error_low,"
    + "error_high,nll,ece,brier,aurc,p_value,bytes,ratio"

  @Test func `has a header and one record for each point of each curve`() {
    let other = curve([point(sparsity: 0)], criterion: "magnitude")
    let text = SweepCSV.encode([usualCurve, other])
    let records = text.components(separatedBy: "\n")
    #expect(records.count == 1 + 6 + 1 + 1)
    #expect(records[0] == Self.header)
    #expect(records.last?.isEmpty == true)
    for record in records.dropLast() {
      #expect(record.split(separator: ",", omittingEmptySubsequences: false).count == 18)
    }
    #expect(records[1].hasPrefix("signal-to-noise ratio,0.0,0,1000000,,,200,10000,0.02,"))
    #expect(records[7].hasPrefix("magnitude,0.0,0,1000000,,,"))
    let fields = records[5].split(separator: ",", omittingEmptySubsequences: false)
    #expect(Double(fields[15]) == usualCurve.points[4].pValue)
    #expect(Double(fields[4]) == usualCurve.points[4].threshold)
  }

  @Test func `has columns of the Monte Carlo prediction where one was made`() {
    let records = SweepCSV.encode([monteCarloCurve, usualCurve]).components(separatedBy: "\n")
    #expect(records[0] == Self.header + ",mc_errors,mc_error,mc_nll,mc_ece,mc_brier,mc_aurc")
    let fields = records[1].split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields[18...19] == ["150", "0.015"])
    #expect(Double(fields[20]) == monteCarloCurve.points[0].monteCarlo?.nll)
    #expect(records[3].hasSuffix(",,,,,,"))
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("a \"b\"", "\"a \"\"b\"\"\""), ("\"", "\"\"\"\""),
    ("a\r\nb", "\"a\r\nb\""), ("a\nb", "\"a\nb\""), ("", ""),
  ])
  func `quotes a criterion as RFC 4180 says`(criterion: String, field: String) {
    let text = SweepCSV.encode([curve([point(sparsity: 0)], criterion: criterion)])
    #expect(text.hasPrefix(Self.header + "\n" + field + ",0.0,0,"))
  }
}
