/* error.h: the one status and the one error object every function reports through. */
#ifndef NARADA_BASE_ERROR_H
#define NARADA_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

/* A status is also the exit code of the programs, so it never needs translating. */
typedef enum Status {
  STATUS_OK = 0,
  STATUS_FAILED = 1,  /* the work could not be done, or problems were found */
  STATUS_USAGE = 2,   /* a wrong flag, a missing parameter, a program that does not compile */
  STATUS_PARTIAL = 3, /* done, but not for every row */
  STATUS_REFUSED = 4, /* a guard stopped it */
  STATUS_BAD_PLAN = 5,
  STATUS_BUSY = 75,  /* somebody else holds the store; try later */
  STATUS_LOGIN = 77, /* a service wants a login */
  STATUS_INTERRUPTED = 130, /* by Ctrl-C; by SIGTERM the exit code is 143, see interrupt.h */
} Status;

enum { ERROR_CODE_SIZE = 8, ERROR_MESSAGE_SIZE = 2048 };

/* What went wrong, made where the knowledge is. `code` is a row of stdlib/diagnostics.def ("N8003"), or empty.
 * The message says what, where and what would be right; it never holds a secret or a control character. */
typedef struct Error {
  Status status;
  char code[ERROR_CODE_SIZE];
  char message[ERROR_MESSAGE_SIZE];
} Error;

#if defined(__GNUC__)
#define NARADA_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#else
#define NARADA_PRINTF(format_at, first_at)
#endif

/* Fills `error` (which may be NULL) and returns `status`, so that a caller can write `return fail(...)`.
 * A message longer than ERROR_MESSAGE_SIZE is cut at a character boundary; control characters become \xNN. */
Status fail(Error *error, Status status, const char *code, const char *format, ...) NARADA_PRINTF(4, 5);
Status fail_with(Error *error, Status status, const char *code, const char *format, va_list arguments)
    NARADA_PRINTF(4, 0);

/* Puts `context: ` before the message already there and returns its status. */
Status fail_context(Error *error, const char *format, ...) NARADA_PRINTF(2, 3);

#endif
