/// Grid and labels of the page's charts, placed in percent of their frames.
enum ReportGrid {
  /// A horizontal line, and its label beside the frame.
  ///
  /// - Parameters:
  ///   - label: The label.
  ///   - y: The place, in percent from the top.
  /// - Returns: Two elements.
  static func row(_ label: String, y: Double) -> String {
    let place = percentText(y)
    return "<line class=\"grid\" x2=\"100%\" y1=\"\(place)%\" y2=\"\(place)%\"/>"
      + "<text class=\"row\" x=\"0\" y=\"\(place)%\" dx=\"-8\" dy=\"0.32em\">\(label)</text>"
  }

  /// Upright lines, and their labels below the frame.
  ///
  /// - Parameters:
  ///   - ticks: What there is room for in a wide chart.
  ///   - wide: What there is room for in a narrow one; the others are of the class `fine`.
  ///   - place: The place of a position, in percent.
  /// - Returns: Two elements for each.
  static func columns(_ ticks: [AxisTick], wide: [AxisTick], place: (Double) -> Double) -> String {
    let coarse = Set(wide.map(\.label))
    return ticks.map { tick in
      let x = percentText(place(tick.position))
      let fine = coarse.contains(tick.label) ? "" : " fine"
      return "<line class=\"grid\(fine)\" x1=\"\(x)%\" x2=\"\(x)%\" y2=\"100%\"/>"
        + "<text class=\"column\(fine)\" x=\"\(x)%\" y=\"100%\" dy=\"1.5em\">\(tick.label)</text>"
    }.joined(separator: "\n")
  }
}
