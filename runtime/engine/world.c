#include "engine/world.h"

Status world_run_stage(StageCall *call, const Batch **out, Error *error) {
  World *world = call->run->options.world;
  StageGroup group = call->def->group;
  bool answered = false;
  Status status = STATUS_OK;
  if (world && group == GROUP_SOURCE) status = world->source(world, call, out, &answered, error);
  if (world && group == GROUP_DESTINATION) {
    status = world->destination(world, call, &answered, error);
    if (answered) *out = call->inputs[0];
  }
  if (status != STATUS_OK || answered) return status;
  return stage_run_of((StageId)call->run->plan->imports[call->plan_node->stage].id)(call, out, error);
}

Status world_open(Run *run, const char *path, Input **out, Error *error) {
  World *world = run->options.world;
  return world ? world->read(world, run->arena, path, out, error) : input_open(run->arena, path, out, error);
}

Status world_create(Run *run, const char *path, Output **out, Error *error) {
  World *world = run->options.world;
  return world ? world->write(world, run->arena, path, out, error) : output_create(run->arena, path, out, error);
}
