/* service_progress.h: how far the calls to services are, told on the terminal, of which a process has one. */
#ifndef NARADA_CLI_SERVICE_PROGRESS_H
#define NARADA_CLI_SERVICE_PROGRESS_H

#include <stdint.h>

/* HttpOptions.progress: writes at most ten times a second, and nothing for what is over at once. */
void service_progress_tell(void *unused, const char *what, uint64_t done, uint64_t total);
/* Before anything else is printed. */
void service_progress_clear(void);

#endif
