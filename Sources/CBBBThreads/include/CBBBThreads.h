#ifndef CBBB_THREADS_H
#define CBBB_THREADS_H

#include <stdbool.h>

/// Calls `body(context, index, worker)` for every `index` below `count`, at once as far as threads can be had, and
/// returns when all calls have.
///
/// The calling thread works too, and does all of the work if the system makes no thread: whatever is waited for is under
/// way. At most `most_threads` work; no two calls at the same time have the same `worker`, a number below that. Threads
/// are made when first needed, as many as there are other processors, and kept. May be called from several threads, and
/// from within `body`.
void bbb_run_concurrently(
    long count, long most_threads, void *_Nullable context,
    void (*_Nonnull body)(void *_Nullable context, long index, long worker));

/// Whether the system makes `count` more threads at this moment; they end at once.
bool bbb_can_make_threads(int count);

#endif
