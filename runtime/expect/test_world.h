/* test_world.h: the world of one case: its library, and what stands in for services, files and destinations. Private to runtime/expect. */
#ifndef NARADA_EXPECT_TEST_WORLD_H
#define NARADA_EXPECT_TEST_WORLD_H

#include "engine/world.h"
#include "expect/suite.h"

/* What a destination got. */
typedef struct Captured {
  uint32_t node;
  StageId destination;
  Text name; /* what it writes to; empty = it has no name */
  const Batch *rows;
  bool used; /* by an expectation */
} Captured;

typedef struct CapturedFile {
  Text path;
  TextBuilder text;
} CapturedFile;

/* Values of services by track, see test_values.c. */
typedef struct KnownTrack {
  TrackHandle track;
  const Given *given;
  uint32_t row;
} KnownTrack;

typedef struct TestWorld {
  World world;
  const TestCase *test;
  Run *run;
  VEC(Captured) captured;
  VEC(CapturedFile *) files;
  VEC(KnownTrack) known;
  bool knows_tracks; /* `known` is made */
} TestWorld;

/* The world of a case; the run gets it through its options, and `run` is set when there is one. */
void test_world_init(TestWorld *world, const TestCase *test);
/* Makes the library in run->store. */
Status test_library_build(const TestCase *test, Run *run, Error *error);
/* The value of a service's field for a track; false if it is missing. `clue` may be 0. */
Status test_world_values(World *world, StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count, bool *answered, Error *error);
/* The row of the test's tables that is this track, or NULL. */
Status test_world_track(TestWorld *world, TrackHandle track, const KnownTrack **out, Error *error);

#endif
