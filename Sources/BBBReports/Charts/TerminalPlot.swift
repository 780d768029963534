import BBBEvaluation

/// A sweep as a plot made of ASCII characters.
public enum TerminalPlot {
  private static let markers: [Character] = ["o", "x", "+", "*", "#", "@", "%", "="]
  /// Stands where markers of different curves fall into one cell.
  private static let overlap: Character = "&"

  /// One line of the plot.
  private struct Line {
    var label: String
    /// Where its points are: a fraction of the weights removed, and the error in percent, or that of numbers.
    var points: [(sparsity: Double, error: Double)]
  }

  /// Plots error against sparsity, several curves in one picture; one curve beside that of the files that an export
  /// writes by default.
  ///
  /// - Parameters:
  ///   - curves: What to plot.
  ///   - width: The number of characters in a line; at least 40 are used.
  ///   - height: The number of lines of the plotting area; at least 5 are used.
  /// - Returns: Lines of plain text; a single line if there is nothing to plot.
  public static func render(_ curves: [SweepCurve], width: Int = 80, height: Int = 16) -> String {
    let content = self.lines(curves)
    let errors = content.flatMap(\.points).map(\.error)
    guard !errors.isEmpty else { return "There are no points to plot.\n" }
    let sparsityAxis = SparsityAxis(content.flatMap(\.points).map(\.sparsity))
    let errorAxis = ValueAxis(errors, emptyEnd: 1)

    let labelWidth = 7
    // Two columns beside the frame, and two at the right for the last label.
    var grid = Grid(width: max(width, 40) - labelWidth - 4, height: max(height, 5))
    let places = content.map { line in
      line.points.map { point in
        grid.cell(
          sparsityAxis.position(of: point.sparsity), errorAxis.position(of: point.error))
      }
    }
    for places in places {
      for (start, end) in zip(places, places.dropFirst()) { grid.connect(start, end) }
    }
    var hasOverlap = false
    for (index, places) in places.enumerated() {
      let marker = markers[index % markers.count]
      for place in places {
        let present = grid[place]
        let isTaken = present != Grid.empty && present != Grid.path && present != marker
        grid[place] = isTaken ? overlap : marker
        hasOverlap = hasOverlap || isTaken
      }
    }

    let rowDistance = 1.5 / Double(grid.height)
    let rowLabels = errorAxis.ticks(
      showing: errors, minimumDistance: rowDistance, label: NumberText.trimmed)
    let labelOfRow = Dictionary(
      rowLabels.map { (grid.cell(0, $0.position).row, $0.label) }, uniquingKeysWith: { $1 })
    var lines = [
      (curves.first?.errorAxis.title ?? "error, %")
        + (errorAxis.isLogarithmic ? " (logarithmic scale)" : "")
    ]
    for row in 0..<grid.height {
      let label = labelOfRow[row]
      lines.append(
        leftPadded(label ?? "", to: labelWidth) + (label == nil ? " |" : " +") + grid.text(row: row)
      )
    }
    lines += sparsityLines(sparsityAxis, width: grid.width, indent: labelWidth + 1)
    lines += content.enumerated().map { index, line in
      "  \(markers[index % markers.count])  \(line.label)"
    }
    if hasOverlap { lines.append("  \(overlap)  several of them") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ curves: [SweepCurve]) -> [Line] {
    let pruned = curves.map { curve in
      Line(
        label: curve.label(among: curves),
        points: curve.plottedPoints.map { ($0.sparsity, $0.error * curve.errorAxis.factor) })
    }
    guard curves.count == 1, let curve = curves.first else { return pruned }
    func line(_ label: String, _ file: (SweepPoint) -> MeasuredFile?) -> Line? {
      let points = curve.plottedPoints.compactMap { point in
        file(point).map {
          (sparsity: point.sparsity, error: $0.scores.error * curve.errorAxis.factor)
        }
      }.filter { 0...(curve.isNumeric ? .greatestFiniteMagnitude : 100) ~= $0.error }
      return points.isEmpty ? nil : Line(label: label, points: points)
    }
    let others = [
      line("what 'export' writes by default", \.exported),
      line("cut, and not conditioned", \.cut),
    ]
    return pruned + others.compactMap(\.self)
  }

  private static func sparsityLines(
    _ axis: SparsityAxis, width: Int, indent: Int
  ) -> [String] {
    var rule = [Character](repeating: "-", count: width)
    var labels = [Character](repeating: " ", count: indent + 1 + width + 3)
    for tick in axis.ticks(minimumDistance: 7 / Double(width)) {
      let column = Int((tick.position * Double(width - 1)).rounded())
      rule[column] = "+"
      let start = indent + 1 + column - tick.label.count / 2
      labels.replaceSubrange(start..<(start + tick.label.count), with: tick.label)
    }
    let margin = String(repeating: " ", count: indent)
    return [
      margin + "+" + String(rule), String(labels).trimmingTrailingSpaces(),
      margin + " sparsity, % (widening to 100)",
    ]
  }

  private static func leftPadded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

/// The plotting area: rows of characters, the first at the top.
private struct Grid {
  static let empty: Character = " "
  static let path: Character = "."

  let width: Int
  let height: Int
  private var rows: [[Character]]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rows = Array(repeating: Array(repeating: Self.empty, count: width), count: height)
  }

  subscript(place: (column: Int, row: Int)) -> Character {
    get { rows[place.row][place.column] }
    set { rows[place.row][place.column] = newValue }
  }

  /// The cell of a point, given as parts of the axes.
  func cell(_ x: Double, _ y: Double) -> (column: Int, row: Int) {
    (
      Int((x * Double(width - 1)).rounded()),
      height - 1 - Int((y * Double(height - 1)).rounded())
    )
  }

  /// Draws a straight path, one character in each column or row.
  mutating func connect(_ start: (column: Int, row: Int), _ end: (column: Int, row: Int)) {
    let steps = max(abs(end.column - start.column), abs(end.row - start.row))
    guard steps > 1 else { return }
    for step in 1..<steps {
      let part = Double(step) / Double(steps)
      let column = Double(start.column) + part * Double(end.column - start.column)
      let row = Double(start.row) + part * Double(end.row - start.row)
      self[(Int(column.rounded()), Int(row.rounded()))] = Self.path
    }
  }

  func text(row: Int) -> String { String(rows[row]).trimmingTrailingSpaces() }
}
