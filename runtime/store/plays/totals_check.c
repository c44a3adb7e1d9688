#include "store/plays/totals.h"

typedef struct Checking {
  StoreTotals *sums; /* by track, counted anew; emptied once compared */
  size_t highest;
  void (*tell)(void *context, int64_t track);
  void *context;
} Checking;

static bool sum(void *context, const StorePlay *play) {
  Checking *checking = context;
  if (play->track <= 0 || (size_t)play->track > checking->highest || play->counted == COUNTED_NOT) return true;
  StoreTotals *mine = &checking->sums[play->track];
  if (play->counted == COUNTED_SKIP) {
    mine->skips++;
    return true;
  }
  if (!mine->plays++) mine->first_played = play->played_at; /* oldest first */
  mine->last_played = play->played_at;
  if (play->ms_played > 0) mine->listened_ms += play->ms_played;
  return true;
}

static bool compare(void *context, const StoreTotals *stored) {
  Checking *checking = context;
  StoreTotals counted = {0};
  if (stored->track > 0 && (size_t)stored->track <= checking->highest) {
    counted = checking->sums[stored->track];
    checking->sums[stored->track] = (StoreTotals){0};
  }
  bool same = counted.plays == stored->plays && counted.skips == stored->skips && counted.listened_ms == stored->listened_ms && counted.plays + counted.skips > 0;
  if (same && counted.plays) same = counted.first_played == stored->first_played && counted.last_played == stored->last_played;
  if (!same) checking->tell(checking->context, stored->track);
  return true;
}

/* Both ways of counting rest on the listens, which are checked by themselves. */
Status totals_check(Store *store, void (*tell)(void *context, int64_t track), void *context, Error *error) {
  bool current = false;
  Status status = store_has_totals(store, &current, error);
  if (status != STATUS_OK || !current) return status;
  Checking checking = {.highest = (size_t)store_highest_track(store), .tell = tell, .context = context};
  size_t size = (checking.highest + 1) * sizeof *checking.sums;
  checking.sums = arena_alloc(store->arena, size);
  status = store_each_figure(store, (InstantRange){INSTANT_MIN, INSTANT_MAX + 1}, sum, &checking, error);
  if (status == STATUS_OK) status = store_each_total(store, compare, &checking, error);
  for (size_t track = 1; track <= checking.highest && status == STATUS_OK; track++)
    if (checking.sums[track].plays || checking.sums[track].skips) tell(context, (int64_t)track);
  arena_release(store->arena, checking.sums, size);
  return status;
}
