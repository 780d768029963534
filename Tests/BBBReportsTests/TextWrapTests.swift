import Testing

@testable import BBBReports

struct TextWrapTests {
  @Test func `breaks at spaces, and parts no number from its unit`() {
    #expect(
      TextWrap.wrap("one two three\nfour 1.75 %, five\n", width: 9)
        == "one two\nthree\nfour\n1.75 %,\nfive\n")
  }

  @Test func `leaves alone what is laid out, what fits and what is one word`() {
    for text in ["  bbbprune sweep model.pt --dataset mnist\n", "short\n\n", "averyverylongword"] {
      #expect(TextWrap.wrap(text, width: 12) == text)
    }
  }

  @Test func `ideographs take two columns`() {
    #expect("猫a".columnCount == 3)
    #expect(TextWrap.wrap("猫猫 猫", width: 6) == "猫猫\n猫")
    #expect("猫猫猫猫".shortened(to: 6) == "…猫猫")
  }
}
