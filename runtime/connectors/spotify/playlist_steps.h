/* playlist_steps.h: the calls that bring a playlist to what is wanted: which they are, what each makes of the list, and how it is said to Spotify. */
#ifndef NARADA_SPOTIFY_PLAYLIST_STEPS_H
#define NARADA_SPOTIFY_PLAYLIST_STEPS_H

#include "connectors/spotify/wanted_list.h"

typedef enum StepKind { STEP_REMOVE, STEP_INSERT, STEP_MOVE, STEP_REPLACE } StepKind;

/* As in Edit of edit_script.h. REPLACE: these entries and no others. */
typedef struct Step {
  StepKind kind;
  const EntryKey *keys;
  size_t count, at, before;
} Step;

typedef struct StepPlan {
  VEC(Step) steps;
  size_t before, after; /* entries */
  size_t added, removed; /* entries that come, and that go for good */
  size_t moves;
  size_t redated; /* entries that stay and count as added anew */
  size_t anew;    /* calls it would take to write the list anew; for telling */
} StepPlan;

/* Nothing to be done for equal lists, but with CHANGE_REPLACE, where every track is written anew. */
void steps_plan(Arena *arena, const RemoteList *is, const WantedList *wanted, PlaylistChangeMode mode, StepPlan *out);
/* The list after the first `count` steps; false: one does not fit. */
bool steps_apply(Arena *arena, EntryList is, const StepPlan *plan, size_t count, EntryList *out);
/* The request of the step on `playlist`. Texts in the arena. */
HttpRequest step_request(Arena *arena, const RemoteNames *names, const Text *playlist, const Step *step);

#endif
