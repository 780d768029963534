/// What kind of failure an error is, whichever type tells of it; BSD's `sysexits.h` tells the same kinds apart.
public enum ErrorKind: CaseIterable, Sendable {
  /// What was asked for makes no sense.
  case usage
  /// What was given is there, but cannot be used.
  case data
  /// What was given cannot be found or read.
  case missingInput
  /// What is needed from elsewhere is not to be had: a server's files, a library.
  case unavailable
  /// What is asked for cannot be written.
  case output
}
