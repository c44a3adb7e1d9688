/* file_stage.h: what the stages of files have in common. */
#ifndef NARADA_CONNECTORS_FILE_FILE_STAGE_H
#define NARADA_CONNECTORS_FILE_FILE_STAGE_H

#include "engine/stage.h"

/* The argument `path`, NUL-terminated, in the run's arena. STATUS_USAGE for an empty one and one that holds NUL. */
Status file_stage_path(const StageCall *call, const char **out, Error *error);

#endif
