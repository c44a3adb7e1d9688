#include "base/vec.h"
#include "cli/export/export_files.h"
#include "cli/export/safe_name.h"
#include "connectors/file/listed_track.h"

static const ListedFormat *const formats[] = {&listed_jspf, &listed_xspf, &listed_m3u};
enum { FORMATS = sizeof formats / sizeof *formats };

typedef struct Named {
  int64_t id;
  Text name, description;
} Named;

typedef struct Entry {
  int64_t track;
  Instant added;
} Entry;

/* A playlist on its way, with memory of its own. */
typedef struct Writing {
  Export *export;
  Arena *arena;
  const Named *playlist;
  Text file; /* without extension */
  VEC(Entry) entries;
  ExportFile files[FORMATS];
  TextBuilder piece, scratch;
} Writing;

static bool note_entry(void *context, int64_t track, Instant added) {
  Writing *writing = context;
  vec_push(writing->arena, &writing->entries, (Entry){track, added});
  return true;
}

static Status create_files(Writing *writing, Error *error) {
  Status status = STATUS_OK;
  for (int i = 0; i < FORMATS && status == STATUS_OK; i++) {
    Text name = text_of(arena_format(writing->arena, "playlists/" TEXT_FORMAT "%s", TEXT_ARG(writing->file), formats[i]->extension));
    status = export_file_create(writing->export, name, &writing->files[i], error);
    if (status != STATUS_OK) return status;
    writing->piece.length = 0;
    formats[i]->begin(&writing->piece, writing->playlist->name, writing->playlist->description);
    status = export_file_write(&writing->files[i], text_built(&writing->piece), error);
  }
  return status;
}

static Status write_entry(Writing *writing, const Entry *entry, Error *error) {
  StoreTrack track;
  bool found;
  Status status = store_track(writing->export->store, entry->track, &track, &found, error);
  if (status != STATUS_OK || !found) return status;
  ListedTrack listed = {
      .title = track.title,
      .artist = track.artist_count ? track.artists[0] : (Text){"", 0},
      .album = track.album,
      .isrc = track.isrc,
      .mbid = track.mbid,
      .spotify_id = track.spotify_id,
      .artists = track.artists,
      .artist_count = track.artist_count,
      .duration_ms = track.duration_ms,
      .has_added = true,
      .added = entry->added,
  };
  for (int i = 0; i < FORMATS && status == STATUS_OK; i++) {
    ExportFile *file = &writing->files[i];
    writing->piece.length = 0;
    formats[i]->track(&writing->piece, &writing->scratch, &listed, file->rows == 0);
    file->rows++;
    status = export_file_write(file, text_built(&writing->piece), error);
  }
  return status;
}

static Status end_files(Writing *writing, Error *error) {
  Status status = STATUS_OK;
  for (int i = 0; i < FORMATS && status == STATUS_OK; i++) {
    ExportFile *file = &writing->files[i];
    writing->piece.length = 0;
    formats[i]->end(&writing->piece, file->rows == 0);
    status = export_file_write(file, text_built(&writing->piece), error);
    if (status == STATUS_OK) status = export_file_end(writing->export, file, &writing->export->copies, error);
  }
  return status;
}

static Status write_body(void *context, Error *error) {
  Writing *writing = context;
  writing->piece.arena = writing->scratch.arena = writing->arena;
  Status status = store_each_playlist_entry(writing->export->store, writing->playlist->id, note_entry, writing, error);
  if (status == STATUS_OK) status = create_files(writing, error);
  for (size_t i = 0; i < writing->entries.count && status == STATUS_OK; i++) status = write_entry(writing, &writing->entries.items[i], error);
  return status == STATUS_OK ? end_files(writing, error) : status;
}

static Status write_playlist(Export *export, const Named *playlist, Text file, Error *error) {
  Writing writing = {.export = export, .arena = arena_new(0), .playlist = playlist, .file = file};
  if (!writing.arena) return fail(error, STATUS_FAILED, "", "memory is out");
  Status status = arena_protect(writing.arena, write_body, &writing, error);
  arena_free(writing.arena);
  return status;
}

typedef struct Naming {
  Arena *arena;
  VEC(Named) playlists;
} Naming;

static bool note_playlist(void *context, const StorePlaylist *playlist) {
  Naming *naming = context;
  vec_push(naming->arena, &naming->playlists, (Named){playlist->id, text_copy(naming->arena, playlist->name), text_copy(naming->arena, playlist->description)});
  return true;
}

Status export_playlists(Export *export, Error *error) {
  Naming naming = {.arena = export->arena};
  SafeNames *names = safe_names_new(export->arena);
  Status status = store_each_playlist(export->store, note_playlist, &naming, error);
  for (size_t i = 0; i < naming.playlists.count && status == STATUS_OK; i++)
    status = write_playlist(export, &naming.playlists.items[i], safe_name(names, naming.playlists.items[i].name), error);
  return status;
}
