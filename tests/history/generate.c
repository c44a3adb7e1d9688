/* narada-make-history: writes an invented extended streaming history, the same for the same arguments, with everything
 * odd that real ones have: nulls, podcasts, audiobooks, repeated rows, equal times, plays of no length, both forms of
 * offline_timestamp. Addresses are from TEST-NET (RFC 5737). */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/random.h"
#include "names.h"
#include "zip_write.h"

enum { SHOWS = 40, ROW_MAX = 8192 };

typedef struct Options {
  uint64_t rows, seed, rows_per_file, artists;
  uint64_t drift; /* how far taste moves along the ranking, in percent of the artists */
  const char *out, *from, *to;
  bool minified, old_keys, zip, plain, clean;
} Options;

typedef struct Album {
  char name[NAME_SIZE];
} Album;

typedef struct Track {
  char title[NAME_SIZE];
  char id[23];
  uint32_t artist, album, duration; /* ms */
} Track;

typedef struct Artist {
  char name[NAME_SIZE];
  uint32_t first_track, track_count;
} Artist;

typedef struct World {
  Artist *artists;
  Album *albums;
  Track *tracks;
  uint64_t artist_count, album_count, track_count;
  double *artist_weight, *track_weight; /* cumulative Zipf weights */
  char shows[SHOWS][NAME_SIZE];
} World;

enum { TRACKS_MOST = 40, TRACKS_PER_ALBUM = 10 };

static void *need(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) {
    fprintf(stderr, "narada-make-history: memory is out\n");
    exit(1);
  }
  return memory;
}

static double *zipf(uint64_t count, double exponent) {
  double *weights = need(count + 1, sizeof *weights);
  for (uint64_t i = 0; i < count; i++) {
    weights[i + 1] = weights[i] + pow((double)i + 1, -exponent);
  }
  return weights;
}

/* An index below `count`, by the cumulative weights. */
static uint64_t draw(Random *random, const double *weights, uint64_t count) {
  double point = random_unit(random) * weights[count];
  uint64_t low = 0, high = count;
  while (high - low > 1) {
    uint64_t middle = (low + high) / 2;
    if (weights[middle] <= point) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

static void make_id(uint64_t number, uint64_t salt, char out[23]) {
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  Random random = random_seeded(number * UINT64_C(0x9E3779B97F4A7C15) + salt);
  for (int i = 0; i < 22; i++) {
    out[i] = letters[random_below(&random, 62)];
  }
  out[22] = '\0';
}

static void make_world(World *world, Random *random, const Options *options) {
  world->artist_count = options->artists;
  world->artists = need(world->artist_count, sizeof *world->artists);
  for (uint64_t i = 0; i < world->artist_count; i++) {
    name_artist(random, options->plain, world->artists[i].name);
    world->artists[i].first_track = (uint32_t)world->track_count;
    world->artists[i].track_count = 1 + (uint32_t)random_below(random, 21); /* 11 on average */
    world->track_count += world->artists[i].track_count;
  }
  world->tracks = need(world->track_count, sizeof *world->tracks);
  world->albums = need(world->track_count, sizeof *world->albums);
  for (uint64_t i = 0; i < world->artist_count; i++) {
    Artist *artist = &world->artists[i];
    for (uint32_t k = 0; k < artist->track_count; k++) {
      if (k % TRACKS_PER_ALBUM == 0) {
        name_album(random, options->plain, world->albums[world->album_count++].name);
      }
      Track *track = &world->tracks[artist->first_track + k];
      name_track(random, options->plain, track->title);
      make_id(artist->first_track + k, options->seed, track->id);
      track->artist = (uint32_t)i;
      track->album = (uint32_t)world->album_count - 1;
      track->duration = 95000 + (uint32_t)random_below(random, 260000);
    }
  }
  for (int i = 0; i < SHOWS; i++) {
    name_show(random, world->shows[i]);
  }
  world->artist_weight = zipf(world->artist_count, 1.05);
  world->track_weight = zipf(TRACKS_MOST, 1.0);
}

/* ---- one row ---- */

typedef enum RowKindMade { MADE_MUSIC, MADE_EPISODE, MADE_CHAPTER, MADE_NULL } RowKindMade;

typedef struct Row {
  RowKindMade kind;
  int64_t end; /* seconds */
  int64_t ms;
  uint64_t track, show, episode;
  uint32_t platform, country, reason_start, reason_end, address;
  bool shuffle, skipped, offline, incognito;
  double progress; /* of the whole history, 0 to 1 */
} Row;

static const char *const platforms[] = {"iOS 15.4.1 (iPhone14,5)",
                                        "Android OS 11 API 30 (invented, Phone)",
                                        "Windows 10 (10.0.19044; x64)",
                                        "OS X 12.3.1 [arm 2]",
                                        "web_player windows 10;chrome 101",
                                        "Linux [x86-64 0]",
                                        "Partner speaker_one",
                                        "ios",
                                        "android",
                                        "osx",
                                        "windows",
                                        "cast kitchen",
                                        "not_applicable",
                                        "Partner television;tv"};
static const char *const countries[] = {"DE", "DE", "DE", "DE", "DE", "DE", "DE",
                                        "DE", "DE", "DE", "FR", "DK", "JP", "ZZ"};
static const char *const starts[] = {"trackdone", "trackdone", "trackdone", "fwdbtn", "clickrow",
                                     "playbtn",   "backbtn",   "appload",   "remote", "unknown"};
static const char *const ends[] = {
    "trackdone", "fwdbtn", "endplay", "backbtn", "logout", "unexpected-exit-while-paused", "unknown", "remote"};
#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct Sheet {
  char *bytes;
  size_t length, capacity;
  bool minified;
  bool first_key;
} Sheet;

static void put(Sheet *sheet, const char *bytes, size_t length) {
  memcpy(sheet->bytes + sheet->length, bytes, length);
  sheet->length += length;
}

static void put_string(Sheet *sheet, const char *text) {
  if (!text) {
    put(sheet, "null", 4);
    return;
  }
  put(sheet, "\"", 1);
  for (const char *at = text; *at; at++) {
    if (*at == '"' || *at == '\\') {
      put(sheet, "\\", 1);
    }
    put(sheet, at, 1);
  }
  put(sheet, "\"", 1);
}

static void put_key(Sheet *sheet, const char *key) {
  if (!sheet->first_key) {
    put(sheet, ",", 1);
  }
  sheet->first_key = false;
  if (!sheet->minified) {
    put(sheet, "\n    ", 5);
  }
  put_string(sheet, key);
  put(sheet, ": ", sheet->minified ? 1 : 2);
}

static void put_text(Sheet *sheet, const char *key, const char *text) {
  put_key(sheet, key);
  put_string(sheet, text);
}

static void put_number(Sheet *sheet, const char *key, int64_t number) {
  char digits[32];
  put_key(sheet, key);
  put(sheet, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number));
}

static void put_flag(Sheet *sheet, const char *key, int flag) {
  put_key(sheet, key);
  put(sheet, flag < 0 ? "null" : flag ? "true" : "false", flag < 0 || flag ? 4 : 5);
}

static void put_ts(Sheet *sheet, int64_t seconds) {
  int year, month, day;
  int64_t days = seconds / 86400, rest = seconds % 86400;
  civil_of_days((int32_t)days, &year, &month, &day);
  char text[80];
  snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(rest / 3600),
           (int)(rest / 60 % 60), (int)(rest % 60));
  put_text(sheet, "ts", text);
}

static void put_audiobook(Sheet *sheet, const World *world, const Row *row) {
  char title[NAME_SIZE * 2], uri[64], chapter_uri[64], id[23];
  bool chapter = row->kind == MADE_CHAPTER;
  make_id(row->show, 5, id);
  snprintf(uri, sizeof uri, "spotify:show:%s", id);
  make_id(row->show * 1000 + row->episode, 6, id);
  snprintf(chapter_uri, sizeof chapter_uri, "spotify:episode:%s", id);
  put_text(sheet, "audiobook_title", chapter ? world->shows[row->show] : NULL);
  put_text(sheet, "audiobook_uri", chapter ? uri : NULL);
  put_text(sheet, "audiobook_chapter_uri", chapter ? chapter_uri : NULL);
  snprintf(title, sizeof title, "Chapter %" PRIu64, row->episode + 1);
  put_text(sheet, "audiobook_chapter_title", chapter ? title : NULL);
}

static void put_names(Sheet *sheet, const World *world, const Row *row) {
  bool music = row->kind == MADE_MUSIC, episode = row->kind == MADE_EPISODE;
  const Track *track = &world->tracks[row->track];
  char uri[64], title[NAME_SIZE * 2], id[23];
  put_text(sheet, "master_metadata_track_name", music ? track->title : NULL);
  put_text(sheet, "master_metadata_album_artist_name", music ? world->artists[track->artist].name : NULL);
  put_text(sheet, "master_metadata_album_album_name", music ? world->albums[track->album].name : NULL);
  snprintf(uri, sizeof uri, "spotify:track:%s", track->id);
  put_text(sheet, "spotify_track_uri", music ? uri : NULL);
  snprintf(title, sizeof title, "#%" PRIu64 " \"%s\"", row->episode + 1,
           world->shows[(row->show + row->episode) % SHOWS]);
  put_text(sheet, "episode_name", episode ? title : NULL);
  put_text(sheet, "episode_show_name", episode ? world->shows[row->show] : NULL);
  make_id(row->show * 1000 + row->episode, 7, id);
  snprintf(uri, sizeof uri, "spotify:episode:%s", id);
  put_text(sheet, "spotify_episode_uri", episode ? uri : NULL);
}

static void put_row(Sheet *sheet, const World *world, const Row *row, bool old_keys) {
  char address[32];
  put(sheet, sheet->minified ? "{" : "\n  {", sheet->minified ? 1 : 4);
  sheet->first_key = true;
  put_ts(sheet, row->end);
  if (old_keys) {
    put_text(sheet, "username", "invented-listener-7");
  }
  put_text(sheet, "platform", platforms[row->platform]);
  put_number(sheet, "ms_played", row->ms);
  put_text(sheet, "conn_country", countries[row->country]);
  snprintf(address, sizeof address, "192.0.2.%u", row->address);
  put_text(sheet, old_keys ? "ip_addr_decrypted" : "ip_addr", address);
  if (old_keys) {
    put_text(sheet, "user_agent_decrypted", "InventedAgent/7.0 (never stored)");
  }
  put_names(sheet, world, row);
  if (!old_keys) {
    put_audiobook(sheet, world, row);
  }
  put_text(sheet, "reason_start", starts[row->reason_start]);
  put_text(sheet, "reason_end", ends[row->reason_end]);
  put_flag(sheet, "shuffle", row->shuffle);
  put_flag(sheet, "skipped", row->progress < 0.33 ? -1 : row->skipped);
  put_flag(sheet, "offline", row->offline);
  if (row->progress < 0.2) {
    put_flag(sheet, "offline_timestamp", -1);
  } else {
    int64_t began = row->end - row->ms / 1000;
    put_number(sheet, "offline_timestamp", row->progress < 0.5 ? began * 1000 + row->ms % 1000 : began);
  }
  put_flag(sheet, "incognito_mode", row->incognito);
  put(sheet, sheet->minified ? "}" : "\n  }", sheet->minified ? 1 : 4);
}

/* ---- the listener ---- */

enum { ON_REPEAT = 16 };

typedef struct Listener {
  Random random;
  uint64_t on_repeat[ON_REPEAT]; /* lately chosen tracks, which are chosen again for a while */
  uint64_t chosen;
  uint64_t next_of_album; /* a track of an album that is being heard in order; 0 = none */
  Row session;            /* where and how: the same for some rows */
  uint64_t session_left;
  Row last;
  bool has_last;
  const Options *options;
} Listener;

static void begin_session(Listener *listener) {
  Random *random = &listener->random;
  Row *session = &listener->session;
  listener->session_left = 1 + random_below(random, 30);
  session->platform = (uint32_t)random_below(random, random_below(random, 4) ? 3 : COUNT(platforms));
  session->country = (uint32_t)random_below(random, random_below(random, 3) ? 1 : COUNT(countries));
  session->address = 1 + (uint32_t)random_below(random, 254);
  session->shuffle = random_below(random, 3) == 0;
  session->offline = random_below(random, 20) == 0;
  session->incognito = random_below(random, 100) == 0;
}

static uint64_t choose_track(Listener *listener, const World *world, double progress) {
  Random *random = &listener->random;
  uint64_t track = listener->next_of_album;
  if (listener->chosen >= ON_REPEAT && random_below(random, 6) == 0) {
    listener->next_of_album = 0;
    return listener->on_repeat[random_below(random, ON_REPEAT)];
  }
  if (track == 0 || random_below(random, 10) == 0) {
    /* Taste drifts: half of the choices come from a ranking that moves with the years. */
    uint64_t rank = draw(random, world->artist_weight, world->artist_count);
    uint64_t drift = random_below(random, 2)
                         ? (uint64_t)(progress * (double)listener->options->drift / 100 * (double)world->artist_count)
                         : 0;
    const Artist *artist = &world->artists[(rank + drift) % world->artist_count];
    track = artist->first_track + draw(random, world->track_weight, artist->track_count);
    if (random_below(random, 4) == 0) {
      listener->on_repeat[listener->chosen++ % ON_REPEAT] = track;
    }
  }
  uint64_t next = track + 1;
  bool run = listener->next_of_album != 0 || random_below(random, 3) == 0;
  listener->next_of_album =
      run && next < world->track_count && world->tracks[next].album == world->tracks[track].album ? next : 0;
  return track;
}

static void listen(Listener *listener, const World *world, int64_t end, double progress, Row *row) {
  Random *random = &listener->random;
  uint64_t dice = random_below(random, 1000);
  if (listener->has_last && dice < 3) { /* the same row again */
    *row = listener->last;
    return;
  }
  if (listener->has_last && dice < 5) { /* the same play with another length */
    *row = listener->last;
    row->ms += 1 + (int64_t)random_below(random, 5000);
    return;
  }
  if (listener->session_left-- == 0) {
    begin_session(listener);
  }
  *row = listener->session;
  row->end = end;
  row->progress = progress;
  row->kind = dice < 30                                   ? MADE_EPISODE
              : dice < 35 && !listener->options->old_keys ? MADE_CHAPTER
              : dice >= 997 && !listener->options->clean  ? MADE_NULL
                                                          : MADE_MUSIC;
  row->show = random_below(random, SHOWS);
  row->episode = random_below(random, 200);
  row->reason_start = (uint32_t)random_below(random, random_below(random, 3) ? 4 : COUNT(starts));
  uint32_t duration = 1800000;
  if (row->kind == MADE_MUSIC) {
    row->track = choose_track(listener, world, progress);
    duration = world->tracks[row->track].duration;
  }
  uint64_t heard = random_below(random, 100);
  if (heard < 62) {
    row->ms = duration;
  } else if (heard < 65) {
    row->ms = 0;
  } else {
    row->reason_end = 1 + (uint32_t)random_below(random, COUNT(ends) - 1);
    row->ms = (int64_t)random_below(random, heard < 90 ? 30000 : duration);
    row->skipped = row->reason_end == 1;
  }
  listener->last = *row;
  listener->has_last = true;
}

/* ---- files ---- */

static bool save(const char *folder, const char *name, const char *bytes, size_t length) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  bool good = file && fwrite(bytes, 1, length, file) == length;
  good = file && fclose(file) == 0 && good;
  if (!good) {
    fprintf(stderr, "narada-make-history: %s cannot be written: %s\n", path, strerror(errno));
  }
  return good;
}

static int year_of(int64_t seconds) {
  int year, month, day;
  civil_of_days((int32_t)(seconds / 86400), &year, &month, &day);
  return year;
}

static void file_name(char *out, size_t size, const Options *options, uint64_t index, int first_year, int last_year) {
  if (options->old_keys) {
    snprintf(out, size, "endsong_%" PRIu64 ".json", index);
  } else if (first_year == last_year) {
    snprintf(out, size, "Streaming_History_Audio_%d_%" PRIu64 ".json", first_year, index);
  } else {
    snprintf(out, size, "Streaming_History_Audio_%d-%d_%" PRIu64 ".json", first_year, last_year, index);
  }
}

static bool write_history(const Options *options, int64_t from, int64_t to) {
  World world = {0};
  Listener listener = {.random = random_seeded(options->seed + 1), .options = options};
  Random names = random_seeded(options->seed);
  make_world(&world, &names, options);
  ZipWriter *zip = NULL;
  if (options->zip) {
    char path[4096];
    snprintf(path, sizeof path, "%s/my_spotify_data.zip", options->out);
    zip = zip_writer_new(path);
    if (!zip) {
      fprintf(stderr, "narada-make-history: %s cannot be written: %s\n", path, strerror(errno));
      return false;
    }
    zip_writer_folder(zip, "Spotify Extended Streaming History/");
  }
  uint64_t in_file = options->rows < options->rows_per_file ? options->rows : options->rows_per_file;
  Sheet sheet = {.capacity = in_file * 1024 + ROW_MAX, .minified = options->minified};
  sheet.bytes = need(sheet.capacity, 1);
  int64_t end = from;
  bool good = true;
  uint64_t index = 0;
  for (uint64_t made = 0; good && (made < options->rows || made == 0); index++) {
    int first_year = 0, last_year = 0;
    sheet.length = 0;
    put(&sheet, "[", 1);
    for (uint64_t i = 0; i < options->rows_per_file && made < options->rows; i++, made++) {
      Row row;
      if (sheet.length + ROW_MAX > sheet.capacity) {
        sheet.capacity *= 2;
        sheet.bytes = realloc(sheet.bytes, sheet.capacity);
        if (!sheet.bytes) {
          return false;
        }
      }
      double step = (double)(to - end) / (double)(options->rows - made);
      end += random_below(&listener.random, 50) == 0 ? 0 : (int64_t)(step * 2 * random_unit(&listener.random));
      end = end < to ? end : to - 1;
      listen(&listener, &world, end, (double)made / (double)options->rows, &row);
      if (i > 0) {
        put(&sheet, ",", 1);
      }
      put_row(&sheet, &world, &row, options->old_keys);
      last_year = year_of(row.end);
      first_year = first_year ? first_year : last_year;
    }
    put(&sheet, sheet.minified ? "]" : "\n]", sheet.minified ? 1 : 2);
    char name[128];
    file_name(name, sizeof name, options, index, first_year, last_year);
    if (zip) {
      char entry[256];
      snprintf(entry, sizeof entry, "Spotify Extended Streaming History/%s", name);
      good = zip_writer_file(zip, entry, sheet.bytes, sheet.length);
    } else {
      good = save(options->out, name, sheet.bytes, sheet.length);
    }
    if (options->rows == 0) {
      break;
    }
  }
  if (zip) {
    good = zip_writer_file(zip, "Spotify Extended Streaming History/ReadMeFirst_ExtendedStreamingHistory.pdf",
                           "%PDF-1.4 invented\n", 18) &&
           good;
    good = zip_writer_close(zip) && good;
  }
  free(sheet.bytes);
  free(world.artists);
  free(world.albums);
  free(world.tracks);
  free(world.artist_weight);
  free(world.track_weight);
  return good;
}

/* ---- arguments ---- */

static int usage(const char *problem, const char *what) {
  fprintf(stderr,
          "narada-make-history: %s%s\n"
          "usage: narada-make-history --rows N --out DIR [--seed S] [--from YYYY-MM] [--to YYYY-MM] [--artists N] "
          "[--drift PERCENT]\n"
          "                           [--rows-per-file N] [--minified] [--old-keys] [--plain-names] [--clean] [--zip]\n"
          "--clean makes no row that names nothing; --plain-names keeps to Latin letters.\n",
          problem, what);
  return 2;
}

static bool read_number(const char *text, uint64_t *out) {
  char *end;
  errno = 0;
  *out = strtoull(text, &end, 10);
  return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0';
}

static bool read_month(const char *text, int64_t *out) {
  int year, month;
  if (sscanf(text, "%4d-%2d", &year, &month) != 2 || year < 1970 || month < 1 || month > 12) {
    return false;
  }
  *out = (int64_t)days_of_civil(year, month, 1) * 86400;
  return true;
}

int main(int argc, char **argv) {
  Options options = {
      .rows_per_file = 16000, .artists = 9000, .seed = 1, .drift = 2, .from = "2013-01", .to = "2025-01"};
  bool has_rows = false;
  for (int i = 1; i < argc; i++) {
    const char *flag = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
    bool good = true;
    if (strcmp(flag, "--minified") == 0) {
      options.minified = true;
      continue;
    }
    if (strcmp(flag, "--old-keys") == 0) {
      options.old_keys = true;
      continue;
    }
    if (strcmp(flag, "--plain-names") == 0) {
      options.plain = true;
      continue;
    }
    if (strcmp(flag, "--clean") == 0) {
      options.clean = true;
      continue;
    }
    if (strcmp(flag, "--zip") == 0) {
      options.zip = true;
      continue;
    }
    if (strcmp(flag, "--rows") == 0) {
      good = has_rows = read_number(value, &options.rows);
    } else if (strcmp(flag, "--seed") == 0) {
      good = read_number(value, &options.seed);
    } else if (strcmp(flag, "--artists") == 0) {
      good = read_number(value, &options.artists) && options.artists > 0;
    } else if (strcmp(flag, "--drift") == 0) {
      good = read_number(value, &options.drift) && options.drift <= 100;
    } else if (strcmp(flag, "--rows-per-file") == 0) {
      good = read_number(value, &options.rows_per_file) && options.rows_per_file > 0;
    } else if (strcmp(flag, "--out") == 0) {
      options.out = value;
    } else if (strcmp(flag, "--from") == 0) {
      options.from = value;
    } else if (strcmp(flag, "--to") == 0) {
      options.to = value;
    } else {
      return usage("unknown argument ", flag);
    }
    if (!good || *value == '\0') {
      return usage("a value is missing or wrong after ", flag);
    }
    i++;
  }
  int64_t from, to;
  if (!options.out || !has_rows) {
    return usage("--rows and --out are needed", "");
  }
  if (!read_month(options.from, &from) || !read_month(options.to, &to) || to <= from) {
    return usage("--from and --to are months such as 2013-01, the first before the second", "");
  }
  if (mkdir(options.out, 0777) != 0 && errno != EEXIST) {
    fprintf(stderr, "narada-make-history: %s cannot be made: %s\n", options.out, strerror(errno));
    return 1;
  }
  return write_history(&options, from, to) ? 0 : 1;
}
