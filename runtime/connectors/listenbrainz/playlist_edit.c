#include "connectors/listenbrainz/playlist_edit.h"

#include <string.h>

#include "base/json.h"
#include "connectors/file/track_links.h"

PlaylistKeys playlist_keys_new(Arena *arena) {
  return (PlaylistKeys){arena, text_pool_new(arena)};
}

void playlist_keys_add(PlaylistKeys *keys, IntMap *counts, EntryKeys *to, const char mbid[MBID_LENGTH + 1]) {
  TextId recording = text_intern(keys->names, text_of(mbid));
  uint32_t number = int_map_get(counts, recording, 0);
  int_map_set(counts, recording, number + 1);
  vec_push(keys->arena, to, (EntryKey)text_intern(keys->names, text_of(arena_format(keys->arena, "%s %u", mbid, number))));
}

Text playlist_key_mbid(const PlaylistKeys *keys, EntryKey key) {
  return (Text){text_at(keys->names, key).bytes, MBID_LENGTH};
}

/* ---- which calls ---- */

static void add_inserts(Arena *arena, PlaylistPlan *plan, const EntryKey *keys, size_t count, size_t at) {
  size_t most = (size_t)endpoint_def(ENDPOINT_LISTENBRAINZ_PLAYLIST_ADD)->batch;
  for (size_t done = 0; done < count; done += most)
    vec_push(arena, &plan->steps, ((PlaylistStep){PLAYLIST_INSERT, keys + done, count - done < most ? count - done : most, at + done, 0}));
}

/* Runs of entries that go, from the back, so that places before them stay what they are. */
static void add_deletes(Arena *arena, PlaylistPlan *plan, EntryList now, const Edit *edit) {
  IntMap *gone = int_map_new(arena, edit->count);
  for (size_t i = 0; i < edit->count; i++) int_map_set(gone, edit->keys[i], 1);
  for (size_t end = now.count; end > 0;) {
    size_t from = end;
    while (from > 0 && int_map_get(gone, now.keys[from - 1], 0)) from--;
    if (from < end) vec_push(arena, &plan->steps, ((PlaylistStep){PLAYLIST_DELETE, NULL, end - from, from, 0}));
    plan->removed += end - from;
    end = from < end ? from : end - 1;
  }
}

static void add_edit(Arena *arena, PlaylistPlan *plan, EntryList now, const Edit *edit) {
  switch (edit->kind) {
    case EDIT_REMOVE: add_deletes(arena, plan, now, edit); return;
    case EDIT_INSERT:
      add_inserts(arena, plan, edit->keys, edit->count, edit->at);
      plan->added += edit->count;
      return;
    case EDIT_MOVE:
      vec_push(arena, &plan->steps, ((PlaylistStep){PLAYLIST_MOVE, now.keys + edit->at, edit->count, edit->at, edit->before > edit->at ? edit->before - edit->count : edit->before}));
      plan->moves++;
  }
}

void playlist_plan(Arena *arena, EntryList is, EntryList wanted, bool anew, PlaylistPlan *out) {
  EditScript script = {0};
  EntryList now = is;
  *out = (PlaylistPlan){0};
  edit_script_plan(arena, is, wanted, (EditLimits){.insert_most = (size_t)endpoint_def(ENDPOINT_LISTENBRAINZ_PLAYLIST_ADD)->batch, .remove_most = is.count + 1}, &script);
  for (size_t i = 0; i < script.edits.count; i++) {
    EditScript one = {0};
    EntryList next;
    vec_push(arena, &one.edits, script.edits.items[i]);
    add_edit(arena, out, now, &script.edits.items[i]);
    if (!edit_script_apply(arena, now, &one, &next)) return;
    now = next;
  }
  if (!anew || !is.count) return;
  out->steps.count = out->moves = 0;
  vec_push(arena, &out->steps, ((PlaylistStep){PLAYLIST_DELETE, NULL, is.count, 0, 0}));
  add_inserts(arena, out, wanted.keys, wanted.count, 0);
}

/* ---- how they are said ---- */

static Text tracks_body(const PlaylistKeys *keys, const PlaylistStep *step) {
  TextBuilder json = {.arena = keys->arena};
  text_append(&json, TEXT_LITERAL("{\"playlist\":{\"track\":["));
  for (size_t i = 0; i < step->count; i++) {
    text_append(&json, i ? TEXT_LITERAL(",{\"identifier\":[\"") : TEXT_LITERAL("{\"identifier\":[\""));
    track_link_append(&json, LINK_MBID, playlist_key_mbid(keys, step->keys[i]));
    text_append(&json, TEXT_LITERAL("\"]}"));
  }
  text_append(&json, TEXT_LITERAL("]}}"));
  return text_built(&json);
}

HttpRequest playlist_step_request(const PlaylistKeys *keys, Text path[2], const PlaylistStep *step) {
  Arena *arena = keys->arena;
  HttpRequest request = {.path = path, .path_count = 1};
  switch (step->kind) {
    case PLAYLIST_INSERT:
      request.endpoint = ENDPOINT_LISTENBRAINZ_PLAYLIST_ADD;
      path[1] = text_of(arena_format(arena, "%zu", step->at));
      request.path_count = 2;
      request.body = tracks_body(keys, step);
      break;
    case PLAYLIST_MOVE:
      request.endpoint = ENDPOINT_LISTENBRAINZ_PLAYLIST_MOVE;
      request.body = text_of(arena_format(arena, "{\"mbid\":\"" TEXT_FORMAT "\",\"from\":%zu,\"to\":%zu,\"count\":%zu}", TEXT_ARG(playlist_key_mbid(keys, step->keys[0])), step->at, step->to, step->count));
      break;
    case PLAYLIST_DELETE:
      request.endpoint = ENDPOINT_LISTENBRAINZ_PLAYLIST_DELETE;
      request.body = text_of(arena_format(arena, "{\"index\":%zu,\"count\":%zu}", step->at, step->count));
  }
  return request;
}
