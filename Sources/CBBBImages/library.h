// A library of the system, loaded once, by whichever thread needs it first.

#ifndef CBBB_IMAGES_LIBRARY_H
#define CBBB_IMAGES_LIBRARY_H

#include <pthread.h>
#include <stdbool.h>

typedef struct bbb_library {
  pthread_mutex_t mutex;
  bool was_tried;
  bool is_loaded;
} bbb_library;

#define BBB_LIBRARY_INITIALISER {PTHREAD_MUTEX_INITIALIZER, false, false}

/// Loads the first library of these names that has all symbols, whose addresses go to `functions`, in order; both lists end
/// with null. Whether there is one.
bool bbb_library_load(
    bbb_library *library, const char *const *names, const char *const *symbols, void *functions);

#endif
