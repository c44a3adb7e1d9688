/* resume.h: narada runs resume: a parked run goes on. */
#ifndef NARADA_CLI_RESUME_H
#define NARADA_CLI_RESUME_H

#include "cli/options.h"

/* [RUN] [options of narada-run]. STATUS_USAGE for a run that is not parked. */
Status resume_run(Arena *arena, int argc, char **argv, Error *error);

#endif
