#include "library.h"

#include <stdio.h>

#include "base/random.h"

enum { LIBRARY_TRACKS = 60, LIBRARY_PLAYS = 400, TEXT_SIZE = 32 };

typedef struct Making {
  Store *store;
  Random random;
  int64_t tracks[LIBRARY_TRACKS];
  unsigned count;
} Making;

static unsigned below(Making *making, unsigned bound) {
  return (unsigned)random_below(&making->random, bound);
}

/* Names come from few, some of which differ in case alone. */
static Text artist_name(Making *making, char text[TEXT_SIZE]) {
  unsigned form = below(making, 10) < 7 ? 0 : below(making, 4);
  switch (form) {
    case 0: snprintf(text, TEXT_SIZE, "Artist %u", below(making, 8)); break;
    case 1: snprintf(text, TEXT_SIZE, "artist %u", below(making, 4)); break;
    case 2: snprintf(text, TEXT_SIZE, "ARTIST %u", below(making, 4)); break;
    default: snprintf(text, TEXT_SIZE, "\xc3\x89toile %u", below(making, 3)); break;
  }
  return text_of(text);
}

static bool known(Making *making) {
  return below(making, 4) != 0;
}

static Status add_track(Making *making, Error *error) {
  char title[TEXT_SIZE], artists[3][TEXT_SIZE], album[TEXT_SIZE], isrc[TEXT_SIZE], mbid[48], spotify[TEXT_SIZE], date[TEXT_SIZE] = "";
  Text names[3];
  StoreTrack track = {.artists = names, .artist_count = 1 + (below(making, 5) == 0 ? below(making, 3) : 0), .duration_ms = -1};
  snprintf(title, sizeof title, below(making, 8) ? "Song %u" : "song %u", below(making, 25));
  track.title = text_of(title);
  for (uint32_t i = 0; i < track.artist_count; i++) names[i] = artist_name(making, artists[i]);
  snprintf(album, sizeof album, "Album %u", below(making, 6));
  if (known(making)) track.album = text_of(album);
  snprintf(isrc, sizeof isrc, "USABC%07u", below(making, 30));
  if (known(making)) track.isrc = text_of(isrc);
  snprintf(mbid, sizeof mbid, "00000000-0000-4000-8000-%012u", making->count);
  if (!known(making)) track.mbid = text_of(mbid);
  snprintf(spotify, sizeof spotify, "track%017u", making->count);
  if (known(making)) track.spotify_id = text_of(spotify);
  unsigned year = 2018 + below(making, 7), month = 1 + below(making, 12), day = 1 + below(making, 28);
  switch (below(making, 5)) {
    case 0: break;
    case 1: snprintf(date, sizeof date, "%u", year); break;
    case 2: snprintf(date, sizeof date, "%u-%02u", year, month); break;
    default: snprintf(date, sizeof date, "%u-%02u-%02u", year, month, day); break;
  }
  track.release_date = text_of(date);
  if (known(making)) track.duration_ms = below(making, 3) ? 180000 : 1000 * (int64_t)(20 + below(making, 400));
  track.explicit_content = (Tristate)below(making, 3);
  return store_add_track(making->store, &track, &making->tracks[making->count++], error);
}

/* Often on the border of a day, a month, a year or a window. */
static Instant some_time(Making *making) {
  static const Instant borders[] = {
      INT64_C(1704067200000), /* 2024-01-01T00:00Z */
      INT64_C(1704067199999), INT64_C(1709251200000), /* 2024-03-01 */
      INT64_C(1672531200000), /* 2023-01-01 */
      LIBRARY_NOW - INT64_C(90) * 86400000, LIBRARY_NOW - INT64_C(90) * 86400000 - 1, LIBRARY_NOW - INT64_C(7) * 86400000, LIBRARY_NOW, LIBRARY_NOW - 1,
      LIBRARY_NOW + 1000,
  };
  if (below(making, 4) == 0) return borders[below(making, sizeof borders / sizeof *borders)];
  return LIBRARY_NOW - (Instant)random_below(&making->random, (uint64_t)6 * 365 * 86400) * 1000;
}

static Tristate some_flag(Making *making) {
  return (Tristate)below(making, 3);
}

static Text some_text(Making *making, const char *const *texts, unsigned count) {
  return text_of(texts[below(making, count)]);
}

static Status add_plays(Making *making, unsigned count, Error *error) {
  static const char *const services[] = {"spotify", "lastfm"}, *const sources[] = {"spotify_export", "test"}, *const platforms[] = {"", "ios", "web player"};
  static const char *const countries[] = {"", "DE", "FR"}, *const reasons[] = {"", "trackdone", "clickrow", "fwdbtn"};
  PlayWriter *writer;
  ImportCounts counts = {0};
  Status status = play_writer_new(making->store, TEXT_LITERAL("test"), TEXT_LITERAL("generated"), &writer, error);
  PlayObservation play = {0};
  char title[TEXT_SIZE], artist[TEXT_SIZE], id[TEXT_SIZE];
  for (unsigned i = 0; i < count && status == STATUS_OK; i++) {
    if (i == 0 || below(making, 12)) { /* else the same play again */
      play = (PlayObservation){.kind = below(making, 20) ? PLAY_TRACK : PLAY_EPISODE, .played_at = some_time(making), .ms_played = 1000 * (int64_t)below(making, 300)};
      if (below(making, 3) == 0) play.ms_played = below(making, 2) ? 30000 : 29999;
      if (below(making, 15) == 0) play.ms_played = -1;
      if (making->count && below(making, 5) && play.kind == PLAY_TRACK) {
        play.track = making->tracks[below(making, making->count)];
        snprintf(id, sizeof id, "known%lld", (long long)play.track);
      } else {
        snprintf(id, sizeof id, "played%u", below(making, 20));
      }
      snprintf(title, sizeof title, "Song %u", below(making, 25));
      play.title = text_of(title);
      play.artist = artist_name(making, artist);
      play.connector_track_id = text_of(id);
      play.has_offline_at = below(making, 6) == 0;
      play.offline_at = play.has_offline_at ? some_time(making) : 0;
      play.context = (PlayContext){.service = some_text(making, services, 2),
                                   .source = some_text(making, sources, 2),
                                   .platform = some_text(making, platforms, 3),
                                   .country = some_text(making, countries, 3),
                                   .reason_start = some_text(making, reasons, 4),
                                   .reason_end = some_text(making, reasons, 4),
                                   .shuffle = some_flag(making),
                                   .skipped = some_flag(making),
                                   .offline = some_flag(making),
                                   .incognito = some_flag(making)};
    }
    PlayAdded added;
    status = play_writer_add(writer, &play, &added, error);
    counts.rows++;
    counts.stored += status == STATUS_OK && !added.duplicate;
    counts.duplicates += status == STATUS_OK && added.duplicate;
  }
  return status == STATUS_OK ? play_writer_finish(writer, counts, error) : status;
}

static Status add_marks(Making *making, Error *error) {
  static const char *const tags[] = {"mood:chill", "party", "a"};
  Status status = STATUS_OK;
  for (unsigned i = 0; i < making->count && status == STATUS_OK; i++) {
    bool added;
    if (below(making, 3) == 0) status = store_like(making->store, making->tracks[i], TEXT_LITERAL("library"), some_time(making), &added, error);
    if (status == STATUS_OK && below(making, 4) == 0) status = store_tag(making->store, making->tracks[i], text_of(tags[below(making, 3)]), error);
    if (status == STATUS_OK && below(making, 4) == 0) status = store_rate(making->store, making->tracks[i], 1 + (int)below(making, 5), error);
  }
  return status;
}

static Status add_playlists(Making *making, Error *error) {
  static const char *const names[] = {"Mix", "Morning", "Empty"};
  Status status = STATUS_OK;
  for (unsigned i = 0; i < 3 && status == STATUS_OK; i++) {
    int64_t entries[20];
    size_t count = i == 2 || !making->count ? 0 : below(making, 20);
    for (size_t n = 0; n < count; n++) entries[n] = making->tracks[below(making, making->count)];
    PlaylistChange change;
    status = store_write_playlist(making->store, text_of(names[i]), PLAYLIST_REPLACE, entries, count, &change, error);
  }
  return status;
}

Status generate_library(Store *store, uint64_t seed, Error *error) {
  Making making = {.store = store, .random = random_seeded(seed)};
  bool empty = below(&making, 12) == 0, dense = below(&making, 3) == 0;
  unsigned tracks = empty ? 0 : below(&making, dense ? 12 : LIBRARY_TRACKS + 1), plays = empty ? 0 : below(&making, LIBRARY_PLAYS + 1);
  Status status = store_begin(store, error);
  for (unsigned i = 0; i < tracks && status == STATUS_OK; i++) status = add_track(&making, error);
  if (status == STATUS_OK) status = add_plays(&making, plays, error);
  if (status == STATUS_OK) status = add_marks(&making, error);
  if (status == STATUS_OK) status = add_playlists(&making, error);
  return status == STATUS_OK ? store_commit(store, error) : status;
}
