#include "cli/resume.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_doc.h"
#include "base/vec.h"
#include "cli/run/run_program.h"

typedef struct Latest {
  Arena *arena;
  VEC(Instant) ended; /* the moments of the runs that came to their end */
  int64_t id;
} Latest;

/* A run that goes on has the moment of the parked one. */
static bool visit(void *context, const StoreRun *run) {
  Latest *latest = context;
  if (run->exit_code != STATUS_BUSY) {
    vec_push(latest->arena, &latest->ended, run->started_at);
    return true;
  }
  bool resumed = false;
  for (size_t i = 0; i < latest->ended.count; i++) resumed = resumed || latest->ended.items[i] == run->started_at;
  if (!resumed) latest->id = run->id;
  return !latest->id;
}

/* The number that was given, else the latest run if one is parked. */
static Status find(Arena *arena, Store *store, const char *word, int64_t *out, Error *error) {
  char *end;
  if (word) {
    *out = strtoll(word, &end, 10);
    return *word && !*end && *out > 0 ? STATUS_OK : fail(error, STATUS_USAGE, "", "`%s` is not the number of a run; `narada runs` lists them", word);
  }
  Latest latest = {.arena = arena};
  Status status = store_each_run(store, INT64_MAX, INT64_MAX, visit, &latest, error);
  *out = latest.id;
  if (status == STATUS_OK && !latest.id) return fail(error, STATUS_FAILED, "", "no run is parked");
  return status;
}

static Status read_params(Arena *arena, Text json, PastRun *past, Error *error) {
  JsonDoc doc;
  Status status = json_doc_read(arena, json, "the parameters of the run", &doc, error);
  if (status != STATUS_OK) return status;
  ParamText *params = arena_array(arena, doc.root->count, sizeof *params);
  for (uint32_t i = 0; i < doc.root->count; i++) params[i] = (ParamText){doc.root->keys[i], doc.root->items[i].text};
  past->params = params;
  past->param_count = doc.root->count;
  return STATUS_OK;
}

static Status load(Arena *arena, const char *store_path, const char *word, PastRun *past, Error *error) {
  Text path;
  Store *store;
  StoreRun run;
  ProgramFile *files;
  int64_t id = 0;
  bool found = false;
  Status status = store_default_path(arena, store_path, &path, error);
  if (status == STATUS_OK && !store_exists(path.bytes)) status = fail(error, STATUS_FAILED, "", TEXT_FORMAT ": there is no store yet", TEXT_ARG(path));
  if (status == STATUS_OK) status = store_open(arena, path.bytes, STORE_READ, clock_now(), &store, error);
  if (status != STATUS_OK) return status;
  status = find(arena, store, word, &id, error);
  if (status == STATUS_OK) status = store_run_read(store, arena, id, &run, &found, error);
  if (status == STATUS_OK && !found) status = fail(error, STATUS_FAILED, "", "there is no run %" PRId64 "; `narada runs` lists them", id);
  if (status == STATUS_OK && run.exit_code != STATUS_BUSY)
    status = fail(error, STATUS_USAGE, "", "run %" PRId64 " is not parked, it is " TEXT_FORMAT "; only a parked run is resumed", id, TEXT_ARG(run.status));
  if (status == STATUS_OK) status = store_run_files(store, arena, id, &files, &past->file_count, error);
  if (status == STATUS_OK) status = read_params(arena, run.parameters, past, error);
  if (status == STATUS_OK) {
    past->files = files;
    past->now = run.started_at;
    past->zone = text_copy(arena, run.zone).bytes;
    past->seed = text_copy(arena, run.seed).bytes;
    fprintf(stderr, "run %" PRId64 ", ", id);
    text_print(stderr, run.program);
    fputs(", goes on\n", stderr);
  }
  Status closed = store_close(store, status == STATUS_OK ? error : NULL);
  return status == STATUS_OK ? closed : status;
}

Status resume_run(Arena *arena, int argc, char **argv, Error *error) {
  static const char *const taken[] = {"now", "zone", "seed"};
  bool numbered = argc > 0 && argv[0][0] != '-';
  const char *store_path = NULL;
  for (int i = numbered; i < argc; i++) {
    if (strcmp(argv[i], "--store") == 0 && i + 1 < argc) store_path = argv[i + 1];
    if (strncmp(argv[i], "--store=", 8) == 0) store_path = argv[i] + 8;
    for (size_t t = 0; t < sizeof taken / sizeof *taken; t++)
      if (strncmp(argv[i], "--", 2) == 0 && strncmp(argv[i] + 2, taken[t], strlen(taken[t])) == 0)
        return fail(error, STATUS_USAGE, "", "--%s is that of the run that is resumed", taken[t]);
  }
  PastRun past = {0};
  Status status = load(arena, store_path, numbered ? argv[0] : NULL, &past, error);
  if (status != STATUS_OK) return status;
  ProgramCall call = {.name = "narada runs resume", .path = past.files[0].name.bytes, .past = &past, .arena = arena, .argc = argc - numbered, .argv = argv + numbered};
  status = run_program(&call, error);
  return status == STATUS_OK ? call.result : status;
}
