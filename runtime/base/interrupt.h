/* interrupt.h: somebody wants the program to end: Ctrl-C (SIGINT) or SIGTERM.
 *
 * The signal only leaves a note. Who works in steps looks at it between two of them and ends as after any failure, so that what is open is closed and what was made
 * half is removed. A second signal ends the process at once. */
#ifndef NARADA_BASE_INTERRUPT_H
#define NARADA_BASE_INTERRUPT_H

#include "base/error.h"

/* From here on; once a process. Without it a signal ends the process as the system does it. */
void interrupt_watch(void);
/* The signal that came; 0 = none. */
int interrupt_signal(void);
/* STATUS_INTERRUPTED if one came. */
Status interrupt_check(Error *error);
/* The exit status of a program that ends with `status`: STATUS_INTERRUPTED by SIGTERM is 143. */
int interrupt_exit(Status status);
/* Ends the process as the signal would have, so that a shell sees it: exit status 130 or 143. Returns if none came. */
void interrupt_raise(void);

#endif
