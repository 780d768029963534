import BBBPruning
import Crypto

extension Mask {
  /// The SHA-256 of `numpy.packbits`: eight flags a byte, the first in the highest bit.
  var packedSHA256: String {
    var bytes = [UInt8](repeating: 0, count: (count + 7) / 8)
    for position in keptPositions { bytes[position >> 3] |= 0x80 >> (position & 7) }
    return SHA256.hash(data: bytes).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
