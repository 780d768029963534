import BBBReports
import Foundation
import Testing

struct SweepCSVTests {
  static let header =
    "criterion,sparsity,removed,kept,threshold,threshold_db,errors,images,error,error_low,"
    + "error_high,nll,ece,brier,aurc,p_value,bytes,ratio,error_increase,error_increase_low,"
    + "error_increase_high,nll_increase,constant"

  @Test func `has a header and one record for each point of each curve`() {
    let other = curve([point(sparsity: 0)], criterion: "magnitude")
    let text = SweepCSV.encode([usualCurve, other])
    let records = text.components(separatedBy: "\n")
    #expect(records.count == 1 + 6 + 1 + 1)
    #expect(records[0] == Self.header)
    #expect(records.last?.isEmpty == true)
    for record in records.dropLast() {
      #expect(record.split(separator: ",", omittingEmptySubsequences: false).count == 23)
    }
    #expect(records[1].hasPrefix("signal-to-noise ratio,0.0,0,1000000,,,200,10000,0.02,"))
    #expect(records[7].hasPrefix("magnitude,0.0,0,1000000,,,"))
    let fields = records[5].split(separator: ",", omittingEmptySubsequences: false)
    #expect(Double(fields[15]) == usualCurve.points[4].pruned.pValue)
    #expect(Double(fields[4]) == usualCurve.points[4].threshold)
  }

  @Test func `has columns of the files that an export writes by default where they were measured`()
    throws
  {
    let records = SweepCSV.encode([exportedCurve, usualCurve]).components(separatedBy: "\n")
    #expect(records[0].hasPrefix(Self.header + ",export_sparsity,export_kept,export_errors,"))
    let names = records[0].split(separator: ",")
    let fields = records[2].split(separator: ",", omittingEmptySubsequences: false)
    let place = try #require(names.firstIndex(of: "export_bytes"))
    #expect(fields[place] == "255000")
    #expect(fields[try #require(names.firstIndex(of: "export_sparsity"))] == "0.75")
    #expect(fields[try #require(names.firstIndex(of: "export_constant"))] == "false")
    #expect(records[4].hasSuffix(",,,,,,"))
  }

  @Test func `has columns of the Monte Carlo prediction where one was made`() {
    let records = SweepCSV.encode([monteCarloCurve, usualCurve]).components(separatedBy: "\n")
    #expect(records[0] == Self.header + ",mc_errors,mc_error,mc_nll,mc_ece,mc_brier,mc_aurc")
    let fields = records[1].split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields[23...24] == ["150", "0.015"])
    #expect(Double(fields[25]) == monteCarloCurve.points[0].monteCarlo?.nll)
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
