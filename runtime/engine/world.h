/* world.h: what may stand in for everything outside a run: services, files and destinations. A run whose options carry a World asks it before a
 * connector's own code; `naradac test` brings one that answers from a test file. */
#ifndef NARADA_ENGINE_WORLD_H
#define NARADA_ENGINE_WORLD_H

#include "base/input.h"
#include "engine/stage.h"

/* All functions are set. Each fails with a message that says what the world lacks. `*answered` is false on entry; left so, the connector's own code
 * runs. */
typedef struct World {
  /* The rows of a source, as a batch of call->schema. */
  Status (*source)(struct World *world, StageCall *call, const Batch **out, bool *answered, Error *error);
  /* The provider's values: fills the columns of `batch` that `fill` numbers, which are missing on entry. Not asked for the library's. */
  Status (*values)(struct World *world, StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count, bool *answered,
                   Error *error);
  /* A destination is about to get call->inputs[0]. When answered, nothing is written and the destination counts as done. */
  Status (*destination)(struct World *world, StageCall *call, bool *answered, Error *error);
  /* A file for reading and one for writing, in place of those of that path. */
  Status (*read)(struct World *world, Arena *arena, const char *path, Input **out, Error *error);
  Status (*write)(struct World *world, Arena *arena, const char *path, Output **out, Error *error);
} World;

/* Runs one stage, by the world where it answers, else by the stage's own code. */
Status world_run_stage(StageCall *call, const Batch **out, Error *error);
/* input_open and output_create for the files of a program. */
Status world_open(Run *run, const char *path, Input **out, Error *error);
Status world_create(Run *run, const char *path, Output **out, Error *error);

#endif
