#include "connectors/http/pager.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

enum {
  AHEAD = 32,           /* pages asked for beyond the last one that was given on */
  PAGES_MOST = 100000,
  ASKED_MOST = 3,       /* times a page is asked for whose reply is no JSON, or by cursor no list */
};

typedef struct Slot {
  Pager *pager;
  HttpCall *call;
  int asked;
  bool ended;
} Slot;

struct Pager {
  Http *http;
  Arena *arena;
  PagesRequest request;
  const PagesDef *def;
  HttpParam *params; /* the caller's, then size and place */
  size_t param_count;
  Slot *slots;
  size_t pages, asked, given; /* known to exist, asked for, given on */
  int stride;                 /* rows a page */
  int64_t rows, total;
  Text cursor;
  TextPool *cursors;
  IntMap *prints; /* of pages, to their number */
  uint64_t print, last_print;
  Arena *scratch; /* the page being looked at */
  bool first, over;
  PagesResult result;
};

static void free_scratch(void *object) {
  Pager *pager = object;
  arena_free(pager->scratch);
  pager->scratch = NULL;
}

static void on_done(void *context, HttpCall *call);

static void finish(Pager *pager, HttpOutcome outcome) {
  pager->over = true;
  pager->result.outcome = outcome;
  pager->result.rows = pager->rows;
  pager->result.total = pager->total;
  for (size_t i = pager->given; i < pager->asked; i++) {
    http_release(pager->http, pager->slots[i].call);
    pager->slots[i].call = NULL;
  }
}

static bool by_cursor(const Pager *pager) {
  return pager->def->style == PAGES_CURSOR;
}

static void ask(Pager *pager, Slot *slot, size_t number) {
  char size[16], place[24];
  HttpRequest request = pager->request.request;
  size_t count = request.param_count;
  snprintf(size, sizeof size, "%d", pager->stride);
  snprintf(place, sizeof place, "%" PRId64, pager->def->style == PAGES_NUMBER ? (int64_t)number + 1 : (int64_t)number * pager->stride);
  pager->params[count++] = (HttpParam){pager->def->size, text_of(size)};
  if (!by_cursor(pager)) pager->params[count++] = (HttpParam){pager->def->position, text_of(place)};
  else if (pager->cursor.length) pager->params[count++] = (HttpParam){pager->def->position, pager->cursor};
  request.params = pager->params;
  request.param_count = count;
  request.done = on_done;
  request.context = slot;
  slot->pager = pager;
  slot->ended = false;
  slot->asked++;
  slot->call = http_submit(pager->http, &request);
}

/* Slots of a list by cursor are used in turn, those of one by place are as many as its pages. */
static void ask_ahead(Pager *pager) {
  while (pager->asked < pager->pages && pager->asked < pager->given + AHEAD) {
    Slot *slot = &pager->slots[pager->asked];
    slot->asked = 0;
    ask(pager, slot, pager->asked);
    pager->asked++;
  }
}

static void read_from_start(Pager *pager) {
  for (size_t i = pager->given; i < pager->asked; i++) http_release(pager->http, pager->slots[i].call);
  pager->result.readings++;
  pager->result.doubt = TEXT_LITERAL("");
  pager->slots = arena_array(pager->arena, 1, sizeof *pager->slots);
  pager->pages = 1;
  pager->asked = pager->given = 0;
  pager->rows = 0;
  pager->total = -1;
  pager->first = true;
  pager->print = 0;
  pager->prints = int_map_new(pager->arena, 64);
  ask_ahead(pager);
}

/* The first doubt is kept: the others follow from it. */
NARADA_PRINTF(2, 3)
static void doubt(Pager *pager, const char *format, ...) {
  if (pager->result.doubt.length) return;
  char text[200];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  pager->result.doubt = text_copy(pager->arena, text_of(text));
}

/* One row may come without its list, and none as "" or not at all: what XML looks like after a translation. */
static const JsonNode *rows_of(Pager *pager, const JsonDoc *doc, size_t *count) {
  const JsonNode *items = json_at(doc->root, text_of(pager->def->items));
  *count = 0;
  if (!items && by_cursor(pager)) doubt(pager, "a reply without a list came");
  if (!items) return NULL;
  if (items->kind == JSON_ARRAY) {
    *count = items->count;
    return items->items;
  }
  *count = items->kind == JSON_OBJECT && items->count > 0;
  return items;
}

static int64_t number_at(const JsonDoc *doc, const char *pointer) {
  int64_t value = -1;
  if (!pointer[0] || !json_whole(json_at(doc->root, text_of(pointer)), &value)) return -1;
  return value;
}

/* What the first page says about the others. */
static void plan(Pager *pager, const JsonDoc *doc) {
  int64_t size = number_at(doc, pager->def->echo_size);
  if (size > 0 && size < pager->stride) pager->stride = (int)size;
  pager->total = number_at(doc, pager->def->total);
  if (by_cursor(pager)) return;
  int64_t wanted = pager->total;
  if (wanted < 0) doubt(pager, "the service does not say how many rows there are");
  if (pager->request.most && wanted > pager->request.most) wanted = pager->request.most;
  int64_t pages = wanted <= 0 ? 1 : (wanted + pager->stride - 1) / pager->stride;
  if (pages > PAGES_MOST) {
    doubt(pager, "the service speaks of %" PRId64 " rows", pager->total);
    pages = PAGES_MOST;
  }
  Slot *slots = arena_array(pager->arena, (size_t)pages, sizeof *slots);
  pager->slots = slots; /* the first page is being looked at, no other is under way */
  pager->pages = (size_t)pages;
}

static void check_page(Pager *pager, const JsonDoc *doc, size_t counted, uint64_t print) {
  size_t number = pager->given;
  int64_t total = number_at(doc, pager->def->total), place = number_at(doc, pager->def->echo_position);
  int64_t asked_place = pager->def->style == PAGES_NUMBER ? (int64_t)number + 1 : (int64_t)number * pager->stride;
  if (by_cursor(pager)) return;
  if (total >= 0 && total != pager->total)
    doubt(pager, "it %s from %" PRId64 " to %" PRId64 " rows while it was read", total > pager->total ? "grew" : "shrank", pager->total, total);
  if (place >= 0 && place != asked_place) doubt(pager, "the page at %" PRId64 " was asked for and the one at %" PRId64 " came", asked_place, place);
  int64_t due = pager->total - (int64_t)number * pager->stride;
  if (due > pager->stride) due = pager->stride;
  if (due < 0) due = 0;
  if (pager->total >= 0 && (int64_t)counted != due) doubt(pager, "page %zu has %zu rows where %" PRId64 " are due", number + 1, counted, due);
  uint32_t before = int_map_get(pager->prints, (int64_t)print, UINT32_MAX);
  if (counted && before != UINT32_MAX) doubt(pager, "page %zu is the same as page %u", number + 1, before + 1);
  int_map_set(pager->prints, (int64_t)print, (uint32_t)number);
}

/* False: it has been visited. */
static bool move(Pager *pager, Text place) {
  pager->cursor = text_copy(pager->arena, place);
  if (text_interned(pager->cursors, pager->cursor) != UINT32_MAX) {
    doubt(pager, "the service leads back to a place that was read before");
    return false;
  }
  text_intern(pager->cursors, pager->cursor);
  return true;
}

/* Moves to the place the page names. False: there is none, or it has been visited. */
static bool follow(Pager *pager, const JsonDoc *doc, size_t count) {
  const JsonNode *next = json_at(doc->root, text_of(pager->def->next));
  if (!next || count == 0) return false;
  if (next->kind == JSON_INTEGER) return move(pager, text_of(arena_format(pager->arena, "%" PRId64, next->integer)));
  return next->kind == JSON_STRING && next->text.length && move(pager, next->text);
}

static bool go_on(Pager *pager) {
  char place[PAGER_PLACE];
  return pager->request.next(pager->request.context, place) && move(pager, text_of(place));
}

static size_t count_rows(const Pager *pager, const JsonNode *rows, size_t count) {
  size_t counted = 0;
  for (size_t i = 0; i < count; i++) counted += !pager->request.extra || !pager->request.extra(pager->request.context, &rows[i]);
  return counted;
}

/* Not more than were wanted, extra ones apart. */
static size_t cut(const Pager *pager, const JsonNode *rows, size_t count, size_t *counted) {
  if (!pager->request.most || pager->rows + (int64_t)*counted <= pager->request.most) return count;
  size_t left = (size_t)(pager->request.most - pager->rows), end = 0;
  for (*counted = 0; end < count && *counted < left; end++) *counted += count_rows(pager, &rows[end], 1);
  return end;
}

/* The whole list was read. What came out the same twice is how the service sees it, strange or not. */
static void end_reading(Pager *pager) {
  PagesResult *result = &pager->result;
  bool wanted = pager->request.most && pager->rows >= pager->request.most;
  bool same = result->readings > 1 && pager->print == pager->last_print;
  if (result->doubt.length && !same && result->readings < PAGER_READINGS && !by_cursor(pager)) {
    pager->last_print = pager->print;
    if (pager->request.again) pager->request.again(pager->request.context);
    read_from_start(pager);
    return;
  }
  if (by_cursor(pager)) result->complete = wanted || !result->doubt.length;
  else result->complete = (!result->doubt.length || same) && (wanted || pager->rows == pager->total);
  finish(pager, HTTP_DONE);
}

/* Gives one page on. STATUS_FAILED: the reply is no list, or the caller wants no more. */
static Status give_page(Pager *pager, const JsonDoc *doc, Error *error) {
  if (pager->first) plan(pager, doc);
  pager->first = false;
  size_t count, counted;
  const JsonNode *rows = rows_of(pager, doc, &count);
  counted = count_rows(pager, rows, count);
  uint64_t print = json_print(json_at(doc->root, text_of(pager->def->items)));
  check_page(pager, doc, counted, print);
  pager->print = hash_bytes(&print, sizeof print, pager->print);
  bool more = by_cursor(pager) && !pager->request.next && follow(pager, doc, count);
  count = cut(pager, rows, count, &counted);
  Status status = pager->request.reply ? pager->request.reply(pager->request.context, doc->root, error) : STATUS_OK;
  if (status == STATUS_OK) status = pager->request.page(pager->request.context, rows, count, pager->rows, error);
  pager->given++;
  if (status) return status;
  pager->rows += (int64_t)counted;
  int64_t total = pager->request.most && (pager->total < 0 || pager->request.most < pager->total) ? pager->request.most : pager->total;
  if (total > 0) http_progress(pager->http, endpoint_def(pager->request.request.endpoint)->name, (uint64_t)pager->rows, (uint64_t)total);
  if (by_cursor(pager) && pager->request.next) more = go_on(pager);
  if (!more || (pager->request.most && pager->rows >= pager->request.most)) return status;
  /* By cursor: one slot after another, the old ones are done with. */
  pager->slots = arena_array(pager->arena, 1, sizeof *pager->slots);
  pager->pages = 1;
  pager->asked = pager->given = 0;
  return status;
}

/* The page whose turn it is, if it has come. False: nothing more can be done now. */
static bool take_next(Pager *pager) {
  if (pager->over || pager->given >= pager->asked || !pager->slots[pager->given].ended) return false;
  Slot *slot = &pager->slots[pager->given];
  HttpCall *call = slot->call;
  const HttpReply *reply = http_reply(call);
  PagesResult *result = &pager->result;
  if (reply->outcome != HTTP_DONE) {
    result->error = reply->error;
    result->until = reply->until;
    result->verdict = reply->verdict;
    finish(pager, reply->outcome);
    return false;
  }
  JsonDoc doc;
  pager->scratch = arena_new(0);
  Status status;
  if (pager->scratch) status = http_json(call, pager->scratch, &doc, &result->error);
  else status = fail(&result->error, STATUS_FAILED, "", "no memory is left for a page");
  /* By cursor there is no second reading that would show that a list was missing only once. */
  bool strange = status || (by_cursor(pager) && !json_at(doc.root, text_of(pager->def->items)));
  if (strange && slot->asked < ASKED_MOST) {
    http_release(pager->http, call);
    ask(pager, slot, pager->given);
    free_scratch(pager);
    return false;
  }
  if (!status) {
    slot->call = NULL;
    status = give_page(pager, &doc, &result->error);
    http_release(pager->http, call);
  }
  free_scratch(pager);
  if (status) {
    finish(pager, HTTP_FAILED);
    return false;
  }
  ask_ahead(pager);
  if (pager->given == pager->pages) end_reading(pager);
  return true;
}

static void on_done(void *context, HttpCall *call) {
  Slot *slot = context;
  Pager *pager = slot->pager;
  (void)call;
  slot->ended = true;
  while (take_next(pager)) continue;
}

Pager *pages_start(Http *http, Arena *arena, const PagesRequest *request) {
  Pager *pager = arena_alloc(arena, sizeof *pager);
  const HttpRequest *call = &request->request;
  *pager = (Pager){.http = http, .arena = arena, .request = *request, .def = pages_def(call->endpoint), .total = -1};
  arena_defer(arena, free_scratch, pager);
  Text *path = arena_array(arena, call->path_count, sizeof *path);
  for (size_t i = 0; i < call->path_count; i++) path[i] = text_copy(arena, call->path[i]);
  pager->params = arena_array(arena, call->param_count + 2, sizeof *pager->params);
  for (size_t i = 0; i < call->param_count; i++) pager->params[i] = (HttpParam){call->params[i].name, text_copy(arena, call->params[i].value)};
  pager->request.request.path = path;
  pager->stride = request->size && request->size < pager->def->most ? request->size : pager->def->most;
  if (request->most && request->most < pager->stride) pager->stride = (int)request->most;
  pager->cursors = text_pool_new(arena);
  pager->cursor = text_copy(arena, request->cursor);
  if (pager->cursor.length) text_intern(pager->cursors, pager->cursor);
  if (!pager->def->style) {
    fail(&pager->result.error, STATUS_FAILED, "", "`%s` does not give pages", endpoint_def(call->endpoint)->name);
    pager->over = true;
    pager->result.outcome = HTTP_FAILED;
    return pager;
  }
  read_from_start(pager);
  return pager;
}

const PagesResult *pages_result(const Pager *pager) {
  return pager->over ? &pager->result : NULL;
}

static bool is_over(const void *pager) {
  return ((const Pager *)pager)->over;
}

Status pages_wait(Pager *pager, Error *error) {
  return http_run_until(pager->http, is_over, pager, error);
}
