/* What you put on tracks yourself: likes, ratings, tags. */
#include "base/vec.h"
#include "connectors/library/library.h"

typedef struct Marks {
  Run *run;
  size_t highest; /* track id */
  /* By track id; NULL where no column asks for it. */
  uint8_t *liked, *timed, *rating;
  Instant *liked_at;
  Value *tags;
  Value untagged; /* the empty list */
  int64_t track;  /* whose tags are being collected */
  VEC(Value) collected;
} Marks;

bool library_is_mark(FieldId field) {
  return field == FIELD_LIKED || field == FIELD_LIKED_AT || field == FIELD_RATING || field == FIELD_TAGS;
}

static bool is_within(const Marks *marks, int64_t track) {
  return track > 0 && (size_t)track <= marks->highest;
}

static bool visit_like(void *context, int64_t track, Instant liked_at, bool has_liked_at) {
  Marks *marks = context;
  if (!is_within(marks, track)) return true;
  marks->liked[track] = 1;
  marks->timed[track] = has_liked_at;
  marks->liked_at[track] = liked_at;
  return true;
}

static bool visit_rating(void *context, int64_t track, int rating) {
  Marks *marks = context;
  if (is_within(marks, track)) marks->rating[track] = (uint8_t)rating;
  return true;
}

static void end_track(Marks *marks) {
  if (marks->collected.count && is_within(marks, marks->track))
    marks->tags[marks->track] = list_add(marks->run->lists, marks->collected.items, (uint32_t)marks->collected.count);
  marks->collected.count = 0;
}

static bool visit_tag(void *context, int64_t track, Text tag) {
  Marks *marks = context;
  if (track != marks->track) end_track(marks);
  marks->track = track;
  vec_push(marks->run->arena, &marks->collected, (Value){.integer = text_intern(marks->run->texts, tag)});
  return true;
}

static Status read_likes(Marks *marks, Store *store, Error *error) {
  Arena *arena = marks->run->arena;
  marks->liked = arena_array(arena, marks->highest + 1, 1);
  marks->timed = arena_array(arena, marks->highest + 1, 1);
  marks->liked_at = arena_array(arena, marks->highest + 1, sizeof *marks->liked_at);
  return store_each_like(store, visit_like, marks, error);
}

static Status read_ratings(Marks *marks, Store *store, Error *error) {
  marks->rating = arena_array(marks->run->arena, marks->highest + 1, 1);
  return store_each_rating(store, visit_rating, marks, error);
}

static Status read_tags(Marks *marks, Store *store, Error *error) {
  marks->tags = arena_array(marks->run->arena, marks->highest + 1, sizeof *marks->tags);
  for (size_t track = 0; track <= marks->highest; track++) marks->tags[track] = marks->untagged;
  Status status = store_each_tag(store, visit_tag, marks, error);
  end_track(marks);
  return status;
}

static Status read_marks(Marks *marks, Store *store, FieldId field, Error *error) {
  if (field == FIELD_RATING) return marks->rating ? STATUS_OK : read_ratings(marks, store, error);
  if (field == FIELD_TAGS) return marks->tags ? STATUS_OK : read_tags(marks, store, error);
  return marks->liked ? STATUS_OK : read_likes(marks, store, error);
}

/* `track` 0 stands for a row whose track the store does not know: nobody marked it. */
static void fill_column(const Marks *marks, const MetricColumn *column, size_t row, size_t track) {
  Value value = {.integer = 0};
  bool known = false;
  switch (column->field) {
    case FIELD_LIKED:
      value.integer = track && marks->liked[track];
      break;
    case FIELD_LIKED_AT:
      known = track && marks->liked[track] && marks->timed[track];
      if (known) value.integer = marks->liked_at[track];
      break;
    case FIELD_RATING:
      known = track && marks->rating[track];
      if (known) value.integer = marks->rating[track];
      break;
    default:
      value = track ? marks->tags[track] : marks->untagged;
  }
  column->values[row] = value;
  column->missing[row] = column->optional && !known;
}

Status library_marks(Run *run, Store *store, const Batch *batch, const MetricColumn *columns, size_t count,
                     Error *error) {
  Marks marks = {.run = run, .untagged = list_add(run->lists, NULL, 0)};
  if (store) marks.highest = (size_t)store_highest_track(store);
  for (size_t c = 0; store && c < count; c++) {
    Status status = read_marks(&marks, store, columns[c].field, error);
    if (status != STATUS_OK) return status;
  }
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    TrackHandle handle = batch->tracks ? batch->tracks[row] : 0;
    size_t track = is_within(&marks, handle) ? (size_t)handle : 0;
    for (size_t c = 0; c < count; c++) fill_column(&marks, &columns[c], row, track);
  }
  return STATUS_OK;
}
