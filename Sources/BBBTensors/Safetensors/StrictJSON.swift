/// A JSON value in which nothing is lost: members keep their order, and no key occurs twice.
enum StrictJSON: Equatable {
  case object([(key: String, value: StrictJSON)])
  case array([StrictJSON])
  case string(String)
  /// A number without fraction and exponent that fits.
  case integer(Int)
  /// Any other number, a truth value or null: no rule of a tensor file allows one.
  case other

  static func == (left: StrictJSON, right: StrictJSON) -> Bool {
    switch (left, right) {
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0.0 == $1.0 && $0.1 == $1.1 }
    case (.array(let a), .array(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.other, .other): true
    default: false
    }
  }
}
