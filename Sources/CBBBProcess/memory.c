// An allocation that fails ends the process with a sentence.
//
// Neither Swift nor its libraries can go on without memory: they trap, and where the trap's own report needs memory, it
// looks like a crash. So the program has the allocation functions of glibc itself, and looks at what they give. Other
// C libraries have no second name for their functions, and macOS no limit that it enforces.

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BBB_IS_SANITIZED 1
#endif
#endif

// Says which C library it is.
#include <unistd.h>

#if defined(__GLIBC__) && !defined(BBB_IS_SANITIZED)

#include "clean_up.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/// BSD's EX_OSERR: the system gives no more.
enum { exit_code = 71 };

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

static void say_number(unsigned long number) {
  char digits[24];
  char *start = digits + sizeof digits - 1;
  *start = 0;
  do {
    start -= 1;
    *start = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  say(start);
}

static _Noreturn void end_without_memory(size_t size) {
  static atomic_flag is_ending = ATOMIC_FLAG_INIT;
  // One thread speaks, and ends the others.
  while (atomic_flag_test_and_set(&is_ending)) pause();
  bbb_clean_up();
  say("error: there is not enough memory: ");
  say_number(size);
  say(" bytes more are not to be had; ");
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    say("the limit is ");
    say_number((unsigned long)(limit.rlim_cur / 1000000));
    say(" MB ('ulimit -v'): raise it, or give fewer examples or a smaller network\n");
  } else {
    say("give fewer examples or a smaller network, or end other programs\n");
  }
  _exit(exit_code);
}

static void *checked(void *memory, size_t size) {
  if (memory == NULL && size > 0) end_without_memory(size);
  return memory;
}

void *malloc(size_t size) { return checked(__libc_malloc(size), size); }

void *calloc(size_t count, size_t size) {
  return checked(__libc_calloc(count, size), count != 0 && size != 0 ? count * size : 0);
}

void *realloc(void *memory, size_t size) { return checked(__libc_realloc(memory, size), size); }

void *memalign(size_t alignment, size_t size) {
  return checked(__libc_memalign(alignment, size), size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment == 0 || alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  *memory = memalign(alignment, size);
  return 0;
}

#endif
