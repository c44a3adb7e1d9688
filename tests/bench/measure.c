/* measure: runs two commands in turn, A B A B ..., and prints the median wall and processor time and the peak memory of each, and the median of the
 * ratios A/B pair by pair. `measure RUNS A... -- B...`; their output is thrown away. Ratios of one run hold where seconds drift. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MAX_RUNS = 1000 };

typedef struct Sample {
  double wall, processor; /* seconds */
  long peak;              /* KiB */
} Sample;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double seconds(struct timeval t) {
  return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static Sample run(char **command) {
  sync(); /* what the other left to be written is not this one's */
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  double start = now();
  pid_t child;
  if (posix_spawnp(&child, command[0], &actions, NULL, command, environ) != 0) {
    fprintf(stderr, "measure: %s cannot be started\n", command[0]);
    exit(2);
  }
  int status;
  struct rusage usage;
  wait4(child, &status, 0, &usage);
  Sample sample = {now() - start, seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss};
  posix_spawn_file_actions_destroy(&actions);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "measure: %s ended with status %d\n", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    exit(1);
  }
  return sample;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(const double *values, int count) {
  double sorted[MAX_RUNS];
  memcpy(sorted, values, (size_t)count * sizeof *values);
  qsort(sorted, (size_t)count, sizeof *sorted, ascending);
  return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

int main(int argc, char **argv) {
  int runs = argc > 2 ? atoi(argv[1]) : 0, split = 2;
  while (split < argc && strcmp(argv[split], "--") != 0) split++;
  if (runs < 1 || runs > MAX_RUNS || split >= argc - 1 || split == 2) {
    fputs("usage: measure RUNS COMMAND... -- OTHER...\n", stderr);
    return 2;
  }
  argv[split] = NULL;
  char **commands[2] = {argv + 2, argv + split + 1};
  static double wall[2][MAX_RUNS], processor[2][MAX_RUNS], ratio[MAX_RUNS];
  long peak[2] = {0, 0};
  run(commands[0]);
  run(commands[1]);
  for (int i = 0; i < runs; i++) {
    for (int c = 0; c < 2; c++) {
      Sample sample = run(commands[c]);
      wall[c][i] = sample.wall;
      processor[c][i] = sample.processor;
      if (sample.peak > peak[c]) peak[c] = sample.peak;
    }
    ratio[i] = wall[0][i] / wall[1][i];
  }
  for (int c = 0; c < 2; c++)
    printf("%c  wall %10.2f ms  processor %10.2f ms  peak %7.1f MiB  %s\n", "AB"[c], 1e3 * median(wall[c], runs), 1e3 * median(processor[c], runs),
           (double)peak[c] / 1024, commands[c][0]);
  printf("A/B wall %.3f (median of %d pairs)\n", median(ratio, runs), runs);
  return 0;
}
