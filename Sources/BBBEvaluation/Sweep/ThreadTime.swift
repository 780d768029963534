import CBBBLibc

/// The time that the calling thread has run on a processor, which other work on the machine does not add to.
///
/// - Returns: Microseconds from an arbitrary beginning.
func threadMicroseconds() -> Double {
  var time = timespec()
  let result = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  precondition(result == 0, "every system that the package supports has a clock for each thread")
  return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}
