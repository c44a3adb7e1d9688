#include "engine/stage.h"

StageRun *stage_run_of(StageId id) {
  static StageRun *const runs[] = {
#define STAGE(id, name, group, inputs, input_rows, output, connector, effect, doc) [STAGEID_##id] = stage_run_##id,
#define PARAM(stage, name, kind, flags, min, max, words, doc)
#include "stages.def"
#undef STAGE
#undef PARAM
  };
  return runs[id];
}
