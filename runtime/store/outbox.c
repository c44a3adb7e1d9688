#include "store/outbox.h"

#include <string.h>

#include "store/store_int.h"

/* Entries that a visit sees from one statement: between them the visitor may write. */
enum { PORTION = 64 };

static const char *const names[OUTBOX_STATES] = {"pending", "sending", "sent", "ignored", "failed", "cancelled"};

const char *outbox_state_name(OutboxState state) {
  return names[state];
}

static OutboxState state_of(Text name) {
  int state = 0;
  while (state < OUTBOX_CANCELLED && !text_is(name, names[state])) state++;
  return (OutboxState)state;
}

static Status find(Store *store, const OutboxWish *wish, int64_t *id, OutboxState *state, bool *found, Error *error) {
  sqlite3_stmt *statement = store_use(store, SQL_OUTBOX_FIND, error);
  if (!statement) return STATUS_FAILED;
  bind_text(statement, 1, wish->connector);
  bind_text(statement, 2, wish->account);
  bind_text(statement, 3, wish->key);
  Status status = store_step(store, statement, found, "looking for a wish", error);
  if (status != STATUS_OK) return status;
  if (*found) {
    *id = sqlite3_column_int64(statement, 0);
    *state = state_of(column_text(statement, 1));
  }
  store_done(statement);
  return STATUS_OK;
}

static Status add(Store *store, const OutboxWish *wish, Error *error) {
  sqlite3_stmt *statement = store_use(store, SQL_OUTBOX_PUT, error);
  if (!statement) return STATUS_FAILED;
  bind_text(statement, 1, wish->connector);
  bind_text(statement, 2, wish->account);
  bind_text(statement, 3, wish->operation);
  bind_text(statement, 4, wish->target);
  bind_text(statement, 5, wish->key);
  bind_text(statement, 6, wish->request);
  bind_text_or_null(statement, 7, wish->before_image);
  bind_number_or_null(statement, 8, wish->run, 0);
  sqlite3_bind_int64(statement, 9, store->now);
  return store_run(store, statement, "queueing a wish", error);
}

static Status queue(Store *store, const OutboxWish *wish, int64_t *id, OutboxState *state, Error *error) {
  bool found = false;
  Status status = find(store, wish, id, state, &found, error);
  bool stays = *state != OUTBOX_FAILED && *state != OUTBOX_CANCELLED && !(wish->again && *state == OUTBOX_SENT);
  if (status != STATUS_OK || (found && stays)) return status;
  status = add(store, wish, error);
  return status == STATUS_OK ? find(store, wish, id, state, &found, error) : status;
}

static Status check_writable(const Store *store, Error *error) {
  return store->mode == STORE_WRITE ? STATUS_OK : fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
}

Status outbox_queue(Store *store, const OutboxWish *wish, int64_t *id, OutboxState *state, Error *error) {
  bool began = false;
  Status status = check_writable(store, error);
  if (status == STATUS_OK) status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  return store_leave(store, began, queue(store, wish, id, state, error), error);
}

Status outbox_begin(Store *store, const int64_t *ids, size_t count, Error *error) {
  bool began = false;
  Status status = check_writable(store, error);
  if (status == STATUS_OK) status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    sqlite3_stmt *statement = store_use(store, SQL_OUTBOX_BEGIN, error);
    if (!statement) return store_leave(store, began, STATUS_FAILED, error);
    sqlite3_bind_int64(statement, 1, ids[i]);
    sqlite3_bind_int64(statement, 2, store->now);
    status = store_run(store, statement, "noting what is being sent", error);
  }
  return store_leave(store, began, status, error);
}

Status outbox_end(Store *store, int64_t id, OutboxState state, Text code, Text message, Error *error) {
  Status status = check_writable(store, error);
  sqlite3_stmt *statement = status == STATUS_OK ? store_use(store, SQL_OUTBOX_END, error) : NULL;
  if (!statement) return STATUS_FAILED;
  sqlite3_bind_int64(statement, 1, id);
  bind_text(statement, 2, text_of(names[state]));
  bind_text_or_null(statement, 3, code);
  bind_text_or_null(statement, 4, message);
  bind_number_or_null(statement, 5, state == OUTBOX_SENT ? store->now : INSTANT_MIN, INSTANT_MIN);
  sqlite3_bind_int64(statement, 6, store->now);
  return store_run(store, statement, "noting what a service said", error);
}

Status outbox_verified(Store *store, int64_t id, Error *error) {
  Status status = check_writable(store, error);
  sqlite3_stmt *statement = status == STATUS_OK ? store_use(store, SQL_OUTBOX_VERIFIED, error) : NULL;
  if (!statement) return STATUS_FAILED;
  sqlite3_bind_int64(statement, 1, id);
  sqlite3_bind_int64(statement, 2, store->now);
  return store_run(store, statement, "noting what a service has", error);
}

/* The next entries after `after`, copied: a statement that is open would be in the way of the visitor's writing. */
static Status read_portion(Store *store, Arena *arena, Text connector, Text account, Text operation, int64_t after, OutboxEntry *out, size_t *count, Error *error) {
  *count = 0;
  sqlite3_stmt *statement = store_use(store, SQL_OUTBOX_OPEN, error);
  if (!statement) return STATUS_FAILED;
  bind_text(statement, 1, connector);
  bind_text(statement, 2, account);
  bind_text(statement, 3, operation);
  sqlite3_bind_int64(statement, 4, after);
  sqlite3_bind_int(statement, 5, PORTION);
  for (;;) {
    bool row = false;
    Status status = store_step(store, statement, &row, "reading what is to be sent", error);
    if (status != STATUS_OK) return status;
    if (!row) break;
    out[(*count)++] = (OutboxEntry){.id = sqlite3_column_int64(statement, 0),
                                    .state = state_of(column_text(statement, 1)),
                                    .attempts = sqlite3_column_int(statement, 2),
                                    .operation = text_copy(arena, column_text(statement, 3)),
                                    .target = text_copy(arena, column_text(statement, 4)),
                                    .key = text_copy(arena, column_text(statement, 5)),
                                    .request = text_copy(arena, column_text(statement, 6)),
                                    .before_image = text_copy(arena, column_text(statement, 7)),
                                    .created_at = sqlite3_column_int64(statement, 8)};
  }
  store_done(statement);
  return STATUS_OK;
}

typedef struct Visiting {
  Store *store;
  Arena *arena; /* of one portion */
  Text connector, account, operation;
  int64_t after;
  OutboxEntry entries[PORTION];
  size_t count;
} Visiting;

static Status next_portion(void *context, Error *error) {
  Visiting *visiting = context;
  return read_portion(visiting->store, visiting->arena, visiting->connector, visiting->account, visiting->operation, visiting->after, visiting->entries, &visiting->count, error);
}

Status outbox_each_open(Store *store, Text connector, Text account, Text operation, bool (*visit)(void *context, const OutboxEntry *entry), void *context, Error *error) {
  Visiting visiting = {.store = store, .connector = connector, .account = account, .operation = operation};
  for (bool more = true; more;) {
    visiting.arena = arena_new(0);
    if (!visiting.arena) return fail(error, STATUS_FAILED, "", "memory is out");
    Status status = arena_protect(visiting.arena, next_portion, &visiting, error);
    more = status == STATUS_OK && visiting.count == PORTION;
    for (size_t i = 0; status == STATUS_OK && i < visiting.count; i++) {
      visiting.after = visiting.entries[i].id;
      if (visit(context, &visiting.entries[i])) continue;
      more = false;
      break;
    }
    arena_free(visiting.arena);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

typedef struct Settling {
  Store *store;
  const OutboxWish *has;
  Status status;
  Error *error;
} Settling;

static bool settle_entry(void *context, const OutboxEntry *entry) {
  Settling *settling = context;
  if (!text_equal(entry->target, settling->has->target)) return true;
  bool same = text_equal(entry->request, settling->has->request);
  OutboxState state = same ? OUTBOX_SENT : OUTBOX_CANCELLED;
  const char *message = same ? "" : "something else was wanted before it was finished";
  settling->status = outbox_end(settling->store, entry->id, state, TEXT_LITERAL(""), text_of(message), settling->error);
  if (settling->status == STATUS_OK && same) settling->status = outbox_verified(settling->store, entry->id, settling->error);
  return settling->status == STATUS_OK;
}

Status outbox_settle(Store *store, const OutboxWish *has, Error *error) {
  Settling settling = {.store = store, .has = has, .error = error};
  Status status = outbox_each_open(store, has->connector, has->account, has->operation, settle_entry, &settling, error);
  return status == STATUS_OK ? settling.status : status;
}

Status outbox_sent_since(Store *store, Text connector, Text account, Text operation, Instant since, uint64_t *out, Error *error) {
  bool row = false;
  sqlite3_stmt *statement = store_use(store, SQL_OUTBOX_SENT_SINCE, error);
  if (!statement) return STATUS_FAILED;
  bind_text(statement, 1, connector);
  bind_text(statement, 2, account);
  bind_text(statement, 3, operation);
  sqlite3_bind_int64(statement, 4, since);
  Status status = store_step(store, statement, &row, "counting what was sent", error);
  if (status != STATUS_OK) return status;
  *out = row ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
  store_done(statement);
  return STATUS_OK;
}

Status outbox_count(Store *store, Text connector, Text account, Text operation, uint64_t counts[OUTBOX_STATES], Error *error) {
  memset(counts, 0, OUTBOX_STATES * sizeof *counts);
  sqlite3_stmt *statement = store_use(store, SQL_OUTBOX_COUNT, error);
  if (!statement) return STATUS_FAILED;
  bind_text(statement, 1, connector);
  bind_text(statement, 2, account);
  bind_text(statement, 3, operation);
  for (;;) {
    bool row = false;
    Status status = store_step(store, statement, &row, "counting what is to be sent", error);
    if (status != STATUS_OK) return status;
    if (!row) break;
    counts[state_of(column_text(statement, 0))]++;
  }
  store_done(statement);
  return STATUS_OK;
}
