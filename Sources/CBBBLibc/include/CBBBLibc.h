// The C library under one name, which Swift calls `Darwin`, `Glibc` or `Musl` by platform; and what Swift cannot see of
// it by itself: variadic functions, and macros that are expressions.

#ifndef CBBB_LIBC_H
#define CBBB_LIBC_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/// The error number of the thread's last system call that failed.
static inline int bbb_error_number(void) { return errno; }

/// Opens a file: a descriptor, or -1. `permissions` are those of a file that is created.
static inline int bbb_open(const char *_Nonnull path, int flags, mode_t permissions) {
  return open(path, flags, permissions);
}

/// Whether a file is a regular one, of which the content has an end.
static inline bool bbb_is_regular_file(const struct stat *_Nonnull status) {
  return S_ISREG(status->st_mode);
}

/// Whether a file is a folder.
static inline bool bbb_is_folder(const struct stat *_Nonnull status) {
  return S_ISDIR(status->st_mode);
}

/// Maps a file that is only read into memory; null if that fails.
static inline void *_Nullable bbb_map(int descriptor, size_t byte_count) {
  void *start = mmap(NULL, byte_count, PROT_READ, MAP_PRIVATE, descriptor, 0);
  return start == MAP_FAILED ? NULL : start;
}

/// Whether so much address space is to be had.
static inline bool bbb_has_address_space(size_t byte_count) {
  void *start = mmap(
      NULL, byte_count, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) return false;
  munmap(start, byte_count);
  return true;
}

#endif
