#include "CBBBProcess.h"
#include "clean_up.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

static void (*_Atomic clean_up)(void) = NULL;
static atomic_bool is_deferred = false;
static atomic_int received = 0;

void bbb_set_clean_up(void (*new_clean_up)(void)) { atomic_store(&clean_up, new_clean_up); }

void bbb_clean_up(void) {
  void (*current)(void) = atomic_load(&clean_up);
  if (current != NULL) current();
}

void bbb_defer_interruptions(bool new_is_deferred) { atomic_store(&is_deferred, new_is_deferred); }

int bbb_received_interruption(void) { return atomic_load(&received); }

void bbb_end_by_signal(int number) {
  bbb_clean_up();
  signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  kill(getpid(), number);
  // Not reached unless the system holds the signal back; what shells make of it then.
  _exit(128 + number);
}

static void handle(int number) {
  int none = 0;
  if (atomic_load(&is_deferred) && atomic_compare_exchange_strong(&received, &none, number)) return;
  bbb_end_by_signal(number);
}

void bbb_handle_interruptions(void) {
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  // A parent whose threads hold signals back hands that on.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
