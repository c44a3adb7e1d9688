#include "connectors/spotify/playlist_steps.h"

/* ---- which ---- */

static size_t most_of(Endpoint endpoint) {
  return (size_t)endpoint_def(endpoint)->batch;
}

static size_t calls_for(size_t count, size_t most) {
  return (count + most - 1) / most;
}

static void add_all(Arena *arena, StepPlan *plan, StepKind kind, const EntryKey *keys, size_t count, size_t at, size_t most) {
  for (size_t done = 0; done < count; done += most) {
    size_t some = count - done < most ? count - done : most;
    vec_push(arena, &plan->steps, ((Step){.kind = kind, .keys = keys + done, .count = some, .at = kind == STEP_INSERT ? at + done : 0}));
  }
}

/* Entries of each key in one list beyond those in the other, all keys together. */
static size_t surplus(Arena *arena, EntryList of, EntryList over) {
  IntMap *counts = int_map_new(arena, over.count);
  size_t found = 0;
  for (size_t i = 0; i < over.count; i++) int_map_set(counts, over.keys[i], int_map_get(counts, over.keys[i], 0) + 1);
  for (size_t i = 0; i < of.count; i++) {
    uint32_t left = int_map_get(counts, of.keys[i], 0);
    if (left) int_map_set(counts, of.keys[i], left - 1);
    else found++;
  }
  return found;
}

/* All tracks go and come again; what no call can bring back stands still, at the end. */
static void plan_anew(Arena *arena, const RemoteList *is, const WantedList *wanted, StepPlan *out) {
  size_t fresh = wanted->list.count - wanted->stays, most = most_of(ENDPOINT_SPOTIFY_PLAYLIST_ADD);
  if (!wanted->stays) {
    size_t first = fresh < most ? fresh : most;
    vec_push(arena, &out->steps, ((Step){.kind = STEP_REPLACE, .keys = wanted->list.keys, .count = first}));
    add_all(arena, out, STEP_INSERT, wanted->list.keys + first, fresh - first, first, most);
    return;
  }
  VEC(EntryKey) gone = {0};
  IntMap *told = int_map_new(arena, is->entries.count);
  for (size_t i = 0; i < is->entries.count; i++) {
    bool is_new = false;
    if (is->entries.items[i].thing == SPOTIFY_TRACK) int_map_add(told, is->entries.items[i].key, 1, &is_new);
    if (is_new) vec_push(arena, &gone, is->entries.items[i].key);
  }
  add_all(arena, out, STEP_REMOVE, gone.items, gone.count, 0, most_of(ENDPOINT_SPOTIFY_PLAYLIST_REMOVE));
  add_all(arena, out, STEP_INSERT, wanted->list.keys, fresh, 0, most);
}

static void plan_script(Arena *arena, EntryList is, EntryList wanted, StepPlan *out) {
  EditScript script = {0};
  edit_script_plan(arena, is, wanted, (EditLimits){.insert_most = most_of(ENDPOINT_SPOTIFY_PLAYLIST_ADD), .remove_most = most_of(ENDPOINT_SPOTIFY_PLAYLIST_REMOVE)}, &script);
  for (size_t i = 0; i < script.edits.count; i++) {
    const Edit *edit = &script.edits.items[i];
    StepKind kind = edit->kind == EDIT_REMOVE ? STEP_REMOVE : edit->kind == EDIT_INSERT ? STEP_INSERT : STEP_MOVE;
    vec_push(arena, &out->steps, ((Step){kind, edit->keys, edit->count, edit->at, edit->before}));
  }
  out->moves = script.moves;
  out->redated = script.reinserted;
}

void steps_plan(Arena *arena, const RemoteList *is, const WantedList *wanted, PlaylistChangeMode mode, StepPlan *out) {
  EntryList now = remote_keys(arena, is);
  size_t most = most_of(ENDPOINT_SPOTIFY_PLAYLIST_ADD);
  *out = (StepPlan){.before = now.count, .after = wanted->list.count};
  out->added = surplus(arena, wanted->list, now);
  out->removed = surplus(arena, now, wanted->list);
  out->anew = wanted->list.count ? calls_for(wanted->list.count, most) : 1;
  if (mode != CHANGE_REPLACE || !now.count) {
    plan_script(arena, now, wanted->list, out);
    return;
  }
  plan_anew(arena, is, wanted, out);
  out->redated = wanted->list.count - wanted->stays - out->added;
}

/* ---- what it makes of the list ---- */

bool steps_apply(Arena *arena, EntryList is, const StepPlan *plan, size_t count, EntryList *out) {
  EditScript script = {0};
  for (size_t i = 0; i < count; i++) {
    const Step *step = &plan->steps.items[i];
    EditKind kind = step->kind == STEP_REMOVE ? EDIT_REMOVE : step->kind == STEP_INSERT ? EDIT_INSERT : EDIT_MOVE;
    if (step->kind == STEP_REPLACE) {
      is = (EntryList){step->keys, step->count};
      script.edits.count = 0;
    } else {
      vec_push(arena, &script.edits, ((Edit){kind, step->keys, step->count, step->at, step->before}));
    }
  }
  return edit_script_apply(arena, is, &script, out);
}

/* ---- how it is said ---- */

static Text body_of(Arena *arena, const RemoteNames *names, const Step *step) {
  TextBuilder json = {.arena = arena};
  if (step->kind == STEP_MOVE) {
    text_append_format(&json, "{\"range_start\":%zu,\"insert_before\":%zu,\"range_length\":%zu}", step->at, step->before, step->count);
    return text_built(&json);
  }
  text_append_format(&json, "{\"%s\":[", step->kind == STEP_REMOVE ? "items" : "uris");
  for (size_t i = 0; i < step->count; i++) {
    if (i) text_append_char(&json, ',');
    if (step->kind == STEP_REMOVE) text_append(&json, TEXT_LITERAL("{\"uri\":"));
    json_append_string(&json, remote_uri(names, step->keys[i]));
    if (step->kind == STEP_REMOVE) text_append_char(&json, '}');
  }
  text_append_char(&json, ']');
  if (step->kind == STEP_INSERT) text_append_format(&json, ",\"position\":%zu", step->at);
  text_append_char(&json, '}');
  return text_built(&json);
}

HttpRequest step_request(Arena *arena, const RemoteNames *names, const Text *playlist, const Step *step) {
  static const Endpoint endpoints[] = {[STEP_REMOVE] = ENDPOINT_SPOTIFY_PLAYLIST_REMOVE,
                                       [STEP_INSERT] = ENDPOINT_SPOTIFY_PLAYLIST_ADD,
                                       [STEP_MOVE] = ENDPOINT_SPOTIFY_PLAYLIST_REORDER,
                                       [STEP_REPLACE] = ENDPOINT_SPOTIFY_PLAYLIST_REPLACE};
  return (HttpRequest){.endpoint = endpoints[step->kind], .path = playlist, .path_count = 1, .body = body_of(arena, names, step)};
}
