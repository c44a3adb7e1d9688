#include "base/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

/* A signal comes to the process, not to a part of it. */
static atomic_int came;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler of signals may write to it");

static void note(int number) {
  atomic_store(&came, number);
}

void interrupt_watch(void) {
  static const int numbers[] = {SIGINT, SIGTERM};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction before, action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = (int)SA_RESETHAND; /* and not SA_RESTART: who waits is to look */
    sigemptyset(&action.sa_mask);
    /* A shell's job in the background ignores Ctrl-C, and goes on doing so. */
    if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(numbers[i], &action, NULL);
  }
}

int interrupt_signal(void) {
  return atomic_load_explicit(&came, memory_order_relaxed);
}

Status interrupt_check(Error *error) {
  return interrupt_signal() ? fail(error, STATUS_INTERRUPTED, "", "interrupted") : STATUS_OK;
}

int interrupt_exit(Status status) {
  return status == STATUS_INTERRUPTED && interrupt_signal() ? 128 + interrupt_signal() : (int)status;
}

void interrupt_raise(void) {
  int number = interrupt_signal();
  if (!number) return;
  signal(number, SIG_DFL);
  raise(number);
}
