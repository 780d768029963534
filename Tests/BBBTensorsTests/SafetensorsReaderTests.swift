import Foundation
import Testing

@testable import BBBTensors

struct SafetensorsReaderTests {
  @Test func `a file built by hand is read`() throws {
    let header =
      #"{"__metadata__":{"é\u00e9\ud83d\ude00":"\n"},"w":"#
      + #"{"dtype":"F32","shape":[2,1],"data_offsets":[2,10]},"#
      + #""m":{"shape":[2],"dtype":"U8","data_offsets":[0,2]}}   "#
    var data = safetensors(header)
    data.append(contentsOf: [7, 255])
    data.append(contentsOf: [0, 0, 0x80, 0x3F, 1, 0, 0, 0x80])
    let file = try TensorFile(data: data, path: "test")
    #expect(file.format == .safetensors)
    #expect(file.byteCount == data.count)
    #expect(file.metadata == ["éé😀": "\n"])
    #expect(file.tensors.map(\.name) == ["m", "w"], "the order of the bytes, not of the header")
    #expect(try file["m"]?.bytes() == [7, 255])
    let weights = try #require(file["w"])
    #expect(weights.shape == [2, 1])
    #expect(try weights.floats() == [1, -Float.leastNonzeroMagnitude])
    #expect(weights.path == "test")
  }

  @Test func `the reference implementation is read`() throws {
    let file = try TensorFile(contentsOf: fixturePath("all_types.safetensors"))
    #expect(file.metadata == ["format": "pt"])
    #expect(try file["b"]?.floats() == [1.5, 2.5])
    #expect(try file["a"]?.floats() == [.leastNonzeroMagnitude])
    #expect(try file["half"]?.floats() == [0.5])
    #expect(try file["brain"]?.doubles() == [0.5, 1, 2])
    #expect(try file["double"]?.doubles() == [0.1])
    #expect(file["double"]?.shape == [])
    #expect(try file["mask"]?.bytes() == [1, 2])
    #expect(file["quo\"te"]?.shape == [0, 2])
  }

  @Test(arguments: ElementType.safetensorsTypes)
  func `every type is listed and only floating point is decoded`(_ type: ElementType) throws {
    // Four elements are a whole number of bytes in every type.
    let end = type.bitCount / 2
    let file = try TensorFile(
      data: safetensors(
        #"{"x":{"dtype":"\#(type)","shape":[4],"data_offsets":[0,\#(end)]}}"#, payload: end),
      path: "test")
    #expect(file.tensors.map(\.elementType) == [type])
    if type.isFloatingPoint {
      #expect(try file.tensors[0].floats() == [0, 0, 0, 0])
    } else {
      let error = #expect(throws: TensorFileError.self) { try file.tensors[0].floats() }
      #expect(error?.code == .unsupported)
    }
  }

  static let lies: [MalformedFile] = [
    MalformedFile(
      "header longer than allowed", safetensors("{}", length: 100_000_001),
      says: "at most 100000000"),
    MalformedFile(
      "header length of 2⁶⁴ − 1", safetensors("{}", length: .max), says: "at most 100000000"),
    MalformedFile("header longer than the file", safetensors("{}", length: 3), says: "truncated"),
    MalformedFile("header cut short", safetensors("{}", length: 1), says: "not valid"),
    MalformedFile("line feed as padding", safetensors("{}\n"), says: "other than spaces"),
    MalformedFile("second object", safetensors("{}{}"), says: "other than spaces"),
    MalformedFile("byte behind the header", safetensors("{}", payload: 1), says: "1 bytes follow"),
    MalformedFile(
      "name twice", safetensors(#"{"a":\#(empty),"a":\#(empty)}"#), says: "occurs twice"),
    MalformedFile(
      "name twice, once escaped", safetensors(#"{"a":\#(empty),"\u0061":\#(empty)}"#),
      says: "occurs twice"),
    MalformedFile(
      "field twice",
      safetensors(#"{"a":{"dtype":"U8","dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#),
      says: "occurs twice"),
    MalformedFile(
      "metadata key twice", safetensors(#"{"__metadata__":{"a":"","a":""}}"#), says: "occurs twice"),
    MalformedFile(
      "metadata that is a number", safetensors(#"{"__metadata__":{"a":1}}"#),
      says: "not a string"),
    MalformedFile(
      "metadata that is a list", safetensors(#"{"__metadata__":[]}"#), says: "not an object"),
    MalformedFile(
      "hole between tensors", tensors((0, 4), (5, 9), payload: 9), says: "behind a hole"),
    MalformedFile("hole at the start", tensors((1, 5), payload: 5), says: "behind a hole"),
    MalformedFile("overlap", tensors((0, 4), (2, 6), payload: 6), says: "within the one before"),
    MalformedFile(
      "same bytes twice", tensors((0, 4), (0, 4), payload: 4), says: "within the one before"),
    MalformedFile("end before start", tensors((4, 0), payload: 4), says: "spans bytes 4 to 0"),
    MalformedFile("beyond the file", tensors((0, 4), payload: 3), says: "truncated"),
    MalformedFile("trailing byte", tensors((0, 4), payload: 5), says: "1 bytes follow"),
    MalformedFile(
      "span and shape differ", tensors((0, 8), payload: 8), says: "has 4 bytes by its shape"),
    MalformedFile("shape overflows", shape("4611686018427387904,4"), says: "too large"),
    MalformedFile("size overflows", shape("2305843009213693952"), says: "too large"),
    MalformedFile("negative extent", shape("-1"), says: "lacks a valid"),
    MalformedFile("fractional extent", shape("1.0"), says: "lacks a valid"),
    MalformedFile("extent of 2⁶³", shape("9223372036854775808"), says: "lacks a valid"),
    MalformedFile(
      "half a byte", safetensors(#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}"#),
      says: "no whole number of bytes"),
    MalformedFile(
      "unknown type", safetensors(#"{"a":{"dtype":"F33","shape":[0],"data_offsets":[0,0]}}"#),
      says: "unknown dtype \"F33\""),
    MalformedFile(
      "type that is a number", safetensors(#"{"a":{"dtype":1,"shape":[],"data_offsets":[0,0]}}"#),
      says: "dtype of the wrong kind"),
    MalformedFile(
      "missing shape", safetensors(#"{"a":{"dtype":"U8","data_offsets":[0,0]}}"#),
      says: "lacks a valid"),
    MalformedFile(
      "three offsets", safetensors(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}}"#),
      says: "lacks a valid"),
    MalformedFile(
      "unknown field",
      safetensors(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}"#),
      says: "unknown field \"x\""),
    MalformedFile("tensor that is null", safetensors(#"{"a":null}"#), says: "not described"),
    MalformedFile(
      "nesting that never ends",
      safetensors(#"{"a":"# + String(repeating: "[", count: 100_000)), says: "too deep"),
    MalformedFile(
      "invalid UTF-8", safetensors(#"{"ab":1}"#).patched(10, [0xFF]), says: "UTF-8"),
  ]

  @Test(arguments: lies)
  func `every lie is named`(_ file: MalformedFile) {
    let error = openingError(file.data)
    #expect(error?.message.contains(file.message) == true, "\(String(describing: error))")
  }

  private static let empty = #"{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#

  /// A file of tensors of one float each, at the spans given.
  private static func tensors(_ spans: (Int, Int)..., payload: Int) -> Data {
    let entries = spans.enumerated().map { index, span in
      #""t\#(index)":{"dtype":"F32","shape":[1],"data_offsets":[\#(span.0),\#(span.1)]}"#
    }
    return safetensors("{\(entries.joined(separator: ","))}", payload: payload)
  }

  private static func shape(_ shape: String) -> Data {
    safetensors(#"{"a":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,4]}}"#, payload: 4)
  }
}
