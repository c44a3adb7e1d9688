#include "store/plays/counting.h"

#include <string.h>

#include "base/clock.h"
#include "store/plays/totals.h"

enum { STREAM_MS = 30000, SCROBBLE_LEAST_MS = 30000, LONG_MS = 240000 };

static const CountingDef defs[] = {
#define COUNTING(id, name, needs, doc) {name, needs, doc},
#include "store/plays/counting.def"
#undef COUNTING
};

const CountingDef *counting_def(CountingRule rule) {
  return &defs[rule];
}

/* Half of the track, or four minutes of it. */
static bool is_half(int64_t ms_played, int64_t duration_ms) {
  return ms_played >= LONG_MS || (duration_ms > 0 && ms_played >= duration_ms / 2);
}

Counted counting_judge(CountingRule rule, const HeardPlay *play) {
  if (rule == COUNTING_STRICT && play->incognito) return COUNTED_NOT;
  if (play->ms_played < 0 || rule == COUNTING_ALL) return COUNTED_PLAY;
  int64_t duration = play->duration_ms;
  if (duration <= 0 && play->completed && rule != COUNTING_STRICT) duration = play->ms_played;
  bool counts = false;
  switch (rule) {
    case COUNTING_LASTFM:
      counts = is_half(play->ms_played, duration) && (duration <= 0 || duration > SCROBBLE_LEAST_MS);
      break;
    case COUNTING_LISTENBRAINZ:
    case COUNTING_STRICT:
      counts = is_half(play->ms_played, duration);
      break;
    default:
      counts = play->ms_played >= STREAM_MS;
  }
  return counts ? COUNTED_PLAY : COUNTED_SKIP;
}

/* ---- a rule as the user says it ---- */

Counted own_rule_judge(OwnRule rule, const HeardPlay *play) {
  if (play->ms_played < 0) return COUNTED_PLAY;
  int64_t duration = play->duration_ms <= 0 && play->completed ? play->ms_played : play->duration_ms;
  bool long_enough = rule.heard_ms >= 0 && play->ms_played >= rule.heard_ms;
  bool much_enough = rule.percent && duration > 0 && (double)play->ms_played * 100 >= (double)duration * rule.percent;
  return long_enough || much_enough ? COUNTED_PLAY : COUNTED_SKIP;
}

static bool parse_part(Text part, OwnRule *out) {
  if (part.length > 1 && part.bytes[part.length - 1] == '%') {
    int percent = 0;
    for (size_t i = 0; i + 1 < part.length; i++) {
      if (part.bytes[i] < '0' || part.bytes[i] > '9' || percent > 100) return false;
      percent = percent * 10 + part.bytes[i] - '0';
    }
    if (out->percent || percent < 1 || percent > 100) return false;
    out->percent = percent;
    return true;
  }
  Duration duration;
  Error ignored;
  if (out->heard_ms >= 0 || duration_parse(part, &duration, &ignored) != STATUS_OK || duration.months) return false;
  out->heard_ms = duration.ms;
  return true;
}

bool own_rule_parse(Text text, OwnRule *out) {
  *out = (OwnRule){-1, 0};
  for (size_t at = 0; at + 4 <= text.length; at++)
    if (memcmp(text.bytes + at, " or ", 4) == 0)
      return parse_part((Text){text.bytes, at}, out) && parse_part((Text){text.bytes + at + 4, text.length - at - 4}, out);
  return parse_part(text, out);
}

Text own_rule_format(Arena *arena, OwnRule rule) {
  Text heard = rule.heard_ms >= 0 ? duration_format(arena, (Duration){.ms = rule.heard_ms}) : (Text){"", 0};
  const char *much = rule.percent ? arena_format(arena, "%d%%", rule.percent) : "";
  return text_of(arena_format(arena, "%s%s" TEXT_FORMAT, much, *much && heard.length ? " or " : "", TEXT_ARG(heard)));
}

/* ---- the user's choice ---- */

#define SETTING TEXT_LITERAL("counting_rule")

bool counting_find(Text name, CountingRule *out) {
  for (*out = 0; *out < COUNTING_RULES; (*out)++)
    if (text_is(name, defs[*out].name)) return true;
  *out = COUNTING_SPOTIFY;
  return false;
}

Status store_counting_rule(Store *store, CountingRule *out, Error *error) {
  *out = store->counting;
  if (!store->counting_known) {
    Text name;
    Status status = store_setting(store, SETTING, &name, error);
    if (status != STATUS_OK) return status;
    if (name.length && !counting_find(name, &store->counting)) {
      if (!own_rule_parse(name, &store->own_rule))
        return fail(error, STATUS_FAILED, "", "%s: counts plays by the rule \"" TEXT_FORMAT "\", which this Narada does not know; `narada plays rule spotify` sets the one it begins with, `narada help plays` tells the others",
                    store->path, TEXT_ARG(text_escaped(store->arena, name)));
      store->counting = COUNTING_OWN;
    }
    store->counting_known = true;
  }
  *out = store->counting;
  return STATUS_OK;
}

OwnRule store_own_rule(const Store *store) {
  return store->own_rule;
}

unsigned store_counting_needs(const Store *store) {
  if (store->counting != COUNTING_OWN) return defs[store->counting].needs;
  return store->own_rule.percent ? NEEDS_DURATION | NEEDS_CONTEXT : 0;
}

static Status set_rule(Store *store, CountingRule rule, Text name, Error *error) {
  bool began = false;
  Status status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  status = store_set_setting(store, SETTING, name, error);
  if (status == STATUS_OK) {
    store->counting = rule;
    store->counting_known = true;
    store->listens_version++;
    status = totals_rebuild(store, error);
  }
  return store_leave(store, began, status, error);
}

Status store_set_counting_rule(Store *store, CountingRule rule, Error *error) {
  return set_rule(store, rule, text_of(defs[rule].name), error);
}

Status store_set_own_rule(Store *store, OwnRule rule, Error *error) {
  store->own_rule = rule;
  return set_rule(store, COUNTING_OWN, own_rule_format(store->arena, rule), error);
}

/* ---- plays of the store ---- */

static Status duration_of(Store *store, int64_t track, int64_t *out, Error *error) {
  size_t at = (size_t)track;
  if (at >= store->duration_size) {
    size_t size = at + 1024 + store->duration_size;
    store->durations = arena_grow(store->arena, store->durations, store->duration_size * sizeof *store->durations, size * sizeof *store->durations);
    store->duration_size = size;
  }
  *out = store->durations[at];
  if (*out) return STATUS_OK;
  sqlite3_stmt *read = store_use(store, SQL_TRACK_DURATION, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, track);
  bool row = false;
  Status status = store_step(store, read, &row, "reading a track", error);
  if (status != STATUS_OK) return status;
  int64_t duration = row ? column_number(read, 0, -1) : -1;
  store_done(read);
  *out = store->durations[at] = duration > 0 ? duration : -1;
  return STATUS_OK;
}

Status store_judge_play(Store *store, StorePlay *play, Error *error) {
  CountingRule rule = store->counting;
  Status status = store->counting_known ? STATUS_OK : store_counting_rule(store, &rule, error);
  HeardPlay heard = {.ms_played = play->ms_played, .duration_ms = -1};
  unsigned needs = store_counting_needs(store);
  if (status == STATUS_OK && needs & NEEDS_CONTEXT && play->context) {
    const PlayContext *context = NULL;
    status = store_play_context(store, play->context, &context, error);
    if (status != STATUS_OK) return status;
    heard.completed = text_is(context->reason_end, "trackdone");
    heard.incognito = context->incognito == TRISTATE_TRUE;
  }
  if (status == STATUS_OK && needs & NEEDS_DURATION && play->track > 0) status = duration_of(store, play->track, &heard.duration_ms, error);
  play->counted = rule == COUNTING_OWN ? own_rule_judge(store->own_rule, &heard) : counting_judge(rule, &heard);
  return status;
}
