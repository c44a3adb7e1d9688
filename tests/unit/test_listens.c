/* Which observations are one listen: the rules, each with its boundary, and that only the set of observations matters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/plays/listen_clusters.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

#define T0 INT64_C(1600000000000)

static Arena *arena;
static ListenChannel *channels;

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  channels = NULL;
  return arena ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

/* ---- the table of cases ---- */

enum { MOST = 6 };

/* A row as a source gives it; seconds after T0. A name is an id too; what follows a '/' belongs to the id alone, and
 * capitals do not matter in a name. */
typedef struct Row {
  const char *source;
  const char *name;
  double at;    /* what the channel recorded: for an export, when it ended */
  double heard; /* seconds, -1 = not known */
  const char *reason;
} Row;

typedef struct Case {
  const char *name;
  Row rows[MOST];
  const char *expected; /* for each row the row that heads its listen; for each listen its milliseconds */
} Case;

#define EXPORT  "spotify_export"
#define ACCOUNT "spotify_account"
#define RECENT  "spotify_recent"
#define LASTFM  "lastfm"
#define BRAINZ  "listenbrainz"

static const Case cases[] = {
    {"an export and a scrobble: the scrobble's time, the export's length",
     {{EXPORT, "a", 201, 201, "trackdone"}, {LASTFM, "A", 2, -1, ""}}, "1 1 | 201000"},
    {"30 seconds apart", {{EXPORT, "a", 230, 200, "trackdone"}, {LASTFM, "a", 0, -1, ""}}, "1 1 | 200000"},
    {"31 seconds apart", {{EXPORT, "a", 231, 200, "trackdone"}, {LASTFM, "a", 0, -1, ""}}, "0 1 | 200000 -1"},
    {"a minute apart", {{EXPORT, "a", 260, 200, "trackdone"}, {LASTFM, "a", 0, -1, ""}}, "0 1 | 200000 -1"},
    {"an end without a length", {{EXPORT, "a", 100, -1, ""}, {LASTFM, "a", 0, -1, ""}}, "1 1 | -1"},
    {"an end without a length, 180 seconds", {{EXPORT, "a", 180, -1, ""}, {LASTFM, "a", 0, -1, ""}}, "1 1 | -1"},
    {"an end without a length, 181 seconds", {{EXPORT, "a", 181, -1, ""}, {LASTFM, "a", 0, -1, ""}}, "0 1 | -1 -1"},
    {"one instant twice: the longer", {{EXPORT, "a", 201, 150, "endplay"}, {EXPORT, "a", 201, 201, "endplay"}},
     "1 1 | 201000"},
    {"one instant, two things", {{EXPORT, "a", 201, 150, "endplay"}, {EXPORT, "b", 201, 201, "endplay"}},
     "0 1 | 150000 201000"},
    {"one length, ends 3 seconds apart: the earlier",
     {{EXPORT, "a", 219, 216.468, "trackdone"}, {EXPORT, "a", 216, 216.468, "trackdone"}}, "1 1 | 216468"},
    {"one length, ends 4 seconds apart",
     {{EXPORT, "a", 220, 216.468, "trackdone"}, {EXPORT, "a", 216, 216.468, "trackdone"}}, "0 1 | 216468 216468"},
    {"a length below the time between", {{EXPORT, "a", 10, 0.9, "trackdone"}, {EXPORT, "a", 11, 0.9, "trackdone"}},
     "0 1 | 900 900"},
    {"pieces", {{EXPORT, "a", 60, 60, "endplay"}, {EXPORT, "a", 130, 70, "endplay"}, {EXPORT, "a", 195, 65, "endplay"}},
     "0 0 0 | 195000"},
    {"one after the other to its end",
     {{EXPORT, "a", 201, 201, "trackdone"}, {EXPORT, "a", 402, 201, "trackdone"}, {EXPORT, "a", 603, 201, "trackdone"}},
     "0 1 2 | 201000 201000 201000"},
    {"pieces without a reason", {{EXPORT, "a", 60, 60, ""}, {EXPORT, "a", 130, 70, ""}}, "0 1 | 60000 70000"},
    {"a pause of 30 seconds", {{EXPORT, "a", 60, 60, "endplay"}, {EXPORT, "a", 160, 70, "trackdone"}}, "0 0 | 130000"},
    {"a pause of 31 seconds", {{EXPORT, "a", 60, 60, "endplay"}, {EXPORT, "a", 161, 70, "trackdone"}},
     "0 1 | 60000 70000"},
    {"pieces for an hour", {{EXPORT, "a", 1800, 1800, "endplay"}, {EXPORT, "a", 3600, 1800, "endplay"}}, "0 0 | 3600000"},
    {"pieces for more than an hour", {{EXPORT, "a", 1800, 1800, "endplay"}, {EXPORT, "a", 3601, 1801, "endplay"}},
     "0 1 | 1800000 1801000"},
    {"names that fold to the same", {{EXPORT, "Carwash – Striptease", 200, 200, "trackdone"}, {EXPORT, "carwash – striptease/other id", 202, 200, "trackdone"}},
     "0 0 | 200000 divergent"},
    {"names that do not", {{EXPORT, "Carwash – Striptease", 200, 200, "trackdone"}, {EXPORT, "Carwash – Striptease (Live)", 200, 200, "trackdone"}},
     "0 1 | 200000 200000"},
    {"one scrobble, two plays: the nearest",
     {{EXPORT, "a", 10, 10, "trackdone"}, {EXPORT, "a", 210, 200, "trackdone"}, {LASTFM, "a", 11, -1, ""}},
     "0 2 2 | 10000 200000"},
    {"as near to both: the earlier",
     {{EXPORT, "a", 10, 10, "trackdone"}, {EXPORT, "a", 220, 200, "trackdone"}, {LASTFM, "a", 10, -1, ""}},
     "2 1 2 | 200000 10000"},
    {"one listen in three services",
     {{BRAINZ, "a", 1, -1, ""}, {EXPORT, "a", 203, 201, "trackdone"}, {LASTFM, "a", 0, -1, ""}}, "2 2 2 | 201000"},
    {"two scrobbles of one service are two",
     {{EXPORT, "a", 203, 201, "trackdone"}, {LASTFM, "a", 0, -1, ""}, {LASTFM, "a", 3, -1, ""}}, "2 1 2 | -1 201000"},
    {"each piece was scrobbled",
     {{EXPORT, "a", 60, 60, "endplay"}, {EXPORT, "a", 200, 135, "trackdone"}, {LASTFM, "a", 1, -1, ""}, {LASTFM, "a", 66, -1, ""}},
     "2 2 2 2 | 195000"},
    {"the account data and the export",
     {{ACCOUNT, "a", 180, 203.5, ""}, {EXPORT, "a", 230, 203.5, "trackdone"}}, "1 1 | 203500"},
    {"two skips in one minute, in both",
     {{ACCOUNT, "a", 0, 5, ""}, {ACCOUNT, "a", 0, 9, ""}, {EXPORT, "a", 12, 5, "trackdone"}, {EXPORT, "a", 55, 9, "trackdone"}},
     "2 3 2 3 | 5000 9000"},
    {"recently played, told by its end", {{RECENT, "a", 201, -1, ""}, {EXPORT, "a", 200, 200, "trackdone"}}, "1 1 | 200000"},
    {"a play that claims to be longer than a day", {{EXPORT, "a", 100000, 100000, "trackdone"}, {LASTFM, "a", 20, -1, ""}}, "1 1 | 100000000"},
    {"a play of six hours has its beginning and its end", {{EXPORT, "a", 21600, 21600, "trackdone"}, {LASTFM, "a", 100, -1, ""}}, "0 1 | 21600000 -1"},
    {"a longer one is known by its beginning alone", {{EXPORT, "a", 21601, 21601, "trackdone"}, {LASTFM, "a", 100, -1, ""}}, "1 1 | 21601000"},
    {"alone", {{EXPORT, "a", 201, 201, "trackdone"}}, "0 | 201000"},
};

#define THINGS 64
static ListenThing things[THINGS];
static const char *thing_ids[THINGS], *thing_services[THINGS];
static size_t thing_count;

static uint64_t fold_hash(const char *name) {
  char folded[128];
  size_t length = 0;
  for (; name[length] && name[length] != '/'; length++)
    folded[length] = (char)(name[length] >= 'A' && name[length] <= 'Z' ? name[length] + 32 : name[length]);
  return hash_bytes(folded, length, 0);
}

static const ListenThing *thing_of(const char *source, const char *id) {
  const char *service = strncmp(source, "spotify", 7) == 0 && strcmp(source, ACCOUNT) != 0 ? "spotify" : source;
  for (size_t i = 0; i < thing_count; i++)
    if (strcmp(thing_ids[i], id) == 0 && strcmp(thing_services[i], service) == 0) return &things[i];
  ListenThing *thing = &things[thing_count];
  thing_ids[thing_count] = id;
  thing_services[thing_count++] = service;
  *thing = (ListenThing){.id = (int64_t)thing_count,
                         .track = (int64_t)thing_count,
                         .names = fold_hash(id),
                         .order = hash_bytes(id, strlen(id), hash_bytes(service, strlen(service), 0)),
                         .names_only = strcmp(service, "spotify") != 0};
  return thing;
}

static int64_t milliseconds(double seconds) {
  return (int64_t)(seconds * 1000 + (seconds < 0 ? -0.5 : 0.5));
}

static Observation observe(const Row *row, size_t number) {
  const ListenChannel *channel = listen_channel(arena, &channels, text_of(row->source));
  int64_t ms = row->heard < 0 ? -1 : milliseconds(row->heard), at = T0 + milliseconds(row->at);
  if (channel->anchor == ANCHOR_END && ms > 0) at -= ms;
  return (Observation){.played_at = at,
                       .ms_played = ms,
                       .thing = thing_of(row->source, row->name),
                       .channel = channel,
                       .how = !*row->reason                          ? END_UNKNOWN
                              : strcmp(row->reason, "trackdone") == 0 ? END_COMPLETED
                                                                      : END_BROKEN_OFF,
                       .play = (int64_t)number};
}

/* As the store gives them: what is equal in time comes by the number of its thing, which an import made up. */
static int by_time(const void *a, const void *b) {
  const Observation *x = a, *y = b;
  if (x->played_at != y->played_at) return x->played_at < y->played_at ? -1 : 1;
  if (x->thing->id != y->thing->id) return x->thing->id < y->thing->id ? -1 : 1;
  return (x->ms_played > y->ms_played) - (x->ms_played < y->ms_played);
}

/* What became of each observation, by Observation.play. */
typedef struct Fate {
  ListenRole role;
  int64_t head, identity, circumstances, ms_played;
  bool divergent;
} Fate;

static Status note_fates(void *context, const Observation *observations, const ListenPart *parts, size_t count, Error *error) {
  Fate *fates = context;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    Fate *fate = &fates[observations[i].play];
    *fate = (Fate){.role = parts[i].role, .head = observations[parts[i].head].play};
    if (parts[i].role != LISTEN_HEAD) continue;
    fate->identity = observations[parts[i].identity].play;
    fate->circumstances = observations[parts[i].circumstances].play;
    fate->ms_played = parts[i].ms_played;
    fate->divergent = parts[i].divergent;
  }
  return STATUS_OK;
}

static void print_fates(char *out, size_t size, const Observation *observations, const Fate *fates, size_t count) {
  size_t length = 0;
  for (size_t i = 0; i < count; i++)
    length += (size_t)snprintf(out + length, size - length, "%s%d", i ? " " : "", (int)(fates[i].role == LISTEN_ALONE ? (int64_t)i : fates[i].head));
  length += (size_t)snprintf(out + length, size - length, " |");
  for (size_t i = 0; i < count; i++) {
    if (fates[i].role == LISTEN_ALONE) length += (size_t)snprintf(out + length, size - length, " %lld", (long long)observations[i].ms_played);
    if (fates[i].role == LISTEN_HEAD)
      length += (size_t)snprintf(out + length, size - length, " %lld%s", (long long)fates[i].ms_played, fates[i].divergent ? " divergent" : "");
  }
}

static void test_rules(void **state) {
  (void)state;
  for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
    const Case *one = &cases[at];
    Fate fates[MOST] = {0};
    Observation rows[MOST], sorted[MOST];
    Error error;
    thing_count = 0;
    ListenClusters *clusters = clusters_new(arena, note_fates, fates);
    size_t count = 0;
    for (; count < MOST && one->rows[count].source; count++) rows[count] = observe(&one->rows[count], count);
    memcpy(sorted, rows, sizeof rows);
    qsort(sorted, count, sizeof *sorted, by_time);
    for (size_t i = 0; i < count; i++) assert_int_equal(clusters_add(clusters, &sorted[i], &error), STATUS_OK);
    assert_int_equal(clusters_finish(clusters, &error), STATUS_OK);
    char got[256];
    print_fates(got, sizeof got, rows, fates, count);
    if (strcmp(got, one->expected) != 0) print_message("%s: %s\n", one->name, got);
    assert_string_equal(got, one->expected);
  }
}

static void test_mapped_tracks_are_one_whatever_their_names(void **state) {
  (void)state;
  Fate fates[2] = {0};
  Error error;
  thing_count = 0;
  ListenClusters *clusters = clusters_new(arena, note_fates, fates);
  Observation rows[] = {observe(&(Row){LASTFM, "Hurt", 0, -1, ""}, 0),
                        observe(&(Row){EXPORT, "Hurt - Remastered", 201, 200, "trackdone"}, 1)};
  things[0].track = things[1].track = 7;
  for (size_t i = 0; i < 2; i++) assert_int_equal(clusters_add(clusters, &rows[i], &error), STATUS_OK);
  assert_int_equal(clusters_finish(clusters, &error), STATUS_OK);
  assert_int_equal(fates[0].role, LISTEN_HEAD);
  assert_int_equal(fates[1].role, LISTEN_MERGED);
  assert_int_equal(fates[0].identity, 1);
}

/* No two observations of a set are equal in it, so that no library's way of sorting shows in the listens. */
static void test_the_order_is_total(void **state) {
  (void)state;
  const ListenThing first = {.id = 2, .order = 1}, second = {.id = 1, .order = 2};
  const ListenChannel before = {.order = 1}, after = {.order = 2};
  const Observation ordered[] = {
      {.played_at = 1, .ms_played = 9, .thing = &second, .channel = &after},
      {.played_at = 2, .ms_played = 9, .thing = &first, .channel = &after},
      {.played_at = 2, .ms_played = -1, .thing = &second, .channel = &after},
      {.played_at = 2, .ms_played = 0, .thing = &second, .channel = &before},
      {.played_at = 2, .ms_played = 0, .thing = &second, .channel = &after},
  };
  for (int i = 0; i < 5; i++)
    for (int j = 0; j < 5; j++) assert_int_equal(observation_compare(&ordered[i], &ordered[j]), (i > j) - (i < j));
}

/* ---- random histories ---- */

enum { MOST_RANDOM = 4000 };
static const char *const songs[] = {"a", "A/second id", "b", "c", "c/remaster", "d", "e", "f"};
static const char *const sources[] = {EXPORT, ACCOUNT, RECENT, LASTFM, BRAINZ, "my own list", "another"};
static const char *const reasons[] = {"trackdone", "endplay", "fwdbtn", ""};

typedef struct History {
  Row rows[MOST_RANDOM];
  size_t count;
} History;

static void add_row(History *history, Row row) {
  if (history->count < MOST_RANDOM) history->rows[history->count++] = row;
}

/* What the sources make of listening for a while: each hears its part of it, in its own way, and errs. */
static void make_history(History *history, Random *random, size_t listens) {
  double clock = 0;
  history->count = 0;
  for (size_t i = 0; i < listens; i++) {
    const char *song = songs[random_below(random, random_below(random, 3) ? 3 : sizeof songs / sizeof *songs)];
    double heard = (double)random_below(random, random_below(random, 4) ? 260 : 20) + (double)random_below(random, 4) / 4;
    double start = clock, end = clock + heard;
    const char *reason = reasons[random_below(random, 4)];
    for (size_t s = 0; s < sizeof sources / sizeof *sources; s++) {
      if (random_below(random, 3) == 0) continue;
      const char *source = sources[s];
      bool ends = s < 3, coarse = s == 1;
      double error = s >= 3 ? (double)random_below(random, 80) - 40 : random_below(random, 8) ? 0 : (double)random_below(random, 5);
      double at = (ends ? end : start) + error;
      if (coarse) at -= (double)((int64_t)(at + 6000000) % 60);
      double known = random_below(random, 6) == 0 || s >= 3 ? -1 : heard;
      add_row(history, (Row){source, song, at, known, s == 0 ? reason : ""});
      if (random_below(random, 12) == 0) add_row(history, (Row){source, song, at + (double)random_below(random, 5), known, s == 0 ? reason : ""});
      if (random_below(random, 12) == 0) add_row(history, (Row){source, song, at, known < 0 ? -1 : known / 2, s == 0 ? reason : ""});
    }
    clock = end + (random_below(random, 3) ? (double)random_below(random, 45) : (double)random_below(random, 2000)) - (random_below(random, 10) ? 0 : 30);
    if (random_below(random, 40) == 0) clock += 30000;
  }
}

/* In order of time. Things are numbered in the given order. */
static size_t observe_all(const History *history, const size_t *order, Observation *out) {
  thing_count = 0;
  size_t count = 0;
  for (size_t i = 0; i < history->count; i++) {
    out[count++] = observe(&history->rows[order[i]], order[i]);
  }
  qsort(out, count, sizeof *out, by_time);
  return count;
}

static void drop_repetitions(History *history) {
  size_t kept = 0;
  for (size_t i = 0; i < history->count; i++) {
    bool repeated = false;
    const Row *mine = &history->rows[i];
    for (size_t j = 0; j < kept && !repeated; j++) {
      const Row *other = &history->rows[j];
      bool ends = strncmp(mine->source, "spotify", 7) == 0;
      double begin = mine->at - (ends && mine->heard > 0 ? mine->heard : 0), other_begin = other->at - (ends && other->heard > 0 ? other->heard : 0);
      repeated = strcmp(other->source, mine->source) == 0 && strcmp(other->name, mine->name) == 0 && milliseconds(begin) == milliseconds(other_begin) && other->heard == mine->heard;
    }
    if (!repeated) history->rows[kept++] = *mine;
  }
  history->count = kept;
}

static void shuffle(Random *random, size_t *order, size_t count) {
  for (size_t i = 0; i < count; i++) order[i] = i;
  for (size_t i = count; i > 1; i--) {
    size_t other = (size_t)random_below(random, i), kept = order[i - 1];
    order[i - 1] = order[other];
    order[other] = kept;
  }
}

static void project_all(const History *history, const size_t *order, Fate *fates) {
  static Observation observations[MOST_RANDOM];
  Error error;
  memset(fates, 0, history->count * sizeof *fates);
  ListenClusters *clusters = clusters_new(arena, note_fates, fates);
  size_t count = observe_all(history, order, observations);
  for (size_t i = 0; i < count; i++) assert_int_equal(clusters_add(clusters, &observations[i], &error), STATUS_OK);
  assert_int_equal(clusters_finish(clusters, &error), STATUS_OK);
}

/* Everything judged at once, as if all were one cluster. */
static void project_whole(const History *history, const size_t *order, Fate *fates) {
  static Observation observations[MOST_RANDOM];
  static ListenPart parts[MOST_RANDOM];
  Error error;
  memset(fates, 0, history->count * sizeof *fates);
  size_t count = observe_all(history, order, observations);
  for (size_t i = 1; i < count; i++) {
    for (size_t j = i; j > 0 && observation_compare(&observations[j - 1], &observations[j]) > 0; j--) {
      Observation kept = observations[j];
      observations[j] = observations[j - 1];
      observations[j - 1] = kept;
    }
  }
  ListenScratch scratch = {.arena = arena};
  listen_project(&scratch, observations, count, parts);
  note_fates(fates, observations, parts, count, &error);
}

static void assert_same_fates(const Fate *a, const Fate *b, size_t count, uint64_t seed) {
  for (size_t i = 0; i < count; i++) {
    bool same = a[i].role == b[i].role && a[i].ms_played == b[i].ms_played && a[i].divergent == b[i].divergent &&
                a[i].identity == b[i].identity && a[i].circumstances == b[i].circumstances &&
                (a[i].role == LISTEN_ALONE || a[i].head == b[i].head);
    if (!same) print_message("seed %llu: row %zu: %s of %lld, %s of %lld\n", (unsigned long long)seed, i, listen_role_name(a[i].role), (long long)a[i].head, listen_role_name(b[i].role), (long long)b[i].head);
    assert_true(same);
  }
}

/* Each seed has a history of its own; `listens` of 40 so that all of it lies within the neighbours that a rule looks at. */
static void each_history(size_t listens, unsigned seeds, void (*check)(const History *history, Random *random, uint64_t seed)) {
  static History history;
  for (unsigned seed = 1; seed <= seeds; seed++) {
    arena_free(arena);
    arena = arena_new(0);
    channels = NULL;
    Random random = random_seeded(seed);
    make_history(&history, &random, listens);
    drop_repetitions(&history);
    check(&history, &random, seed);
  }
}

static size_t order_a[MOST_RANDOM], order_b[MOST_RANDOM];
static Fate fates_a[MOST_RANDOM], fates_b[MOST_RANDOM];

static void check_order(const History *history, Random *random, uint64_t seed) {
  shuffle(random, order_a, history->count);
  project_all(history, order_a, fates_a);
  channels = NULL; /* the channels too become known in another order */
  shuffle(random, order_b, history->count);
  project_all(history, order_b, fates_b);
  assert_same_fates(fates_a, fates_b, history->count, seed);
}

static void check_whole(const History *history, Random *random, uint64_t seed) {
  shuffle(random, order_a, history->count);
  project_all(history, order_a, fates_a);
  project_whole(history, order_a, fates_b);
  assert_same_fates(fates_a, fates_b, history->count, seed);
}

/* A dirty observation and the stretch of the history that it asks for give what the whole gives for its cluster. */
static void check_stretch(const History *history, Random *random, uint64_t seed) {
  static Observation observations[MOST_RANDOM];
  Error error;
  shuffle(random, order_a, history->count);
  project_all(history, order_a, fates_a);
  memcpy(fates_b, fates_a, sizeof fates_a);
  ListenClusters *clusters = clusters_new(arena, note_fates, fates_b);
  size_t count = observe_all(history, order_a, observations);
  for (int round = 0; round < 8; round++) {
    size_t dirty = (size_t)random_below(random, count);
    Instant at = observations[dirty].played_at, from = at;
    for (Instant first = at; from > first - LISTEN_BACK_MS;) { /* as far back as a member may be */
      from = first - LISTEN_BACK_MS;
      first = at;
      for (size_t i = dirty; i-- > 0 && observations[i].played_at >= from;) first = observations[i].played_at;
    }
    clusters_begin(clusters, CLUSTERS_DIRTY);
    for (size_t i = 0; i < count && (observations[i].played_at <= at || observations[i].played_at <= clusters_dirty_until(clusters)); i++) {
      observations[i].dirty = i == dirty;
      if (observations[i].played_at >= from) assert_int_equal(clusters_add(clusters, &observations[i], &error), STATUS_OK);
    }
    fates_b[observations[dirty].play].role = LISTEN_ROLES; /* must be told anew */
    assert_int_equal(clusters_finish(clusters, &error), STATUS_OK);
    assert_same_fates(fates_a, fates_b, history->count, seed);
  }
}

static void check_conservation(const History *history, Random *random, uint64_t seed) {
  (void)seed;
  size_t of_role[LISTEN_ROLES] = {0};
  shuffle(random, order_a, history->count);
  project_all(history, order_a, fates_a);
  for (size_t i = 0; i < history->count; i++) {
    const Fate *fate = &fates_a[i];
    of_role[fate->role]++;
    if (fate->role == LISTEN_ALONE) continue;
    assert_int_equal(fates_a[fate->head].role, LISTEN_HEAD);
    assert_int_equal(fates_a[fate->head].head, fate->head);
    assert_int_equal(fate->role == LISTEN_HEAD, fate->head == (int64_t)i);
  }
  for (ListenRole role = 0; role < LISTEN_ROLES; role++) assert_true(of_role[role] > 0); /* the histories have them all */
}

static void test_order_does_not_matter(void **state) {
  (void)state;
  each_history(150, 60, check_order);
}

static void test_clusters_do_not_touch(void **state) {
  (void)state;
  each_history(25, 400, check_whole);
}

static void test_a_stretch_gives_what_the_whole_gives(void **state) {
  (void)state;
  each_history(150, 60, check_stretch);
}

static void test_nothing_is_lost(void **state) {
  (void)state;
  each_history(400, 10, check_conservation);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_rules, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_mapped_tracks_are_one_whatever_their_names, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_order_is_total, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_order_does_not_matter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_clusters_do_not_touch, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_stretch_gives_what_the_whole_gives, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_nothing_is_lost, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
