/* The file: a line "narada limits 1 WRITTEN", then for each limit "NAME FULL CLOSED", times in milliseconds, sorted as in the table, those of other
 * addresses after them. Small enough to be read and written at once. */
#include "connectors/http/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 16 << 10, NAME_MAX_ = 120, ROWS_MAX = 64 };

typedef struct Row {
  char name[NAME_MAX_ + 1];
  Instant full;   /* when the bucket is full again */
  Instant closed; /* no call before */
} Row;

struct Limits {
  const char *path;
  int file; /* -1: this process alone */
  const char *const *tags;
  struct {
    int64_t interval, room; /* ms between calls; how far ahead of time a burst may go */
  } rates[LIMIT_COUNT];
  Instant written;
  size_t length; /* of the file */
  Row rows[ROWS_MAX];
  size_t count;
};

static void close_file(void *object) {
  Limits *limits = object;
  if (limits->file >= 0) close(limits->file);
  limits->file = -1;
}

Status limits_open(Arena *arena, const char *path, const char *const tags[SERVICE_COUNT], Limits **out, Error *error) {
  Limits *limits = arena_alloc(arena, sizeof *limits);
  limits->path = path;
  limits->tags = tags;
  limits->file = -1;
  for (int i = 0; i < LIMIT_COUNT; i++) {
    const LimitDef *def = limit_def((LimitId)i);
    if (!def->calls) continue;
    limits->rates[i].interval = def->period_ms / def->calls;
    limits->rates[i].room = limits->rates[i].interval * (def->burst - 1);
  }
  *out = limits;
  arena_defer(arena, close_file, limits);
  if (!path) return STATUS_OK;
  limits->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (limits->file >= 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: cannot be opened for writing, and it keeps count of the calls to services: %s", path, strerror(errno));
}

void limits_set_rate(Limits *limits, LimitId limit, int calls, int period_ms) {
  limits->rates[limit].interval = period_ms / calls;
  limits->rates[limit].room = limits->rates[limit].interval * (calls - 1);
}

LimitId limits_root(LimitId limit) {
  while (limit_def(limit)->parent != LIMIT_NONE) limit = limit_def(limit)->parent;
  return limit;
}

static Status lock_file(Limits *limits, int operation, Error *error) {
  int result;
  do {
    result = flock(limits->file, operation);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: the file system gives no lock: %s; keep the store on a local disk", limits->path, strerror(errno));
}

/* What is not of the expected form is left out: at worst a service is asked once too soon. */
static void parse(Limits *limits, char *text) {
  limits->count = 0;
  limits->written = 0;
  char *rest = NULL, *line = strtok_r(text, "\n", &rest);
  if (!line || sscanf(line, "narada limits 1 %" SCNd64, &limits->written) != 1) return;
  while (limits->count < ROWS_MAX && (line = strtok_r(NULL, "\n", &rest)) != NULL) {
    Row *row = &limits->rows[limits->count];
    if (sscanf(line, "%120s %" SCNd64 " %" SCNd64, row->name, &row->full, &row->closed) != 3) continue;
    if (row->full < INSTANT_MIN || row->full > INSTANT_MAX || row->closed < INSTANT_MIN || row->closed > INSTANT_MAX) continue;
    limits->count++;
  }
}

/* Another process may have asked for the time a little later and the lock a little sooner; more than that, and the clock was set back. */
static void follow_clock(Limits *limits, Instant now) {
  int64_t back = limits->written - now;
  if (back > 0 && back < 1000) return;
  limits->written = now;
  for (size_t i = 0; back > 0 && i < limits->count; i++) {
    limits->rows[i].full -= back;
    limits->rows[i].closed -= back;
  }
}

static Status begin(Limits *limits, Instant now, Error *error) {
  if (limits->file >= 0) {
    Status status = lock_file(limits, LOCK_EX, error);
    if (status) return status;
    char text[FILE_MAX + 1];
    ssize_t length = pread(limits->file, text, FILE_MAX, 0);
    limits->length = length > 0 ? (size_t)length : 0;
    text[limits->length] = '\0';
    parse(limits, text);
  }
  follow_clock(limits, now);
  return STATUS_OK;
}

/* Written over in place and only then cut: a process that is killed in between leaves at worst an old line at the end. */
static Status end(Limits *limits, Error *error) {
  if (limits->file < 0) return STATUS_OK;
  char text[FILE_MAX];
  int used = snprintf(text, sizeof text, "narada limits 1 %" PRId64 "\n", limits->written);
  for (size_t i = 0; i < limits->count; i++) {
    const Row *row = &limits->rows[i];
    used += snprintf(text + used, sizeof text - (size_t)used, "%s %" PRId64 " %" PRId64 "\n", row->name, row->full, row->closed);
  }
  Status status = STATUS_OK;
  if (pwrite(limits->file, text, (size_t)used, 0) != used || ((size_t)used < limits->length && ftruncate(limits->file, used) != 0))
    status = fail(error, STATUS_FAILED, "", "%s: cannot be written, and it keeps count of the calls to services: %s", limits->path, strerror(errno));
  Status unlocked = lock_file(limits, LOCK_UN, status ? NULL : error);
  return status ? status : unlocked;
}

/* A row that nothing waits for any more says nothing. */
static size_t free_row(Limits *limits) {
  if (limits->count < ROWS_MAX) return limits->count++;
  for (size_t i = 0; i < limits->count; i++)
    if (limits->rows[i].full <= limits->written && limits->rows[i].closed <= limits->written) return i;
  return 0;
}

static Row *row_of(Limits *limits, LimitId limit) {
  const LimitDef *def = limit_def(limit);
  const char *tag = limits->tags ? limits->tags[def->service] : NULL;
  char name[NAME_MAX_ + 1];
  snprintf(name, sizeof name, "%s%s%s", def->name, tag ? "@" : "", tag ? tag : "");
  for (size_t i = 0; i < limits->count; i++)
    if (strcmp(limits->rows[i].name, name) == 0) return &limits->rows[i];
  Row *row = &limits->rows[free_row(limits)];
  *row = (Row){0};
  memcpy(row->name, name, strlen(name) + 1);
  return row;
}

static Instant later(Instant a, Instant b) {
  return a > b ? a : b;
}

/* When the limit's own bucket lets a call through. */
static Instant due_at(Limits *limits, LimitId limit) {
  return limit_def(limit)->calls ? row_of(limits, limit)->full - limits->rates[limit].room : INSTANT_MIN;
}

static Instant closed_until(Limits *limits, LimitId limit, Instant now) {
  for (LimitId i = limit; i != LIMIT_NONE; i = limit_def(i)->parent) now = later(now, row_of(limits, i)->closed);
  return now;
}

Status limits_take(Limits *limits, LimitId limit, Instant now, int64_t longest_ms, Instant *at, bool *taken, Error *error) {
  *taken = false;
  Status status = begin(limits, now, error);
  if (status) return status;
  *at = closed_until(limits, limit, now);
  if (*at > now) return end(limits, error); /* a slot beyond the pause would keep the parent from its other calls */
  for (LimitId i = limit; i != LIMIT_NONE; i = limit_def(i)->parent) *at = later(*at, due_at(limits, i));
  *taken = *at - now <= longest_ms;
  for (LimitId i = limit; *taken && i != LIMIT_NONE; i = limit_def(i)->parent) {
    if (limit_def(i)->calls == 0) continue;
    Row *row = row_of(limits, i);
    row->full = later(row->full, *at) + limits->rates[i].interval;
  }
  return end(limits, error);
}

Status limits_close(Limits *limits, LimitId limit, Instant until, Instant now, Error *error) {
  Status status = begin(limits, now, error);
  if (status) return status;
  Row *row = row_of(limits, limit);
  row->closed = later(row->closed, until);
  return end(limits, error);
}

Status limits_closed_until(Limits *limits, LimitId limit, Instant now, Instant *until, Error *error) {
  Status status = begin(limits, now, error);
  if (status) return status;
  *until = closed_until(limits, limit, now);
  return end(limits, error);
}
