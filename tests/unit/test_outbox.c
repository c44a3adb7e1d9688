/* The outbox: a wish is on disk before the call that fulfils it; the response cache and the checkpoints beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/checkpoints.h"
#include "store/outbox.h"
#include "store/response_cache.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

static const Instant NOW = INT64_C(1700000000000);
#define LASTFM TEXT_LITERAL("lastfm")
#define NOBODY TEXT_LITERAL("")

typedef struct Place {
  Arena *arena;
  Store *store;
  char folder[32];
  const char *path;
  Error error;
} Place;

static void open_store(Place *place) {
  assert_int_equal(store_open(place->arena, place->path, STORE_WRITE, NOW, &place->store, &place->error), STATUS_OK);
}

static int set_up(void **state) {
  Arena *arena = arena_new(0);
  Place *place = arena_alloc(arena, sizeof *place);
  place->arena = arena;
  strcpy(place->folder, "/tmp/narada-outbox-XXXXXX");
  assert_non_null(mkdtemp(place->folder));
  place->path = arena_format(arena, "%s/s.db", place->folder);
  open_store(place);
  *state = place;
  return 0;
}

static int tear_down(void **state) {
  Place *place = *state;
  char folder[32];
  memcpy(folder, place->folder, sizeof folder);
  static const char *const ends[] = {"s.db", "s.db-wal", "s.db-shm", "s.db.lock"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) unlink(arena_format(place->arena, "%s/%s", folder, ends[i]));
  arena_free(place->arena);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, ends[i]);
    unlink(path);
  }
  rmdir(folder);
  return 0;
}

static OutboxWish wish_of(const char *key) {
  return (OutboxWish){.connector = LASTFM, .operation = TEXT_LITERAL("love"), .key = text_of(key), .request = TEXT_LITERAL("{}")};
}

static int64_t queue(Place *place, const char *key, OutboxState expected) {
  OutboxWish wish = wish_of(key);
  OutboxState state = OUTBOX_CANCELLED;
  int64_t id = 0;
  assert_int_equal(outbox_queue(place->store, &wish, &id, &state, &place->error), STATUS_OK);
  assert_int_equal(state, expected);
  return id;
}

typedef struct Seen {
  Place *place;
  uint64_t count, sending;
  int64_t last;
  int attempts;
} Seen;

static bool look(void *context, const OutboxEntry *entry) {
  Seen *seen = context;
  assert_true(entry->id > seen->last);
  seen->last = entry->id;
  seen->count++;
  seen->sending += entry->state == OUTBOX_SENDING;
  seen->attempts = entry->attempts;
  return true;
}

static bool send(void *context, const OutboxEntry *entry) {
  Seen *seen = context;
  look(seen, entry);
  assert_int_equal(outbox_begin(seen->place->store, &entry->id, 1, NULL), STATUS_OK);
  assert_int_equal(outbox_end(seen->place->store, entry->id, OUTBOX_SENT, NOBODY, NOBODY, NULL), STATUS_OK);
  return true;
}

static Seen open_entries(Place *place) {
  Seen seen = {.place = place};
  assert_int_equal(outbox_each_open(place->store, LASTFM, NOBODY, NOBODY, look, &seen, &place->error), STATUS_OK);
  return seen;
}

static void a_wish_is_queued_once(void **state) {
  Place *place = *state;
  int64_t id = queue(place, "a", OUTBOX_PENDING);
  assert_int_equal(queue(place, "a", OUTBOX_PENDING), id);
  assert_int_not_equal(queue(place, "b", OUTBOX_PENDING), id);
  assert_int_equal(outbox_end(place->store, id, OUTBOX_SENT, NOBODY, NOBODY, NULL), STATUS_OK);
  assert_int_equal(queue(place, "a", OUTBOX_SENT), id);
  assert_int_equal(outbox_end(place->store, id, OUTBOX_FAILED, TEXT_LITERAL("6"), TEXT_LITERAL("no such track"), NULL), STATUS_OK);
  assert_int_equal(queue(place, "a", OUTBOX_PENDING), id);
  assert_int_equal(outbox_end(place->store, id, OUTBOX_IGNORED, TEXT_LITERAL("3"), NOBODY, NULL), STATUS_OK);
  assert_int_equal(queue(place, "a", OUTBOX_IGNORED), id);
  uint64_t counts[OUTBOX_STATES];
  assert_int_equal(outbox_count(place->store, LASTFM, NOBODY, TEXT_LITERAL("love"), counts, NULL), STATUS_OK);
  assert_int_equal(counts[OUTBOX_PENDING], 1);
  assert_int_equal(counts[OUTBOX_IGNORED], 1);
  assert_int_equal(outbox_count(place->store, TEXT_LITERAL("spotify"), NOBODY, NOBODY, counts, NULL), STATUS_OK);
  assert_int_equal(counts[OUTBOX_PENDING], 0);
}

static void what_is_sent_while_visiting_comes_once(void **state) {
  Place *place = *state;
  for (int i = 0; i < 200; i++) queue(place, arena_format(place->arena, "k%d", i), OUTBOX_PENDING);
  Seen seen = {.place = place};
  assert_int_equal(outbox_each_open(place->store, LASTFM, NOBODY, TEXT_LITERAL("love"), send, &seen, NULL), STATUS_OK);
  assert_int_equal(seen.count, 200);
  assert_int_equal(open_entries(place).count, 0);
}

/* A process that ends at once after each step: what it had reached is what the next one finds. */
static void a_process_that_dies_leaves_what_it_reached(void **state) {
  Place *place = *state;
  assert_int_equal(store_close(place->store, NULL), STATUS_OK);
  for (int step = 1; step <= 3; step++) {
    pid_t child = fork();
    if (child == 0) {
      OutboxWish wish = wish_of("a");
      OutboxState was;
      int64_t id;
      bool done = store_open(place->arena, place->path, STORE_WRITE, NOW, &place->store, NULL) == STATUS_OK &&
                  outbox_queue(place->store, &wish, &id, &was, NULL) == STATUS_OK;
      if (step > 1) done = done && outbox_begin(place->store, &id, 1, NULL) == STATUS_OK;
      if (step > 2) done = done && outbox_end(place->store, id, OUTBOX_SENT, NOBODY, NOBODY, NULL) == STATUS_OK;
      _exit(done ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
    open_store(place);
    Seen seen = open_entries(place);
    assert_int_equal(seen.count, step < 3);
    assert_int_equal(seen.sending, step == 2);
    assert_int_equal(seen.attempts, step == 2);
    assert_int_equal(store_close(place->store, NULL), STATUS_OK);
  }
}

static void answers_are_kept_with_their_age(void **state) {
  Place *place = *state;
  CachedReply reply;
  bool found = true;
  assert_int_equal(store_cached_reply(place->store, place->arena, LASTFM, TEXT_LITERAL("k"), &reply, &found, NULL), STATUS_OK);
  assert_false(found);
  assert_int_equal(store_cache_reply(place->store, LASTFM, TEXT_LITERAL("k"), TEXT_LITERAL("{\"a\":1}"), NOW, INSTANT_MAX, NULL), STATUS_OK);
  assert_int_equal(store_cache_reply(place->store, LASTFM, TEXT_LITERAL("k"), TEXT_LITERAL("{\"a\":2}"), NOW + 5, NOW + 9, NULL), STATUS_OK);
  assert_int_equal(store_cached_reply(place->store, place->arena, LASTFM, TEXT_LITERAL("k"), &reply, &found, NULL), STATUS_OK);
  assert_true(found && reply.fetched_at == NOW + 5 && text_is(reply.body, "{\"a\":2}"));
}

static void a_checkpoint_is_one_for_each_list(void **state) {
  Place *place = *state;
  Checkpoint checkpoint;
  bool found = true;
  Text plays = TEXT_LITERAL("plays"), likes = TEXT_LITERAL("likes");
  assert_int_equal(store_checkpoint(place->store, NOBODY, LASTFM, plays, &checkpoint, &found, NULL), STATUS_OK);
  assert_false(found);
  assert_int_equal(store_set_checkpoint(place->store, NOBODY, LASTFM, plays, &(Checkpoint){.last = NOW}, NULL), STATUS_OK);
  assert_int_equal(store_set_checkpoint(place->store, NOBODY, LASTFM, plays, &(Checkpoint){.last = NOW + 1, .cursor = TEXT_LITERAL("c")}, NULL), STATUS_OK);
  assert_int_equal(store_checkpoint(place->store, NOBODY, LASTFM, plays, &checkpoint, &found, NULL), STATUS_OK);
  assert_true(found && checkpoint.last == NOW + 1 && text_is(checkpoint.cursor, "c"));
  assert_int_equal(store_checkpoint(place->store, NOBODY, LASTFM, likes, &checkpoint, &found, NULL), STATUS_OK);
  assert_false(found);
  assert_int_equal(store_checkpoint(place->store, TEXT_LITERAL("bo"), LASTFM, plays, &checkpoint, &found, NULL), STATUS_OK);
  assert_false(found);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_wish_is_queued_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_is_sent_while_visiting_comes_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_process_that_dies_leaves_what_it_reached, set_up, tear_down),
      cmocka_unit_test_setup_teardown(answers_are_kept_with_their_age, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_checkpoint_is_one_for_each_list, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
