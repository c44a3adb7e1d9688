#include <inttypes.h>

#include "base/vec.h"
#include "connectors/listenbrainz/listen_parcel.h"
#include "connectors/services/services.h"
#include "store/outbox.h"

#define NO_ROW UINT32_MAX
enum { PORTION = 1000 };
static const char operation[] = "listen";

/* A listen to be sent: a row, or one that an earlier run could not send. */
typedef struct Outgoing {
  uint32_t row;    /* NO_ROW of the outbox */
  int64_t wish;    /* 0 = not in the outbox */
  const char *request;
  bool ended;
} Outgoing;

typedef enum Left { LEFT_NAMELESS, LEFT_EARLY, LEFT_LATE, LEFT_SPOKEN, LEFT_LONG, LEFT_REASONS } Left;

typedef struct Sending {
  StageCall *call;
  Services *services;
  RowReader reader;
  size_t played_at, kind; /* columns */
  VEC(Outgoing) outgoing;
  Store *outbox;
  Text account;
  TextPool *wishes; /* keys of what comes from the outbox; NULL = nothing does */
  uint64_t left[LEFT_REASONS], sent, refused, kept;
  Error refusal; /* the first */
} Sending;

static int64_t second_of(const Sending *sending, size_t row) {
  return sending->call->inputs[0]->columns[sending->played_at].values[row].integer / 1000;
}

/* The same for the same listen, whoever names it. */
static Text key_of(Arena *arena, int64_t second, const RowFacts *facts) {
  TextBuilder key = {.arena = arena};
  text_append_format(&key, "%" PRId64 "\n", second);
  text_append(&key, text_fold(arena, facts->first_artist));
  text_append_char(&key, '\n');
  text_append(&key, text_fold(arena, facts->title));
  return text_built(&key);
}

/* What cannot be a listen is left out before anything is sent. */
static Status choose(Sending *sending, size_t row, Arena *arena, Error *error) {
  const Batch *batch = sending->call->inputs[0];
  Run *run = sending->call->run;
  Text kind = library_text(run, batch, sending->kind, row);
  int64_t second = second_of(sending, row);
  RowFacts facts;
  TextBuilder json = {.arena = arena};
  Status status = row_facts(&sending->reader, arena, row, &facts, error);
  if (status != STATUS_OK) return status;
  Left left = LEFT_REASONS;
  if (kind.length && !text_is(kind, "track")) left = LEFT_SPOKEN;
  else if (!facts.title.length || !facts.artist.length) left = LEFT_NAMELESS;
  else if (second < BOUND_LISTENBRAINZ_OLDEST) left = LEFT_EARLY;
  else if (second > run->options.now / 1000 + BOUND_LISTENBRAINZ_AHEAD) left = LEFT_LATE;
  else if (!listen_write(&json, second, &facts)) left = LEFT_LONG;
  if (left != LEFT_REASONS) sending->left[left]++;
  else if (!sending->wishes || text_interned(sending->wishes, key_of(arena, second, &facts)) == UINT32_MAX) vec_push(run->arena, &sending->outgoing, ((Outgoing){.row = (uint32_t)row}));
  return STATUS_OK;
}

static Status choose_row(Sending *sending, size_t number, Arena *arena, Error *error) {
  return choose(sending, batch_row(sending->call->inputs[0], number), arena, error);
}

/* Some items, with memory of their own. */
typedef struct Portion {
  Sending *sending;
  Status (*each)(Sending *sending, size_t number, Arena *arena, Error *error);
  size_t from, to;
  Arena *arena;
} Portion;

static Status do_portion(void *context, Error *error) {
  const Portion *portion = context;
  Status status = STATUS_OK;
  for (size_t i = portion->from; i < portion->to && status == STATUS_OK; i++) status = portion->each(portion->sending, i, portion->arena, error);
  return status;
}

static Status do_all(Sending *sending, size_t count, Status (*each)(Sending *sending, size_t number, Arena *arena, Error *error), Error *error) {
  Status status = STATUS_OK;
  for (size_t from = 0; from < count && status == STATUS_OK; from += PORTION) {
    Portion portion = {sending, each, from, count - from < PORTION ? count : from + PORTION, arena_new(0)};
    if (!portion.arena) return fail(error, STATUS_FAILED, "", "no memory is left for the listens");
    status = arena_protect(portion.arena, do_portion, &portion, error);
    arena_free(portion.arena);
  }
  return status;
}

static bool take_wish(void *context, const OutboxEntry *entry) {
  Sending *sending = context;
  Arena *arena = sending->call->run->arena;
  if (!sending->wishes) sending->wishes = text_pool_new(arena);
  text_intern(sending->wishes, entry->key);
  vec_push(arena, &sending->outgoing, ((Outgoing){.row = NO_ROW, .wish = entry->id, .request = text_copy(arena, entry->request).bytes}));
  return true;
}

static Status write_outgoing(void *context, size_t number, TextBuilder *json, Error *error) {
  const Sending *sending = context;
  const Outgoing *outgoing = &sending->outgoing.items[number];
  if (outgoing->row == NO_ROW) {
    text_append(json, text_of(outgoing->request));
    return STATUS_OK;
  }
  RowFacts facts;
  Status status = row_facts(&sending->reader, json->arena, outgoing->row, &facts, error);
  if (status == STATUS_OK) listen_write(json, second_of(sending, outgoing->row), &facts);
  return status;
}

static Status ended(void *context, size_t number, const Error *refusal, Error *error) {
  Sending *sending = context;
  Outgoing *outgoing = &sending->outgoing.items[number];
  outgoing->ended = true;
  sending->sent += !refusal;
  if (refusal && !sending->refused++) sending->refusal = *refusal;
  if (!outgoing->wish) return STATUS_OK;
  return outbox_end(sending->outbox, outgoing->wish, refusal ? OUTBOX_IGNORED : OUTBOX_SENT, TEXT_LITERAL(""), text_of(refusal ? refusal->message : ""), error);
}

static Status keep_one(Sending *sending, size_t number, Arena *arena, Error *error) {
  const Outgoing *outgoing = &sending->outgoing.items[number];
  RowFacts facts;
  TextBuilder json = {.arena = arena};
  int64_t id;
  OutboxState state;
  if (outgoing->ended) return STATUS_OK;
  sending->kept++;
  if (outgoing->wish) return STATUS_OK;
  int64_t second = second_of(sending, outgoing->row);
  Status status = row_facts(&sending->reader, arena, outgoing->row, &facts, error);
  if (status != STATUS_OK) return status;
  listen_write(&json, second, &facts);
  OutboxWish wish = {.connector = text_of(service_def(SERVICE_LISTENBRAINZ)->name), .account = sending->account, .operation = text_of(operation),
                     .key = key_of(arena, second, &facts), .request = text_built(&json)};
  return outbox_queue(sending->outbox, &wish, &id, &state, error);
}

/* What was not sent is on disk before the run ends. */
static Status keep_rest(Sending *sending, Error *error) {
  Status status = services_outbox(sending->services, sending->call->run, &sending->outbox, error);
  if (status == STATUS_OK) status = store_begin(sending->outbox, error);
  if (status != STATUS_OK) return status;
  status = do_all(sending, sending->outgoing.count, keep_one, error);
  if (status == STATUS_OK) return store_commit(sending->outbox, error);
  store_rollback(sending->outbox);
  return status;
}

static void tell_left(const Sending *sending) {
  static const char *const why[LEFT_REASONS] = {
      [LEFT_NAMELESS] = "without title or artist",
      [LEFT_EARLY] = "older than 2002-10-01, where ListenBrainz begins",
      [LEFT_LATE] = "in the future",
      [LEFT_SPOKEN] = "of an episode or a chapter",
      [LEFT_LONG] = "with names longer than ListenBrainz takes",
  };
  for (int i = 0; i < LEFT_REASONS; i++)
    if (sending->left[i])
      run_notice(sending->call->run, sending->call->node, i != LEFT_SPOKEN, "listenbrainz.listens: %" PRIu64 " %s left out, %s", sending->left[i],
                 sending->left[i] == 1 ? "play" : "plays", why[i]);
}

static const char *listens(uint64_t count) {
  return count == 1 ? "listen" : "listens";
}

static void tell(const Sending *sending, const char *why) {
  Run *run = sending->call->run;
  uint32_t node = sending->call->node;
  run_notice(run, node, false, "listenbrainz.listens: %" PRIu64 " %s sent; ListenBrainz keeps each once", sending->sent, listens(sending->sent));
  tell_left(sending);
  if (sending->refused) run_notice(run, node, true, "listenbrainz.listens: %" PRIu64 " %s not taken: %s", sending->refused, listens(sending->refused), sending->refusal.message);
  if (sending->kept)
    run_notice(run, node, true, "listenbrainz.listens: %" PRIu64 " %s could not be sent%s%s; they are kept, and the next run that writes to listenbrainz.listens sends them", sending->kept,
               listens(sending->kept), *why ? ": " : "", why);
}

static Status dry_run(Sending *sending, Error *error) {
  Status status = do_all(sending, sending->call->inputs[0]->selected, choose_row, error);
  if (status != STATUS_OK) return status;
  size_t count = sending->outgoing.count, batch = (size_t)endpoint_def(ENDPOINT_LISTENBRAINZ_SUBMIT)->batch, calls = (count + batch - 1) / batch;
  run_notice(sending->call->run, sending->call->node, false, "listenbrainz.listens: %zu %s would be sent, in %zu %s", count, listens(count), calls, calls == 1 ? "call" : "calls");
  tell_left(sending);
  return STATUS_OK;
}

/* What earlier runs kept goes first. Only a store that is there can hold any. */
static Status take_wishes(Sending *sending, Error *error) {
  Store *cache = services_cache(sending->services, sending->call->run);
  uint64_t counts[OUTBOX_STATES] = {0};
  Text connector = text_of(service_def(SERVICE_LISTENBRAINZ)->name);
  Status status = cache ? outbox_count(cache, connector, sending->account, text_of(operation), counts, error) : STATUS_OK;
  if (status != STATUS_OK || !(counts[OUTBOX_PENDING] + counts[OUTBOX_SENDING])) return status;
  status = services_outbox(sending->services, sending->call->run, &sending->outbox, error);
  return status == STATUS_OK ? outbox_each_open(sending->outbox, connector, sending->account, text_of(operation), take_wish, sending, error) : status;
}

static Status send_all(Sending *sending, Error *error) {
  ListenSender sender = {.count = sending->outgoing.count, .write = write_outgoing, .ended = ended, .context = sending};
  Error stopped = {0};
  Status status = services_http(sending->services, &sender.http, error);
  if (status != STATUS_OK) return status;
  Status sent = listens_send(&sender, &stopped);
  if (sent != STATUS_OK) status = keep_rest(sending, error);
  if (status != STATUS_OK) return status;
  bool ends = sent == STATUS_BUSY || sent == STATUS_LOGIN;
  tell(sending, ends ? "" : stopped.message);
  if (!ends) return STATUS_OK;
  if (error) *error = stopped;
  return sent;
}

Status stage_run_TO_LISTENBRAINZ_LISTENS(StageCall *call, const Batch **out, Error *error) {
  Run *run = call->run;
  const Batch *input = call->inputs[0];
  Sending sending = {.call = call, .reader = row_reader(run, input), .played_at = library_column(run, input, FIELD_PLAYED_AT), .kind = library_column(run, input, FIELD_KIND)};
  Secret token;
  *out = input;
  if (sending.played_at == SIZE_MAX) return fail(error, STATUS_FAILED, "", "the plays have no column played_at, so they cannot be sent");
  if (run->options.dry_run) return dry_run(&sending, error);
  Status status = run_services(run, &sending.services, error);
  if (status == STATUS_OK) status = services_want(sending.services, SERVICE_LISTENBRAINZ, "token", &token, error);
  if (status != STATUS_OK) return status;
  sending.account = text_of(services_account(sending.services, SERVICE_LISTENBRAINZ));
  status = take_wishes(&sending, error);
  if (status == STATUS_OK) status = do_all(&sending, input->selected, choose_row, error);
  return status == STATUS_OK ? send_all(&sending, error) : status;
}
