import CLibFuzzer
import Foundation

/// Called by libFuzzer once, before anything else: lists the targets, or writes the seeds of one, and
/// ends, if asked to.
///
/// - Parameters:
///   - argumentCount: How many arguments the program was given.
///   - arguments: Not used: Swift knows them.
/// - Returns: 0.
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(
  _ argumentCount: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer
) -> CInt {
  // Swift's own crash handler would keep libFuzzer from saving the input.
  for signal in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
    Foundation.signal(signal, SIG_DFL)
  }
  if CommandLine.arguments.contains("--targets") {
    for target in FuzzTarget.all { print(target.name) }
    endProcess()
  }
  guard let folder = option("seeds") else { return 0 }
  do {
    try writeSeeds(of: selectedTarget, to: folder, fixtures: option("fixtures") ?? "Tests")
  } catch {
    fatalError("\(error)")
  }
  endProcess()
}

/// Ends the process without the search for leaks, which what is alive here would be taken for.
private func endProcess() -> Never {
  fflush(nil)
  _exit(0)
}

/// Called by libFuzzer with every input.
///
/// - Parameters:
///   - start: The first byte, or nil if there is none.
///   - count: The number of bytes.
/// - Returns: 0.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes from `start` on.
  selectedTarget.test(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// Called by libFuzzer to change an input.
///
/// - Parameters:
///   - start: The input, with room for `limit` bytes.
///   - count: Its number of bytes.
///   - limit: The most bytes that it may have afterwards.
///   - seed: What all chance follows from.
/// - Returns: The number of bytes afterwards.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
  // SAFETY: libFuzzer gives room for `limit` bytes, of which `count` are the input.
  let buffer = UnsafeMutableBufferPointer(start: start, count: limit)
  if let container = selectedTarget.container {
    var mutator = SealedMutator(seed: UInt64(seed), byteLimit: limit)
    if let mutated = mutator.mutated(Array(buffer[..<count]), as: container) {
      _ = buffer.update(fromContentsOf: mutated)
      return mutated.count
    }
  }
  return LLVMFuzzerMutate(start, count, limit)
}

/// Called by libFuzzer to make one input of two.
///
/// - Parameters:
///   - first: The first input.
///   - firstCount: Its number of bytes.
///   - second: The second input.
///   - secondCount: Its number of bytes.
///   - output: Room for the new input.
///   - limit: The most bytes that it may have.
///   - seed: What all chance follows from.
/// - Returns: The number of bytes made; 0 if the target has no containers to cross.
@_cdecl("LLVMFuzzerCustomCrossOver")
public func crossOver(
  _ first: UnsafePointer<UInt8>, _ firstCount: Int, _ second: UnsafePointer<UInt8>,
  _ secondCount: Int, _ output: UnsafeMutablePointer<UInt8>, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
  guard let container = selectedTarget.container else { return 0 }
  var mutator = SealedMutator(seed: UInt64(seed), byteLimit: limit)
  // SAFETY: libFuzzer gives inputs of these lengths and room for `limit` bytes.
  let crossed = mutator.crossed(
    Array(UnsafeBufferPointer(start: first, count: firstCount)),
    Array(UnsafeBufferPointer(start: second, count: secondCount)), as: container)
  guard let crossed else { return 0 }
  _ = UnsafeMutableBufferPointer(start: output, count: limit).update(fromContentsOf: crossed)
  return crossed.count
}
