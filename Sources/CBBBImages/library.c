#include "library.h"

#include <dlfcn.h>
#include <string.h>

static bool take(void *handle, const char *const *symbols, void *functions) {
  for (int index = 0; symbols[index]; index++) {
    void *address = dlsym(handle, symbols[index]);
    if (!address) return false;
    // As bytes: C knows no conversion of addresses of data to those of functions.
    memcpy((char *)functions + (size_t)index * sizeof address, &address, sizeof address);
  }
  return true;
}

bool bbb_library_load(
    bbb_library *library, const char *const *names, const char *const *symbols, void *functions) {
  pthread_mutex_lock(&library->mutex);
  if (!library->was_tried) {
    library->was_tried = true;
    for (int index = 0; names[index] && !library->is_loaded; index++) {
      void *handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
      if (!handle) continue;
      library->is_loaded = take(handle, symbols, functions);
      if (!library->is_loaded) dlclose(handle);
    }
  }
  const bool is_loaded = library->is_loaded;
  pthread_mutex_unlock(&library->mutex);
  return is_loaded;
}
