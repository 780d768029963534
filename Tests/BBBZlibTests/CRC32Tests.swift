import BBBZlib
import Testing

struct CRC32Tests {
  /// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
  @Test func `the check value is right`() {
    #expect(crc32(Array("123456789".utf8).span.bytes) == 0xCBF4_3926)
  }

  @Test func `nothing sums to zero`() {
    #expect(crc32([UInt8]().span.bytes) == 0)
  }
}
