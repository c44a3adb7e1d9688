/* to lastfm.loved: what is not loved yet is queued in the outbox, and everything queued is sent, what earlier runs could not send too. */
#include <inttypes.h>

#include "base/json.h"
#include "base/json_doc.h"
#include "base/vec.h"
#include "connectors/lastfm/heard.h"
#include "connectors/lastfm/sent_row.h"
#include "store/outbox.h"

/* Marked as being sent together: one write to the disk for so many calls. */
enum { PORTION = 10 };
static const char operation[] = "love";

typedef struct Love {
  Text artist, title, key;
  int64_t wish; /* in the outbox; 0 = not there */
} Love;

typedef struct Loving {
  StageCall *call;
  Services *services;
  Http *http;
  LastfmAccount account;
  Heard *heard;
  Store *outbox;
  VEC(Love) loves;
  TextPool *keys;
  uint64_t known, nameless, sent, ignored, kept;
  Error reason; /* why something is kept or ignored: the first */
  Status ends;  /* a login or a park that ends the run */
} Loving;

static Text connector(void) {
  return text_of(service_def(SERVICE_LASTFM)->name);
}

static Text account_of(const Loving *loving) {
  return text_of(services_account(loving->services, SERVICE_LASTFM));
}

static Status collect(Loving *loving, Error *error) {
  const StageCall *call = loving->call;
  Arena *arena = call->run->arena;
  loving->keys = text_pool_new(arena);
  for (size_t i = 0; i < call->inputs[0]->selected; i++) {
    SentRow row;
    Status status = sent_row_read(call, batch_row(call->inputs[0], i), &row, error);
    if (status != STATUS_OK) return status;
    if (!row.artist.length || !row.title.length) {
      loving->nameless++;
      continue;
    }
    Text key = sent_names_key(arena, row.artist, row.title);
    if (text_interned(loving->keys, key) != UINT32_MAX) continue;
    text_intern(loving->keys, key);
    vec_push(arena, &loving->loves, ((Love){.artist = row.artist, .title = row.title, .key = key}));
  }
  return STATUS_OK;
}

/* Leaves those that are not loved yet. */
static void drop_loved(Loving *loving) {
  size_t kept = 0;
  for (size_t i = 0; i < loving->loves.count; i++) {
    const Love *love = &loving->loves.items[i];
    if (heard_is_loved(loving->heard, love->artist, love->title)) {
      loving->known++;
    } else {
      loving->loves.items[kept++] = *love;
    }
  }
  loving->loves.count = kept;
}

static Status queue_all(Loving *loving, Error *error) {
  Arena *arena = loving->call->run->arena;
  Status status = store_begin(loving->outbox, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < loving->loves.count && status == STATUS_OK; i++) {
    const Love *love = &loving->loves.items[i];
    TextBuilder request = {.arena = arena};
    int64_t id;
    OutboxState state;
    text_append(&request, TEXT_LITERAL("{\"artist\":"));
    json_append_string(&request, love->artist);
    text_append(&request, TEXT_LITERAL(",\"track\":"));
    json_append_string(&request, love->title);
    text_append_char(&request, '}');
    OutboxWish wish = {.connector = connector(), .account = account_of(loving), .operation = text_of(operation), .again = true,
                       .key = text_of(arena_format(arena, "love\n" TEXT_FORMAT, TEXT_ARG(love->key))), .request = text_built(&request)};
    status = outbox_queue(loving->outbox, &wish, &id, &state, error);
  }
  if (status == STATUS_OK) return store_commit(loving->outbox, error);
  store_rollback(loving->outbox);
  return status;
}

static bool take_wish(void *context, const OutboxEntry *entry) {
  Loving *loving = context;
  Arena *arena = loving->call->run->arena;
  JsonDoc doc;
  if (json_doc_read(arena, entry->request, "a wish", &doc, NULL) != STATUS_OK) return true;
  if (heard_is_loved(loving->heard, json_get_text(doc.root, "artist"), json_get_text(doc.root, "track"))) {
    /* An earlier run was cut off between the call and the verdict, or its owner loved it meanwhile. */
    outbox_end(loving->outbox, entry->id, OUTBOX_SENT, TEXT_LITERAL(""), TEXT_LITERAL(""), NULL);
    outbox_verified(loving->outbox, entry->id, NULL);
    return true;
  }
  vec_push(arena, &loving->loves, ((Love){.artist = json_get_text(doc.root, "artist"), .title = json_get_text(doc.root, "track"), .wish = entry->id}));
  return true;
}

static Status settle(Loving *loving, const Love *love, const HttpReply *reply, Error *error) {
  if (reply->outcome == HTTP_DONE) {
    loving->sent++;
    return outbox_end(loving->outbox, love->wish, OUTBOX_SENT, TEXT_LITERAL(""), TEXT_LITERAL(""), error);
  }
  if (!loving->ignored && !loving->kept) loving->reason = reply->error;
  bool refused = reply->outcome == HTTP_REFUSED && reply->verdict != VERDICT_LOGIN && reply->verdict != VERDICT_STOP;
  if (refused) loving->ignored++;
  else loving->kept++;
  if (!refused && loving->ends == STATUS_OK) loving->ends = http_judge(reply, NULL);
  return outbox_end(loving->outbox, love->wish, refused ? OUTBOX_IGNORED : OUTBOX_PENDING, reply->code, text_of(reply->error.message), error);
}

static Status send_portion(Loving *loving, const Love *loves, size_t count, Error *error) {
  Arena *arena = loving->call->run->arena;
  int64_t ids[PORTION];
  HttpCall *calls[PORTION];
  for (size_t i = 0; i < count; i++) ids[i] = loves[i].wish;
  Status status = outbox_begin(loving->outbox, ids, count, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < count; i++) {
    HttpParam params[2 + LASTFM_OWN_PARAMS] = {{"artist", loves[i].artist}, {"track", loves[i].title}};
    calls[i] = lastfm_submit(loving->http, arena, &loving->account, ENDPOINT_LASTFM_LOVE, params, 2, NULL, NULL);
  }
  status = http_run(loving->http, error);
  if (status == STATUS_OK) status = store_begin(loving->outbox, error);
  for (size_t i = 0; i < count; i++) {
    if (status == STATUS_OK) status = settle(loving, &loves[i], http_reply(calls[i]), error);
    http_release(loving->http, calls[i]);
  }
  if (status == STATUS_OK) return store_commit(loving->outbox, error);
  store_rollback(loving->outbox);
  return status;
}

static Status send_all(Loving *loving, Error *error) {
  loving->loves.count = 0;
  Status status = outbox_each_open(loving->outbox, connector(), account_of(loving), text_of(operation), take_wish, loving, error);
  for (size_t from = 0; from < loving->loves.count && status == STATUS_OK; from += PORTION) {
    size_t rest = loving->loves.count - from;
    if (loving->ends != STATUS_OK) {
      loving->kept += rest;
      break;
    }
    status = send_portion(loving, &loving->loves.items[from], rest < PORTION ? rest : PORTION, error);
    http_progress(loving->http, endpoint_def(ENDPOINT_LASTFM_LOVE)->name, from + (rest < PORTION ? rest : PORTION), loving->loves.count);
  }
  return status;
}

static const char *tracks(uint64_t count) {
  return count == 1 ? "track" : "tracks";
}

static void tell(const Loving *loving) {
  Run *run = loving->call->run;
  uint32_t node = loving->call->node;
  bool dry = run->options.dry_run;
  uint64_t count = dry ? loving->loves.count : loving->sent;
  run_notice(run, node, false, "lastfm.loved: %" PRIu64 " %s %s, %" PRIu64 " loved already", count, tracks(count), dry ? "would be loved" : "loved", loving->known);
  if (loving->nameless)
    run_notice(run, node, true, "lastfm.loved: %" PRIu64 " %s left out, without title or artist", loving->nameless, loving->nameless == 1 ? "row" : "rows");
  if (loving->ignored) run_notice(run, node, true, "lastfm.loved: %" PRIu64 " %s not taken: %s", loving->ignored, tracks(loving->ignored), loving->reason.message);
  if (loving->kept)
    run_notice(run, node, true, "lastfm.loved: %" PRIu64 " %s could not be sent, kept for the next run that writes to lastfm.loved: %s", loving->kept,
               tracks(loving->kept), loving->reason.message);
}

Status stage_run_TO_LASTFM_LOVED(StageCall *call, const Batch **out, Error *error) {
  Loving loving = {.call = call};
  *out = call->inputs[0];
  Status status = run_services(call->run, &loving.services, error);
  if (status == STATUS_OK) status = lastfm_account(loving.services, !call->run->options.dry_run, &loving.account, error);
  if (status == STATUS_OK) status = services_http(loving.services, &loving.http, error);
  if (status == STATUS_OK) status = collect(&loving, error);
  if (status == STATUS_OK) status = heard_loved(call->run, loving.http, &loving.account, &loving.heard, error);
  if (status != STATUS_OK) return status;
  drop_loved(&loving);
  if (call->run->options.dry_run) {
    tell(&loving);
    return STATUS_OK;
  }
  status = services_outbox(loving.services, call->run, &loving.outbox, error);
  if (status == STATUS_OK) status = queue_all(&loving, error);
  if (status == STATUS_OK) status = send_all(&loving, error);
  if (status != STATUS_OK) return status;
  tell(&loving);
  if (loving.ends == STATUS_BUSY || loving.ends == STATUS_LOGIN) {
    if (error) *error = loving.reason;
    return loving.ends;
  }
  return STATUS_OK;
}
