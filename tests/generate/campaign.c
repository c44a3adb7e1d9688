#include "campaign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

/* What a child tells its parent. */
typedef struct Report {
  volatile uint64_t done; /* indices below this one are done */
  volatile bool finding;
  char why[CAMPAIGN_REASON];
} Report;

typedef struct Course {
  const Campaign *campaign;
  uint64_t seed, from, count, progress;
  Report *report;
  void *shared;
  uint64_t findings;
} Course;

enum { MAX_FINDINGS = 10, MAX_ATTEMPTS = 500 };

static void *shared_memory(size_t size) {
  void *memory = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fputs("campaign: no shared memory\n", stderr);
    exit(2);
  }
  return memory;
}

static void run_chunk(Course *course, uint64_t first, uint64_t last) {
  const Campaign *campaign = course->campaign;
  for (uint64_t index = first; index < last; index++) {
    course->report->done = index;
    uint64_t seed = program_seed(course->seed, index);
    Arena *arena = arena_new(0);
    Text program = campaign->make(arena, seed, course->shared);
    if (!campaign->holds(program, seed, course->shared, course->report->why)) {
      course->report->finding = true;
      arena_free(arena);
      return;
    }
    arena_free(arena);
  }
  course->report->done = last;
}

/* Runs `body` in a child; false if it died. */
static bool in_child(void (*body)(Course *course, uint64_t a, uint64_t b), Course *course, uint64_t a, uint64_t b) {
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) {
    fputs("campaign: no child process\n", stderr);
    exit(2);
  }
  if (child == 0) {
    body(course, a, b);
    fflush(NULL);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!well && WIFSIGNALED(status)) snprintf(course->report->why, CAMPAIGN_REASON, "ended by signal %d", WTERMSIG(status));
  else if (!well) snprintf(course->report->why, CAMPAIGN_REASON, "ended with status %d", WEXITSTATUS(status));
  return well;
}

/* ---- making a finding small ---- */

static Text attempt_program;
static uint64_t attempt_seed;

static void attempt(Course *course, uint64_t a, uint64_t b) {
  (void)a, (void)b;
  if (!freopen("/dev/null", "w", stderr)) _exit(0);
  course->report->finding = !course->campaign->holds(attempt_program, attempt_seed, course->shared, course->report->why);
}

static bool still_wrong(Course *course, Text program, uint64_t seed) {
  attempt_program = program;
  attempt_seed = seed;
  course->report->finding = false;
  bool alive = in_child(attempt, course, 0, 0);
  return !alive || course->report->finding;
}

static Text smallest(Course *course, Arena *arena, Text program, uint64_t seed) {
  unsigned attempts = 0;
  for (size_t size = program.length / 2; size > 0 && attempts < MAX_ATTEMPTS; size = size == 1 ? 0 : size / 2) {
    for (size_t at = 0; at + size <= program.length && attempts < MAX_ATTEMPTS; attempts++) {
      TextBuilder shorter = {.arena = arena};
      text_append(&shorter, (Text){program.bytes, at});
      text_append(&shorter, (Text){program.bytes + at + size, program.length - at - size});
      text_append(&shorter, TEXT_LITERAL(""));
      if (still_wrong(course, text_built(&shorter), seed)) program = text_built(&shorter);
      else at += size > 8 ? size / 2 : 1;
    }
  }
  still_wrong(course, program, seed);
  return program;
}

/* What is tried here is not counted. */
static void tell_finding(Course *course, uint64_t index) {
  size_t size = course->campaign->shared_size;
  void *counted = malloc(size + 1);
  if (counted) memcpy(counted, course->shared, size);
  uint64_t seed = program_seed(course->seed, index);
  printf("finding: seed %" PRIu64 " index %" PRIu64 ": %s\n", course->seed, index, course->report->why);
  Arena *arena = arena_new(0);
  Text program = course->campaign->make(arena, seed, course->shared);
  printf("---- the program\n" TEXT_FORMAT "----\n", TEXT_ARG(program));
  fflush(stdout);
  if (still_wrong(course, program, seed)) {
    program = smallest(course, arena, program, seed);
    printf("---- smallest: %s\n" TEXT_FORMAT "\n----\n", course->report->why, TEXT_ARG(program));
  }
  fflush(stdout);
  arena_free(arena);
  if (counted) memcpy(course->shared, counted, size);
  free(counted);
}

/* ---- the course ---- */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void run_course(Course *course) {
  double start = now();
  uint64_t end = course->from + course->count, next = course->from + course->progress;
  for (uint64_t index = course->from; index < end && course->findings < MAX_FINDINGS;) {
    uint64_t last = end - index > course->campaign->chunk ? index + course->campaign->chunk : end;
    course->report->finding = false;
    bool well = in_child(run_chunk, course, index, last);
    if (!well || course->report->finding) {
      index = course->report->done;
      course->findings++;
      tell_finding(course, index++);
      continue;
    }
    index = last;
    if (course->progress && index >= next && index < end) {
      printf("%" PRIu64 " %s, %" PRIu64 " findings, %.0f a second\n", index - course->from, course->campaign->unit, course->findings,
             (double)(index - course->from) / (now() - start));
      fflush(stdout);
      next += course->progress;
    }
  }
}

static bool read_options(Course *course, bool *print, int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--print") == 0) {
      *print = true;
      continue;
    }
    uint64_t *number = strcmp(argv[i], "--seed") == 0       ? &course->seed
                       : strcmp(argv[i], "--from") == 0     ? &course->from
                       : strcmp(argv[i], "--count") == 0    ? &course->count
                       : strcmp(argv[i], "--progress") == 0 ? &course->progress
                                                            : NULL;
    if (!number || ++i == argc) return false;
    char *end;
    *number = strtoull(argv[i], &end, 10);
    if (*end) return false;
  }
  return true;
}

int campaign_main(const Campaign *campaign, int argc, char **argv) {
  Course course = {.campaign = campaign, .seed = 1, .count = 1000};
  bool print = false;
  if (!read_options(&course, &print, argc, argv)) {
    fprintf(stderr, "usage: %s [--seed N] [--from N] [--count N] [--progress N] [--print]\n", campaign->name);
    return 2;
  }
  course.shared = shared_memory(campaign->shared_size);
  course.report = shared_memory(sizeof *course.report);
  if (print) {
    for (uint64_t index = course.from; index < course.from + course.count; index++) {
      Arena *arena = arena_new(0);
      Text program = campaign->make(arena, program_seed(course.seed, index), course.shared);
      printf("# %" PRIu64 "\n" TEXT_FORMAT "\n", index, TEXT_ARG(program));
      arena_free(arena);
    }
    return 0;
  }
  run_course(&course);
  bool right = !campaign->summary || campaign->summary(course.shared, course.count);
  printf("%" PRIu64 " %s, %" PRIu64 " findings, seed %" PRIu64 "\n", course.count, campaign->unit, course.findings, course.seed);
  return course.findings || !right;
}
