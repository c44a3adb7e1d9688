/* Tags and ratings, put on tracks or taken from them. */
#include <inttypes.h>

#include "base/map.h"
#include "base/tag.h"
#include "connectors/library/library.h"

typedef struct Marking {
  StageCall *call;
  Store *store; /* NULL in a dry run without a store */
  Text tag;     /* in its one spelling; empty for ratings */
  bool take;    /* take the mark away */
  int rating;   /* 0 for tags */
  IntMap *seen; /* tracks of this stream */
  uint64_t changed, same, unknown;
} Marking;

/* Whether a track of the store has the mark already, or has none that could be taken away. */
static Status is_done(const Marking *marking, int64_t track, bool *out, Error *error) {
  bool has = false;
  int rating = 0;
  Status status = STATUS_OK;
  if (track > 0 && marking->store) {
    status = marking->tag.length ? store_has_tag(marking->store, track, marking->tag, &has, error)
                                 : store_rating(marking->store, track, &rating, error);
  }
  if (!marking->tag.length) has = marking->take ? rating != 0 : rating == marking->rating;
  *out = marking->take ? !has : has;
  return status;
}

static Status mark(const Marking *marking, int64_t track, Error *error) {
  if (!marking->tag.length) return store_rate(marking->store, track, marking->rating, error);
  return marking->take ? store_untag(marking->store, track, marking->tag, error)
                       : store_tag(marking->store, track, marking->tag, error);
}

static Status mark_row(Marking *marking, RowTracks *rows, size_t row, bool dry, Error *error) {
  int64_t track = 0;
  bool done = false, first = false;
  Status status = row_track(rows, row, &track, error);
  if (status != STATUS_OK) return status;
  if (!track) {
    marking->unknown++;
    return STATUS_OK;
  }
  int_map_add(marking->seen, track, 1, &first);
  if (!first) return STATUS_OK;
  status = is_done(marking, track, &done, error);
  if (status == STATUS_OK && !done && !dry) status = mark(marking, track, error);
  marking->changed += !done;
  marking->same += done;
  return status;
}

static Status mark_rows(Marking *marking, bool dry, Error *error) {
  const Batch *input = marking->call->inputs[0];
  RowTracks *rows = row_tracks_new(marking->call->run, marking->store, input, !dry && !marking->take);
  Status status = STATUS_OK;
  for (size_t i = 0; i < input->selected && status == STATUS_OK; i++)
    status = mark_row(marking, rows, batch_row(input, i), dry, error);
  return status;
}

static void tell(const Marking *marking, bool dry) {
  Run *run = marking->call->run;
  uint32_t node = marking->call->node;
  const char *would = dry ? "would be " : "", *tracks = marking->changed == 1 ? "track" : "tracks";
  if (marking->tag.length && marking->take) {
    run_notice(run, node, false, "tags: \"" TEXT_FORMAT "\" %staken from %" PRIu64 " %s, %" PRIu64 " did not have it",
               TEXT_ARG(marking->tag), would, marking->changed, tracks, marking->same);
  } else if (marking->tag.length) {
    run_notice(run, node, false, "tags: \"" TEXT_FORMAT "\" %sput on %" PRIu64 " %s, %" PRIu64 " had it already",
               TEXT_ARG(marking->tag), would, marking->changed, tracks, marking->same);
  } else if (marking->take) {
    run_notice(run, node, false, "ratings: %staken from %" PRIu64 " %s, %" PRIu64 " had none", would, marking->changed,
               tracks, marking->same);
  } else {
    run_notice(run, node, false, "ratings: %" PRIu64 " %s %srated %d, %" PRIu64 " already so", marking->changed, tracks,
               would, marking->rating, marking->same);
  }
  if (marking->unknown) {
    run_notice(run, node, true, "%s: %" PRIu64 " %s left out, because nothing identifies their track",
               marking->tag.length ? "tags" : "ratings", marking->unknown, marking->unknown == 1 ? "row" : "rows");
  }
}

static Status write_marks(Marking *marking, Error *error) {
  Run *run = marking->call->run;
  bool dry = run->options.dry_run;
  marking->seen = int_map_new(run->arena, 64);
  Status status = run_store(run, &marking->store, error);
  if (status == STATUS_OK && !dry) status = store_begin(marking->store, error);
  if (status != STATUS_OK) return status;
  status = mark_rows(marking, dry, error);
  if (!dry && status == STATUS_OK) status = store_commit(marking->store, error);
  else if (!dry) store_rollback(marking->store);
  if (status == STATUS_OK) tell(marking, dry);
  return status;
}

Status stage_run_TO_LIBRARY_TAGS(StageCall *call, const Batch **out, Error *error) {
  char tag[TAG_MAX_LENGTH];
  size_t length = 0;
  Marking marking = {.call = call, .take = text_is(call_word(call, "mode"), "remove")};
  *out = call->inputs[0];
  if (!tag_normalise(call_text(call, "tag"), tag, &length))
    return fail(error, STATUS_USAGE, "", "a tag is " TAG_RULE);
  marking.tag = text_copy(call->run->arena, (Text){tag, length});
  return write_marks(&marking, error);
}

Status stage_run_TO_LIBRARY_RATING(StageCall *call, const Batch **out, Error *error) {
  Marking marking = {.call = call, .rating = (int)call_int(call, "rating", 0)};
  marking.take = marking.rating == 0;
  *out = call->inputs[0];
  return write_marks(&marking, error);
}
