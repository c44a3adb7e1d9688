/* to lastfm.scrobbles. What Last.fm has not got yet is queued in the outbox; then everything queued is sent, 50 at a time, what earlier runs could not send too.
 * A call that ended without an answer may have been done: what Last.fm has is read before anything of it is sent again. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/vec.h"
#include "connectors/lastfm/heard.h"
#include "connectors/lastfm/scrobble_call.h"
#include "connectors/lastfm/sent_row.h"
#include "store/outbox.h"

enum {
  DAY_S = 24 * 3600,
  OLDEST_S = 14 * DAY_S,    /* Last.fm ignores what is older */
  SHORTEST_MS = 30 * 1000,  /* a track must be longer than this */
  ENOUGH_MS = 240 * 1000,   /* heard so long, or half of it, it is a scrobble */
  UNSURE_MOST = 3,          /* calls without an answer, until the rest waits for the next run */
};
static const char operation[] = "scrobble";

typedef enum Left { LEFT_NAMELESS, LEFT_SPOKEN, LEFT_OLD, LEFT_FUTURE, LEFT_SHORT, LEFT_REASONS } Left;

typedef struct Scrobbling {
  StageCall *call;
  Services *services;
  Http *http;
  LastfmAccount account;
  Heard *heard;
  Store *outbox;
  VEC(ScrobbleWish) wishes;
  uint64_t left[LEFT_REASONS], known, sent, ignored, kept;
  unsigned unsure;
  bool full;    /* of today */
  Error reason; /* why something is kept */
  const char *refusal; /* why something is ignored: the first */
  Status ends;  /* a login or a park that ends the run */
} Scrobbling;

static Text connector(void) {
  return text_of(service_def(SERVICE_LASTFM)->name);
}

static Text account_of(const Scrobbling *scrobbling) {
  return text_of(services_account(scrobbling->services, SERVICE_LASTFM));
}

static int64_t now_s(const Scrobbling *scrobbling) {
  return services_now(scrobbling->services) / 1000;
}

/* ---- which plays ---- */

/* LEFT_REASONS: it is a scrobble. What is not known does not speak against it. */
static Left judge(const Scrobbling *scrobbling, const SentRow *row) {
  int64_t second = row->played_at / 1000;
  if (row->is_spoken) return LEFT_SPOKEN;
  if (!row->artist.length || !row->title.length || row->played_at == INSTANT_MIN) return LEFT_NAMELESS;
  if (second < now_s(scrobbling) - OLDEST_S) return LEFT_OLD;
  if (second > now_s(scrobbling)) return LEFT_FUTURE;
  if (row->duration_ms && row->duration_ms <= SHORTEST_MS) return LEFT_SHORT;
  int64_t enough = row->duration_ms && row->duration_ms / 2 < ENOUGH_MS ? row->duration_ms / 2 : row->duration_ms ? ENOUGH_MS : SHORTEST_MS;
  return row->ms_played >= 0 && row->ms_played < enough ? LEFT_SHORT : LEFT_REASONS;
}

static Status collect(Scrobbling *scrobbling, Error *error) {
  const StageCall *call = scrobbling->call;
  for (size_t i = 0; i < call->inputs[0]->selected; i++) {
    SentRow row;
    Status status = sent_row_read(call, batch_row(call->inputs[0], i), &row, error);
    if (status != STATUS_OK) return status;
    Left left = judge(scrobbling, &row);
    if (left != LEFT_REASONS) {
      scrobbling->left[left]++;
      continue;
    }
    vec_push(call->run->arena, &scrobbling->wishes, ((ScrobbleWish){.artist = row.artist, .title = row.title, .album = row.album, .second = row.played_at / 1000,
                                                                     .duration_s = row.duration_ms / 1000}));
  }
  return STATUS_OK;
}

static int by_time(const void *a, const void *b) {
  const ScrobbleWish *left = a, *right = b;
  if (left->second != right->second) return left->second < right->second ? -1 : 1;
  return left->wish < right->wish ? -1 : left->wish > right->wish;
}

/* Reads what Last.fm has of the time that the wishes are of. They are in order of time from then on. */
static Status read_heard(Scrobbling *scrobbling, Error *error) {
  size_t count = scrobbling->wishes.count;
  if (!count) return STATUS_OK;
  qsort(scrobbling->wishes.items, count, sizeof *scrobbling->wishes.items, by_time);
  return heard_scrobbles(scrobbling->call->run, scrobbling->http, &scrobbling->account, scrobbling->wishes.items[0].second - HEARD_TOLERANCE_S,
                         scrobbling->wishes.items[count - 1].second + HEARD_TOLERANCE_S, &scrobbling->heard, error);
}

static Status verified(Scrobbling *scrobbling, const ScrobbleWish *wish, Error *error) {
  scrobbling->known++;
  if (!wish->wish) return STATUS_OK;
  Status status = outbox_end(scrobbling->outbox, wish->wish, OUTBOX_SENT, TEXT_LITERAL(""), TEXT_LITERAL(""), error);
  return status == STATUS_OK ? outbox_verified(scrobbling->outbox, wish->wish, error) : status;
}

/* Leaves those that Last.fm has not got. */
static Status drop_heard(Scrobbling *scrobbling, Error *error) {
  size_t kept = 0;
  Status status = STATUS_OK;
  for (size_t i = 0; i < scrobbling->wishes.count && status == STATUS_OK; i++) {
    ScrobbleWish wish = scrobbling->wishes.items[i];
    if (heard_at(scrobbling->heard, wish.artist, wish.title, wish.second)) {
      status = verified(scrobbling, &wish, error);
    } else {
      scrobbling->wishes.items[kept++] = wish;
    }
  }
  scrobbling->wishes.count = kept;
  return status;
}

/* ---- the outbox ---- */

static Status queue_all(Scrobbling *scrobbling, Error *error) {
  Arena *arena = scrobbling->call->run->arena;
  Status status = store_begin(scrobbling->outbox, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < scrobbling->wishes.count && status == STATUS_OK; i++) {
    const ScrobbleWish *wish = &scrobbling->wishes.items[i];
    int64_t id;
    OutboxState state;
    Text names = sent_names_key(arena, wish->artist, wish->title);
    OutboxWish queued = {.connector = connector(), .account = account_of(scrobbling), .operation = text_of(operation), .request = scrobble_write(arena, wish),
                         .key = text_of(arena_format(arena, "scrobble\n%" PRId64 "\n" TEXT_FORMAT, wish->second, TEXT_ARG(names)))};
    status = outbox_queue(scrobbling->outbox, &queued, &id, &state, error);
    /* What was sent and is not there any more was removed by its owner; what was refused will be refused again. */
    if (status == STATUS_OK && (state == OUTBOX_SENT || state == OUTBOX_IGNORED)) scrobbling->known++;
  }
  if (status == STATUS_OK) return store_commit(scrobbling->outbox, error);
  store_rollback(scrobbling->outbox);
  return status;
}

static bool take_wish(void *context, const OutboxEntry *entry) {
  Scrobbling *scrobbling = context;
  ScrobbleWish wish;
  if (!scrobble_read(scrobbling->call->run->arena, entry->request, &wish)) return true;
  wish.wish = entry->id;
  vec_push(scrobbling->call->run->arena, &scrobbling->wishes, wish);
  return true;
}

/* ---- sending ---- */

static Status settle(Scrobbling *scrobbling, const ScrobbleWish *wish, ScrobbleVerdict verdict, Error *error) {
  Arena *arena = scrobbling->call->run->arena;
  if (verdict == SCROBBLE_UNTOLD) { /* stays as being sent: the next run reads back what has become of it */
    scrobbling->kept++;
    return STATUS_OK;
  }
  Text code = text_of(arena_format(arena, "%d", (int)verdict));
  if (verdict == SCROBBLE_TAKEN) {
    scrobbling->sent++;
    return outbox_end(scrobbling->outbox, wish->wish, OUTBOX_SENT, TEXT_LITERAL(""), TEXT_LITERAL(""), error);
  }
  bool full = verdict == SCROBBLE_DAY_FULL;
  if (full) scrobbling->kept++;
  else if (!scrobbling->ignored++) scrobbling->refusal = scrobble_verdict_text(verdict);
  scrobbling->full = scrobbling->full || full;
  return outbox_end(scrobbling->outbox, wish->wish, full ? OUTBOX_PENDING : OUTBOX_IGNORED, code, text_of(scrobble_verdict_text(verdict)), error);
}

static Status end_all(Scrobbling *scrobbling, const ScrobbleWish *wishes, size_t count, OutboxState state, const HttpReply *reply, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < count && status == STATUS_OK; i++) status = outbox_end(scrobbling->outbox, wishes[i].wish, state, reply->code, text_of(reply->error.message), error);
  return status;
}

static Status send_some(Scrobbling *scrobbling, const ScrobbleWish *wishes, size_t count, Error *error);

/* Long batches have been refused for their length alone. */
static Status send_halves(Scrobbling *scrobbling, const ScrobbleWish *wishes, size_t count, Error *error) {
  Status status = send_some(scrobbling, wishes, count / 2, error);
  return status == STATUS_OK ? send_some(scrobbling, wishes + count / 2, count - count / 2, error) : status;
}

/* It may have been done. What Last.fm has of it was sent; the rest waits for the next run. */
static Status read_back(Scrobbling *scrobbling, const ScrobbleWish *wishes, size_t count, Error *error) {
  Heard *heard;
  Error ignored;
  Status status = heard_scrobbles(scrobbling->call->run, scrobbling->http, &scrobbling->account, wishes[0].second - HEARD_TOLERANCE_S,
                                  wishes[count - 1].second + HEARD_TOLERANCE_S, &heard, &ignored);
  if (status != STATUS_OK) {
    scrobbling->kept += count;
    return STATUS_OK;
  }
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    const ScrobbleWish *wish = &wishes[i];
    bool there = heard_at(heard, wish->artist, wish->title, wish->second);
    if (there) scrobbling->sent++;
    else scrobbling->kept++;
    status = outbox_end(scrobbling->outbox, wish->wish, there ? OUTBOX_SENT : OUTBOX_PENDING, TEXT_LITERAL(""), TEXT_LITERAL(""), error);
    if (status == STATUS_OK && there) status = outbox_verified(scrobbling->outbox, wish->wish, error);
  }
  return status;
}

static Status judge_call(Scrobbling *scrobbling, const HttpCall *call, const ScrobbleWish *wishes, size_t count, bool *halve, Error *error) {
  Arena *arena = scrobbling->call->run->arena;
  const HttpReply *reply = http_reply(call);
  ScrobbleVerdict verdicts[SCROBBLES_A_CALL];
  if (reply->outcome == HTTP_DONE) {
    Status status = scrobble_verdicts(call, arena, wishes, count, verdicts, &scrobbling->reason);
    if (status != STATUS_OK) return read_back(scrobbling, wishes, count, error);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) status = settle(scrobbling, &wishes[i], verdicts[i], error);
    return status;
  }
  if (reply->outcome == HTTP_REFUSED && reply->verdict != VERDICT_LOGIN && reply->verdict != VERDICT_STOP) {
    *halve = count > 1;
    if (*halve) return STATUS_OK;
    if (!scrobbling->ignored++) scrobbling->refusal = arena_format(arena, "%s", reply->error.message);
    return end_all(scrobbling, wishes, count, OUTBOX_IGNORED, reply, error);
  }
  scrobbling->reason = reply->error;
  if (reply->outcome == HTTP_UNCERTAIN && ++scrobbling->unsure < UNSURE_MOST) return read_back(scrobbling, wishes, count, error);
  scrobbling->ends = http_judge(reply, NULL);
  scrobbling->kept += count;
  return reply->outcome == HTTP_UNCERTAIN ? STATUS_OK : end_all(scrobbling, wishes, count, OUTBOX_PENDING, reply, error);
}

static Status send_some(Scrobbling *scrobbling, const ScrobbleWish *wishes, size_t count, Error *error) {
  int64_t ids[SCROBBLES_A_CALL];
  bool halve = false;
  if (scrobbling->full || scrobbling->ends != STATUS_OK) {
    scrobbling->kept += count;
    return STATUS_OK;
  }
  for (size_t i = 0; i < count; i++) ids[i] = wishes[i].wish;
  Status status = outbox_begin(scrobbling->outbox, ids, count, error);
  if (status != STATUS_OK) return status;
  HttpCall *call = scrobble_submit(scrobbling->http, scrobbling->call->run->arena, &scrobbling->account, wishes, count);
  status = http_wait(scrobbling->http, call, error);
  if (status == STATUS_OK) status = judge_call(scrobbling, call, wishes, count, &halve, error);
  http_release(scrobbling->http, call);
  return status == STATUS_OK && halve ? send_halves(scrobbling, wishes, count, error) : status;
}

/* How many Last.fm took in a day before it took no more, and when that was learnt: "669 1717236000000". It holds for that day: other programs may have used some
 * of it, and Last.fm has changed it before. */
static const char cap_setting[] = "lastfm.daily_scrobbles";

static Status room_today(Scrobbling *scrobbling, size_t *out, Error *error) {
  Text cap;
  uint64_t sent = 0;
  *out = SIZE_MAX;
  Status status = store_setting(scrobbling->outbox, text_of(cap_setting), &cap, error);
  if (status == STATUS_OK)
    status = outbox_sent_since(scrobbling->outbox, connector(), account_of(scrobbling), text_of(operation), services_now(scrobbling->services) - (Instant)DAY_S * 1000, &sent, error);
  char *end = NULL;
  int64_t most = cap.length ? strtoll(cap.bytes, &end, 10) : 0, learnt = end && *end == ' ' ? strtoll(end, NULL, 10) : 0;
  int64_t age = services_now(scrobbling->services) - learnt;
  if (status == STATUS_OK && most > 0 && age >= 0 && age < (Instant)DAY_S * 1000) *out = (uint64_t)most > sent ? (size_t)((uint64_t)most - sent) : 0;
  return status;
}

static Status learn_cap(const Scrobbling *scrobbling, Error *error) {
  uint64_t sent;
  Status status = outbox_sent_since(scrobbling->outbox, connector(), account_of(scrobbling), text_of(operation), services_now(scrobbling->services) - (Instant)DAY_S * 1000, &sent, error);
  return status == STATUS_OK && sent ? store_set_setting(scrobbling->outbox, text_of(cap_setting), text_of(arena_format(scrobbling->call->run->arena, "%" PRIu64 " %" PRId64, sent, services_now(scrobbling->services))), error) : status;
}

/* The oldest first: they are the ones that Last.fm will not take for much longer. */
static Status send_all(Scrobbling *scrobbling, Error *error) {
  size_t room;
  Status status = room_today(scrobbling, &room, error);
  for (size_t from = 0, count; from < scrobbling->wishes.count && status == STATUS_OK; from += count) {
    count = scrobbling->wishes.count - from;
    if (count > SCROBBLES_A_CALL) count = SCROBBLES_A_CALL;
    if (count > room) count = room ? room : count;
    scrobbling->full = scrobbling->full || !room;
    bool was_full = scrobbling->full;
    status = send_some(scrobbling, &scrobbling->wishes.items[from], count, error);
    if (status == STATUS_OK && scrobbling->full && !was_full) status = learn_cap(scrobbling, error);
    if (room != SIZE_MAX) room -= room < count ? room : count;
    http_progress(scrobbling->http, endpoint_def(ENDPOINT_LASTFM_SCROBBLE)->name, from + count, scrobbling->wishes.count);
  }
  return status;
}

/* ---- telling ---- */

static const char *plays(uint64_t count) {
  return count == 1 ? "play" : "plays";
}

static void tell(const Scrobbling *scrobbling) {
  static const char *const why[LEFT_REASONS] = {
      [LEFT_NAMELESS] = "without title or artist", [LEFT_SPOKEN] = "of an episode or a chapter", [LEFT_OLD] = "older than the 14 days that Last.fm takes",
      [LEFT_FUTURE] = "in the future", [LEFT_SHORT] = "not heard long enough for a scrobble",
  };
  Run *run = scrobbling->call->run;
  uint32_t node = scrobbling->call->node;
  bool dry = run->options.dry_run;
  size_t count = scrobbling->wishes.count;
  if (dry) {
    run_notice(run, node, false, "lastfm.scrobbles: %zu %s would be sent, in %zu %s; %" PRIu64 " there already", count, plays(count), (count + SCROBBLES_A_CALL - 1) / SCROBBLES_A_CALL,
               count <= SCROBBLES_A_CALL && count ? "call" : "calls", scrobbling->known);
  } else {
    run_notice(run, node, false, "lastfm.scrobbles: %" PRIu64 " %s sent, %" PRIu64 " there already", scrobbling->sent, plays(scrobbling->sent), scrobbling->known);
  }
  for (int i = 0; i < LEFT_REASONS; i++)
    if (scrobbling->left[i])
      run_notice(run, node, i == LEFT_NAMELESS || i == LEFT_OLD || i == LEFT_FUTURE, "lastfm.scrobbles: %" PRIu64 " %s left out, %s", scrobbling->left[i], plays(scrobbling->left[i]), why[i]);
  if (scrobbling->ignored) run_notice(run, node, true, "lastfm.scrobbles: %" PRIu64 " %s not taken: %s", scrobbling->ignored, plays(scrobbling->ignored), scrobbling->refusal);
  if (scrobbling->kept)
    run_notice(run, node, true, "lastfm.scrobbles: %" PRIu64 " %s kept for the next run that writes to lastfm.scrobbles: %s", scrobbling->kept, plays(scrobbling->kept),
               scrobbling->full ? scrobble_verdict_text(SCROBBLE_DAY_FULL) : scrobbling->reason.message[0] ? scrobbling->reason.message : "Last.fm did not say what became of them");
}

static Status write_all(Scrobbling *scrobbling, Error *error) {
  Status status = services_outbox(scrobbling->services, scrobbling->call->run, &scrobbling->outbox, error);
  if (status == STATUS_OK) status = queue_all(scrobbling, error);
  scrobbling->wishes.count = 0;
  if (status == STATUS_OK) status = outbox_each_open(scrobbling->outbox, connector(), account_of(scrobbling), text_of(operation), take_wish, scrobbling, error);
  if (status == STATUS_OK) status = read_heard(scrobbling, error);
  if (status == STATUS_OK) status = drop_heard(scrobbling, error);
  return status == STATUS_OK ? send_all(scrobbling, error) : status;
}

Status stage_run_TO_LASTFM_SCROBBLES(StageCall *call, const Batch **out, Error *error) {
  bool dry = call->run->options.dry_run;
  Scrobbling *scrobbling = arena_alloc(call->run->arena, sizeof *scrobbling);
  scrobbling->call = call;
  *out = call->inputs[0];
  Status status = run_services(call->run, &scrobbling->services, error);
  if (status == STATUS_OK) status = lastfm_account(scrobbling->services, !dry, &scrobbling->account, error);
  if (status == STATUS_OK) status = services_http(scrobbling->services, &scrobbling->http, error);
  if (status == STATUS_OK) status = collect(scrobbling, error);
  if (status == STATUS_OK && dry) status = read_heard(scrobbling, error);
  if (status == STATUS_OK && dry) status = drop_heard(scrobbling, error);
  if (status == STATUS_OK && !dry) status = write_all(scrobbling, error);
  if (status != STATUS_OK) return status;
  tell(scrobbling);
  if (scrobbling->ends == STATUS_BUSY || scrobbling->ends == STATUS_LOGIN) {
    if (error) *error = scrobbling->reason;
    return scrobbling->ends;
  }
  return STATUS_OK;
}
