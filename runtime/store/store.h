/* store.h: the user's data in SQLite. Opening, migrating, locking; reading and writing tracks, plays, playlists and
 * likes.
 *
 * All times on disk are INTEGER milliseconds since 1970-01-01T00:00:00Z. One process writes at a time (flock on
 * FILE.lock); readers need no lock. */
#ifndef NARADA_STORE_STORE_H
#define NARADA_STORE_STORE_H

#include "base/clock.h"

typedef struct Store Store;
typedef enum StoreMode { STORE_READ, STORE_WRITE, STORE_LOG, STORE_REPAIR } StoreMode;

/* --store, else NARADA_STORE, else $XDG_DATA_HOME/narada/narada.db, else ~/.local/share/narada/narada.db. `option` may
 * be NULL. */
Status store_default_path(Arena *arena, const char *option, Text *out, Error *error);
bool store_exists(const char *path);

/* STORE_WRITE makes folder (0700) and file (0600) if needed, takes the writer lock (STATUS_BUSY and who holds it if it
 * is taken) and applies pending migrations after a backup. STORE_READ opens an existing store read-only; one of an older
 * schema is brought up to date first. STORE_LOG opens an existing, current store for records whose loss at a power cut would harm nothing: it does not wait for
 * the disk; only runs.h and response_cache.h write through it. STORE_REPAIR opens one whose indexes may not be there (upkeep/repair.h). Refused, each
 * with its own message: a file that is no database, a database that is not Narada's, a store from a newer version, a
 * folder, a backup (for writing), no permission, a full disk. Closed with the arena, or by store_close. `now` stamps created_at and updated_at.
 */
Status store_open(Arena *arena, const char *path, StoreMode mode, Instant now, Store **out, Error *error);
/* For a reader that goes through the whole store, before it reads anything: the file is not mapped, so memory does not grow with it. */
Status store_read_through(Store *store, Error *error);
/* A new, empty store in memory, for writing; gone with the arena or store_close. */
Status store_open_memory(Arena *arena, Instant now, Store **out, Error *error);
/* What is written from here on is stamped with this moment. */
void store_set_now(Store *store, Instant now);
Status store_close(Store *store, Error *error);
const char *store_path(const Store *store);
StoreMode store_mode(const Store *store);

/* Writes between begin and commit are one transaction; commit is durable (synchronous=FULL). */
Status store_begin(Store *store, Error *error);
/* Whether what the store is asked ends when the program is to end (base/interrupt.h), however long it would take. Not while something is written that is to be
 * whole. */
void store_heed_interrupts(Store *store, bool heed);
Status store_commit(Store *store, Error *error);
/* Commits, and begins anew, in a thread beside whoever goes on adding plays: for imports, which commit now and then. A commit that fails is told by a later
 * call, and nothing that came after it is kept either. Waits for the one before. `*number`: what store_commits() will be. */
Status store_commit_beside(Store *store, uint64_t *number, Error *error);
/* Commits that succeeded since the store was opened; waits for the one under way. */
uint64_t store_commits(Store *store);
void store_rollback(Store *store);
/* All that a commit does before it commits: what was written so far is found by whoever looks for it. */
Status store_flush(Store *store, Error *error);

/* ---- plays ---- */
typedef enum PlayKind { PLAY_TRACK, PLAY_EPISODE, PLAY_CHAPTER } PlayKind;
const char *play_kind_name(PlayKind kind); /* "track", "episode", "chapter" */

typedef enum Tristate { TRISTATE_FALSE, TRISTATE_TRUE, TRISTATE_MISSING } Tristate;

/* Under which circumstances a play happened; equal contexts are stored once. Empty text = not known. */
typedef struct PlayContext {
  Text service; /* "spotify" */
  Text source;  /* "spotify_export" */
  Text platform;
  Text country;
  Text reason_start;
  Text reason_end;
  Tristate shuffle, skipped, offline, incognito;
} PlayContext;

/* What a play refers to, for looking it up. */
typedef struct PlayHashes {
  bool known;
  Hash128 track, context;
} PlayHashes;

/* One play as some source observed it. */
typedef struct PlayObservation {
  PlayKind kind;
  Text connector_track_id; /* the service's id of what was played; empty = known by its names only */
  Text title;              /* of the track, episode or chapter */
  Text artist;             /* the artist, show or audiobook */
  Text album;
  Instant played_at; /* when it began */
  int64_t ms_played; /* -1 = not known */
  bool has_offline_at;
  Instant offline_at;
  PlayContext context;
  int64_t track; /* the store's track it is a play of; 0 = the connector's track decides, which is made when it is new */
  Text track_method; /* by which id `track` was found, as "isrc" (NUL-terminated); empty = by its names */
  PlayHashes hashes;
} PlayObservation;

/* Hashes what the play refers to, which a thread that reads ahead can do for the one that stores. Nothing of it may change later. */
void play_observation_hash(PlayObservation *play);

typedef struct PlayAdded {
  bool duplicate; /* it was already there */
  int64_t play;   /* id of the stored play: this one, or its twin */
  bool new_track;
} PlayAdded;

/* Adds plays; created per import. `import_source` and `batch` (a UUID or other unique text) are recorded once. Two
 * observations are the same play if they agree in the connector's track (or its names), played_at and ms_played. Memory
 * is bounded whatever the history's size. The caller brackets with store_begin/commit, as often as it likes; storing is fastest where the writer comes first. */
typedef struct PlayWriter PlayWriter;
Status play_writer_new(Store *store, Text import_source, Text batch, PlayWriter **out, Error *error);
/* A play that is hashed and will be added soon: what it needs comes into the processor's caches meanwhile. */
void play_writer_expect(const PlayWriter *writer, const PlayObservation *play);
Status play_writer_add(PlayWriter *writer, const PlayObservation *play, PlayAdded *out, Error *error);
/* Records what the batch read, stored, recognised and rejected. Nothing is recorded for a batch that stored nothing. */
typedef struct ImportCounts {
  uint64_t rows, stored, duplicates, rejected;
} ImportCounts;
Status play_writer_finish(PlayWriter *writer, ImportCounts counts, Error *error);
/* A rejected row: file name without folders, line, reason. Kept in the store so that nothing disappears silently; the
 * same (file, line, reason) once. */
Status play_writer_reject(PlayWriter *writer, Text file, uint64_t line, Text reason, Error *error);

/* ---- listens ---- */
/* One listen can be observed several times: by several services, or in pieces. Which observations are one is derived
 * from them and kept up with each import; listen_rules.h has the rules. */
typedef struct ListenCounts {
  uint64_t observations;
  uint64_t roles[5]; /* by ListenRole: alone, head, duplicate, fragment, merged; together all observations */
  uint64_t changed;  /* of what was stored before */
} ListenCounts;
/* Derives all listens anew, in one transaction. `dry_run` changes nothing, and works on a store open for reading. */
Status store_rebuild_listens(Store *store, bool dry_run, ListenCounts *out, Error *error);

/* ---- files that were imported to their end ---- */
typedef struct FileState {
  int64_t size, modified_ns, changed_ns, device, inode; /* as stat(2) has them; times in nanoseconds since 1970 */
} FileState;
enum { IMPORT_KINDS = 4 }; /* a PlayKind, or what cannot be told */
typedef struct ImportedFile {
  uint64_t rows[IMPORT_KINDS], rejected[IMPORT_KINDS];
} ImportedFile;
/* What was read of the file when it was imported; `*found` is false if it was not, or has changed since. */
Status store_find_imported_file(Store *store, Text path, const FileState *state, ImportedFile *out, bool *found, Error *error);
/* To be called in the transaction that stores the file's last rows; waits for its commit. `path` is copied. */
Status store_note_imported_file(Store *store, Text path, const FileState *state, const ImportedFile *file, Error *error);
/* ---- what counts as a play ---- */
typedef enum CountingRule {
#define COUNTING(id, name, needs, doc) COUNTING_##id,
#include "store/plays/counting.def"
#undef COUNTING
  COUNTING_RULES,
  COUNTING_OWN = COUNTING_RULES /* not by name but as the user said it: OwnRule */
} CountingRule;
/* What is heard at least for this long, or this much of its track, counts. One of the two at least is said. */
typedef struct OwnRule {
  int64_t heard_ms; /* -1 = not said */
  int percent;      /* 1 to 100, 0 = not said */
} OwnRule;
/* The rule of a name; false if there is none. */
bool counting_find(Text name, CountingRule *out);
/* "45s", "50%" and "50% or 4min", in either order; false if it is none of these. */
bool own_rule_parse(Text text, OwnRule *out);
/* As own_rule_parse reads it, always the same for the same rule. */
Text own_rule_format(Arena *arena, OwnRule rule);
/* The user's choice; COUNTING_SPOTIFY until there is one. */
Status store_counting_rule(Store *store, CountingRule *out, Error *error);
/* Sets it and derives the totals anew, in one transaction. */
Status store_set_counting_rule(Store *store, CountingRule rule, Error *error);
Status store_set_own_rule(Store *store, OwnRule rule, Error *error);
/* The rule when store_counting_rule gave COUNTING_OWN. */
OwnRule store_own_rule(const Store *store);
typedef enum Counted { COUNTED_PLAY, COUNTED_SKIP, COUNTED_NOT } Counted;

/* A stored play as a reader sees it. */
typedef struct StorePlay {
  int64_t id;
  int64_t track; /* 0 for episodes and chapters */
  PlayKind kind;
  Instant played_at;
  int64_t ms_played; /* -1 = not known */
  bool has_offline_at;
  Instant offline_at;
  uint32_t context; /* for store_play_context */
  Counted counted;  /* by the user's rule; of store_each_figure */
} StorePlay;

enum {
  PLAYS_OF_EVERY_KIND = 1, /* episodes and chapters too */
  PLAYS_AS_OBSERVED = 2,   /* each observation, instead of each listen once */
};
/* Visits the listens that began in [lo, hi), oldest first; `visit` returns false to stop. A listen with several
 * observations has the time of the best of them, and the rest from the most trusted source. */
Status store_each_play(Store *store, InstantRange range, unsigned which,
                       bool (*visit)(void *context, const StorePlay *play), void *context, Error *error);
/* The same for tracks only, with track, played_at, ms_played and counted only, at half the cost. */
Status store_each_figure(Store *store, InstantRange range, bool (*visit)(void *context, const StorePlay *play),
                         void *context, Error *error);
/* Sets `counted` from the rest. */
Status store_judge_play(Store *store, StorePlay *play, Error *error);

/* A track's figures over its whole history: of the listens, by the user's rule. */
typedef struct StoreTotals {
  int64_t track, plays, skips, listened_ms;
  Instant first_played, last_played; /* INSTANT_MAX, INSTANT_MIN without a counted play */
} StoreTotals;
/* Whether they are up to date; while a large import goes on they are not, and the plays must be counted. */
Status store_has_totals(Store *store, bool *out, Error *error);
/* Of one track: all 0 if it has none. */
Status store_total(Store *store, int64_t track, StoreTotals *out, Error *error);
/* By track; those with neither plays nor skips are left out. */
Status store_each_total(Store *store, bool (*visit)(void *context, const StoreTotals *totals), void *context, Error *error);
/* The same as arrays by track id, 0 to `highest`: of a track without plays or skips all is 0. first_played and last_played hold where `plays` is not 0. */
typedef enum Figure { FIGURE_PLAYS, FIGURE_SKIPS, FIGURE_LISTENED, FIGURE_FIRST, FIGURE_LAST, FIGURE_COUNT } Figure; /* listened in ms */
typedef struct StoreFigures {
  int64_t *by[FIGURE_COUNT];
  size_t highest;
} StoreFigures;
/* Reads the figures whose bits (1 << FIGURE_PLAYS) are set; borrowed until the next call, and not to be written. */
Status store_figures(Store *store, unsigned wanted, const StoreFigures **out, Error *error);

/* Borrowed from the store; loaded on first use. */
Status store_play_context(Store *store, uint32_t id, const PlayContext **out, Error *error);

/* ---- conditions on rows of one table, for the sources' filters ---- */
typedef struct StoreBind {
  bool is_text;
  int64_t integer;
  Text text; /* borrowed */
} StoreBind;
typedef struct StoreCondition {
  Text sql; /* over the columns of one table, with ?3, ?4, ... for the binds; empty = true */
  const StoreBind *binds;
  size_t count;
} StoreCondition;
/* Sets the bit of each id that fulfils the condition: of tracks (not deleted), or of play contexts. `bits` has one for
 * each id up to `highest`. */
Status store_tracks_where(Store *store, const StoreCondition *condition, uint64_t *bits, size_t highest, Error *error);
/* The tracks with counted plays whose totals fulfil the condition, by id. The totals must be up to date. */
Status store_played_where(Store *store, const StoreCondition *condition, void (*visit)(void *context, int64_t track, Instant first_played), void *context, Error *error);
Status store_contexts_where(Store *store, const StoreCondition *condition, uint64_t *bits, size_t highest, Error *error);
int64_t store_highest_context(Store *store);
/* store_each_play for the rows of `plays` that fulfil the condition; listens with several observations come whether they
 * do or not. */
Status store_each_play_where(Store *store, InstantRange range, unsigned which, const StoreCondition *condition,
                             bool (*visit)(void *context, const StorePlay *play), void *context, Error *error);

/* ---- tracks ---- */
typedef struct StoreTrack {
  int64_t id;
  Text title, album, isrc, mbid, spotify_id; /* empty = not known */
  const Text *artists;
  uint32_t artist_count;
  Text artists_json;   /* of store_each_track, for store_artists(), instead of these two: many tracks share it */
  int64_t duration_ms; /* -1 = not known */
  Text release_date;   /* "2024", "2024-03", "2024-03-05" or empty */
  Tristate explicit_content;
} StoreTrack;

int64_t store_highest_track(Store *store); /* ids are 1..this; for dense arrays */
/* One track, borrowed until the next call; `*found` is false for an id that is not there or deleted. */
Status store_track(Store *store, int64_t id, StoreTrack *out, bool *found, Error *error);
/* The facts of a track. */
enum {
  TRACK_TITLE = 1 << 0,
  TRACK_ARTISTS = 1 << 1,
  TRACK_ALBUM = 1 << 2,
  TRACK_DURATION = 1 << 3,
  TRACK_RELEASED = 1 << 4,
  TRACK_SPOTIFY_ID = 1 << 5,
  TRACK_ISRC = 1 << 6,
  TRACK_MBID = 1 << 7,
  TRACK_EXPLICIT = 1 << 8
};
/* All of them by id, with these facts alone, each borrowed until `visit` returns; it gives false to stop, and does not use the store. For many tracks far quicker
 * than asking for one after another. */
Status store_each_track(Store *store, unsigned facts, bool (*visit)(void *context, const StoreTrack *track), void *context, Error *error);
/* The names in a list of artists as it is stored, borrowed until the next call. */
void store_artists(Store *store, Text json, const Text **out, uint32_t *count);
Status store_each_track_id(Store *store, bool (*visit)(void *context, int64_t id), void *context, Error *error);
/* 0 when none fits. By Spotify id; by MBID; by ISRC if just one track has it; by title and first artist, case folded,
 * if just one has them. */
Status store_find_by_spotify_id(Store *store, Text id, int64_t *out, Error *error);
Status store_find_by_mbid(Store *store, Text mbid, int64_t *out, Error *error);
Status store_find_by_isrc(Store *store, Text isrc, int64_t *out, Error *error);
Status store_find_by_names(Store *store, Text title, Text artist, int64_t *out, Error *error);
/* The track that a service's id is mapped to, by the mapping of the highest confidence (0 to 100); 0 = none. */
Status store_find_mapping(Store *store, Text connector, Text id, int64_t *track, int *confidence, Error *error);
/* A new track that no connector knows yet (a playlist or like from a file); its id. */
Status store_add_track(Store *store, const StoreTrack *track, int64_t *out, Error *error);
/* What the track does not know yet of album, length, ISRC and MusicBrainz id it takes from `facts`, which are of the same track; nothing if an id of them says
 * that they are not. What is known stays. */
Status store_complete_track(Store *store, int64_t id, const StoreTrack *facts, Error *error);

/* ---- likes ---- */
Status store_each_like(Store *store, bool (*visit)(void *context, int64_t track, Instant liked_at, bool has_liked_at),
                       void *context, Error *error); /* each liked track once, earliest like first */
/* The like of a service; the earliest time that is known stays. */
#define LIKED_AT_UNKNOWN INSTANT_MAX
Status store_like(Store *store, int64_t track, Text service, Instant liked_at, bool *added, Error *error);

/* ---- the user's marks ---- */
/* Tags in their one spelling (base/tag.h), by track, then by code point. */
Status store_each_tag(Store *store, bool (*visit)(void *context, int64_t track, Text tag), void *context, Error *error);
Status store_has_tag(Store *store, int64_t track, Text tag, bool *out, Error *error);
/* A tag that is there, or not there, already stays as it is. Fails for a text that is no tag in its one spelling. */
Status store_tag(Store *store, int64_t track, Text tag, Error *error);
Status store_untag(Store *store, int64_t track, Text tag, Error *error);
/* Ratings are 1 to 5; 0 = none. */
Status store_each_rating(Store *store, bool (*visit)(void *context, int64_t track, int rating), void *context,
                         Error *error);
Status store_rating(Store *store, int64_t track, int *out, Error *error);
Status store_rate(Store *store, int64_t track, int rating, Error *error);

/* ---- settings ---- */
/* The value of a setting, the arena's of the store; empty = not set. */
Status store_setting(Store *store, Text name, Text *out, Error *error);
/* An empty value takes the setting away. */
Status store_set_setting(Store *store, Text name, Text value, Error *error);

/* ---- playlists ---- */
typedef enum PlaylistMode { PLAYLIST_UPDATE, PLAYLIST_REPLACE, PLAYLIST_APPEND } PlaylistMode;
typedef struct PlaylistChange {
  bool created;
  uint64_t before, after, added, removed;
} PlaylistChange;

/* A playlist without its entries; borrowed until the visit ends. */
typedef struct StorePlaylist {
  int64_t id;
  Text name, description; /* description empty = none */
  int64_t size;
  Instant updated_at;
} StorePlaylist;
/* By name, by code point. */
Status store_each_playlist(Store *store, bool (*visit)(void *context, const StorePlaylist *playlist), void *context,
                           Error *error);
/* By exact name, else by decimal id; 0 = none. */
Status store_find_playlist(Store *store, Text name, int64_t *out, Error *error);
Status store_each_playlist_entry(Store *store, int64_t playlist,
                                 bool (*visit)(void *context, int64_t track, Instant added_at), void *context,
                                 Error *error);
/* All names, for "did you mean"; arena. */
Status store_playlist_names(Store *store, Arena *arena, Text **out, size_t *count, Error *error);
/* The first `most` of them, for whoever may neither wait nor change anything: no store, one that is busy or cannot be read has none. Arena. */
void store_peek_playlists(Arena *arena, const char *path, size_t most, Text **out, size_t *count);
/* What store_write_playlist would do. */
Status store_plan_playlist(Store *store, Text name, PlaylistMode mode, const int64_t *tracks, size_t count,
                           PlaylistChange *out, Error *error);
/* Brings the playlist of that name to these entries, in this order, in one transaction. UPDATE keeps when each kept
 * entry was added; APPEND adds those that are not there yet; entries that leave are soft-deleted. */
Status store_write_playlist(Store *store, Text name, PlaylistMode mode, const int64_t *tracks, size_t count,
                            PlaylistChange *out, Error *error);

/* When entries were added according to where they come from: the first entry of a track takes the time of its first place in `tracks`, and so on; INSTANT_MIN =
 * not known. An entry that has such a time keeps it. */
Status store_date_entries(Store *store, Text name, const int64_t *tracks, const Instant *added, size_t count, Error *error);

#endif
