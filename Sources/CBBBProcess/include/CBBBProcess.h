#ifndef CBBB_PROCESS_H
#define CBBB_PROCESS_H

#include <stdbool.h>

/// What is done before the process ends where it is, by a signal or for want of memory.
///
/// `clean_up` may call only what a signal handler may: it must not allocate.
void bbb_set_clean_up(void (*_Nonnull clean_up)(void));

/// From now on SIGINT and SIGTERM clean up before they end the process. Needs no thread.
void bbb_handle_interruptions(void);

/// Whether the first signal is only remembered, for work that looks for it.
void bbb_defer_interruptions(bool is_deferred);

/// The signal that was remembered, or 0.
int bbb_received_interruption(void);

/// Cleans up, and ends the process by a signal, as a shell expects.
void bbb_end_by_signal(int number) __attribute__((noreturn));

#endif
