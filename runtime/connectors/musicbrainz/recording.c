#include "connectors/musicbrainz/recording.h"

static bool earlier(const Date *a, const Date *b) {
  if (a->year != b->year) return a->year < b->year;
  if (a->month != b->month) return a->month < b->month;
  return a->day < b->day;
}

static bool read_date(const JsonNode *node, const char *key, Date *out) {
  return date_parse(json_get_text(node, key), out, NULL) == STATUS_OK && out->precision <= DATE_DAY;
}

static void read_released(const JsonNode *node, Recording *out) {
  out->has_released = read_date(node, "first-release-date", &out->released);
  const JsonNode *releases = json_get(node, "releases");
  if (out->has_released || !releases || releases->kind != JSON_ARRAY) return;
  for (uint32_t i = 0; i < releases->count; i++) {
    Date date;
    if (!read_date(&releases->items[i], "date", &date)) continue;
    if (!out->has_released || earlier(&date, &out->released)) out->released = date;
    out->has_released = true;
  }
}

bool recording_read(const JsonNode *node, Recording *out) {
  *out = (Recording){.node = node, .title = json_get_text(node, "title")};
  if (!mbid_read(json_get_text(node, "id"), out->mbid)) return false;
  if (!json_whole(json_get(node, "length"), &out->length_ms) || out->length_ms < 0) out->length_ms = 0;
  read_released(node, out);
  return true;
}

bool recording_has_isrc(const Recording *recording, const char *isrc) {
  const JsonNode *list = json_get(recording->node, "isrcs");
  char read[ISRC_LENGTH + 1];
  for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
    const JsonNode *item = &list->items[i];
    Text text = item->kind == JSON_STRING ? item->text : json_get_text(item, "id");
    if (isrc_read(text, read) && text_is(text_of(read), isrc)) return true;
  }
  return false;
}

static bool is_named(Arena *arena, Text name, Text folded) {
  return name.length && text_equal(text_fold(arena, name), folded);
}

bool recording_is_by(const Recording *recording, Arena *arena, Text folded) {
  const JsonNode *credit = json_get(recording->node, "artist-credit");
  TextBuilder whole = {.arena = arena};
  for (uint32_t i = 0; credit && credit->kind == JSON_ARRAY && i < credit->count; i++) {
    const JsonNode *part = &credit->items[i], *artist = json_get(part, "artist"), *aliases = json_get(artist, "aliases");
    Text name = json_get_text(part, "name");
    if (is_named(arena, name, folded) || is_named(arena, json_get_text(artist, "name"), folded)) return true;
    for (uint32_t k = 0; aliases && aliases->kind == JSON_ARRAY && k < aliases->count; k++)
      if (is_named(arena, json_get_text(&aliases->items[k], "name"), folded)) return true;
    text_append(&whole, name);
    text_append(&whole, json_get_text(part, "joinphrase"));
  }
  return is_named(arena, text_built(&whole), folded);
}
