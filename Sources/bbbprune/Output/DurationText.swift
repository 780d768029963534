/// Spans of time as people say them.
enum DurationText {
  /// A span in its two largest units, rounded up to a second: `12 s`, `3 min 5 s`, `2 h 7 min`.
  static func short(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded(.up))
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    default: return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
  }
}
