/* run_int.h: what the files of a run share. */
#ifndef NARADA_ENGINE_RUN_INT_H
#define NARADA_ENGINE_RUN_INT_H

#include "engine/run.h"

/* Fills run->params from the command line and the defaults; run->constants are there. */
Status run_read_params(Run *run, const ParamText *given, size_t count, Error *error);

#endif
