#include "connectors/spotify/track_names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *const guests[] = {" feat. ", " feat ", " ft. ", " ft ", " featuring "};

/* ---- letters and digits ---- */

static bool is_mark(utf8proc_category_t category) {
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

static bool is_letter(utf8proc_category_t category) {
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

Text name_key(Arena *arena, Text name) {
  enum { LATIN_END = 0x250 };
  const utf8proc_option_t options = UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
  const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)name.bytes;
  utf8proc_ssize_t count = utf8proc_decompose(bytes, (utf8proc_ssize_t)name.length, NULL, 0, options);
  if (count <= 0) return text_fold(arena, name);
  int32_t *points = arena_array(arena, (size_t)count + 1, sizeof *points);
  count = utf8proc_decompose(bytes, (utf8proc_ssize_t)name.length, points, count, options);
  TextBuilder key = {.arena = arena};
  bool latin = false;
  for (utf8proc_ssize_t i = 0; i < count; i++) {
    utf8proc_category_t category = utf8proc_category(points[i]);
    if (points[i] == '&' || points[i] == '+') text_append(&key, TEXT_LITERAL("and"));
    else if (is_letter(category) || (is_mark(category) && !latin && key.length)) text_append_code_point(&key, (uint32_t)points[i]);
    if (!is_mark(category)) latin = points[i] < LATIN_END;
  }
  return key.length ? text_built(&key) : text_fold(arena, name);
}

/* ---- titles ---- */

static bool begins(Text text, const char *with) {
  size_t length = strlen(with);
  return text.length >= length && strncasecmp(text.bytes, with, length) == 0;
}

/* Where `words` begins in `text`, at or behind `from`; SIZE_MAX = nowhere. */
static size_t place_of(Text text, const char *words, size_t from) {
  size_t length = strlen(words);
  for (size_t at = from; at + length <= text.length; at++)
    if (strncasecmp(text.bytes + at, words, length) == 0) return at;
  return SIZE_MAX;
}

static bool holds_word(Text text, const char *word) {
  size_t length = strlen(word);
  for (size_t at = place_of(text, word, 0); at != SIZE_MAX; at = place_of(text, word, at + 1)) {
    char before = at ? text.bytes[at - 1] : ' ', behind = at + length < text.length ? text.bytes[at + length] : ' ';
    if (!((before | 0x20) >= 'a' && (before | 0x20) <= 'z') && !((behind | 0x20) >= 'a' && (behind | 0x20) <= 'z')) return true;
  }
  return false;
}

/* What stands in brackets or behind a dash and does not tell one recording from another. */
static bool is_neutral(Text text, bool bracket) {
  static const char *const whole[] = {"album version", "single version", "original version", "bonus track", "explicit"};
  static const char *const others[] = {"live", "mix", "remix", "demo", "edit", "acoustic", "instrumental", "mono", "take", "alternate", "karaoke"};
  if (begins(text, "feat. ") || begins(text, "feat ") || begins(text, "ft. ") || begins(text, "ft ") || begins(text, "featuring ")) return true;
  if (bracket && begins(text, "with ")) return true;
  for (size_t i = 0; i < COUNT(whole); i++)
    if (text.length == strlen(whole[i]) && begins(text, whole[i])) return true;
  if (!holds_word(text, "remaster") && !holds_word(text, "remastered")) return false;
  for (size_t i = 0; i < COUNT(others); i++)
    if (holds_word(text, others[i])) return false;
  return true;
}

static Text trimmed(Text text) {
  while (text.length && text.bytes[text.length - 1] == ' ') text.length--;
  while (text.length && text.bytes[0] == ' ') text.bytes++, text.length--;
  return text;
}

/* Where the last bracket opens, of a title that ends with its closing one. */
static size_t bracket_of(Text title) {
  char close = title.length ? title.bytes[title.length - 1] : ' ', open = close == ')' ? '(' : close == ']' ? '[' : '\0';
  int depth = 0;
  for (size_t at = title.length; open && at-- > 0;) {
    if (title.bytes[at] == close) depth++;
    if (title.bytes[at] == open && --depth == 0) return at;
  }
  return SIZE_MAX;
}

static size_t last_dash(Text title) {
  for (size_t at = title.length; at-- > 0;)
    if (place_of((Text){title.bytes + at, title.length - at}, " - ", 0) == 0) return at;
  return SIZE_MAX;
}

Text without_guests(Text names) {
  for (size_t i = 0; i < COUNT(guests); i++) {
    size_t at = place_of(names, guests[i], 0);
    if (at && at != SIZE_MAX) names.length = at;
  }
  return trimmed(names);
}

Text title_core(Text title) {
  for (title = trimmed(title);;) {
    size_t at = bracket_of(title);
    bool bracket = at != SIZE_MAX;
    if (!bracket) at = last_dash(title);
    if (at == SIZE_MAX || at == 0) break;
    size_t skipped = bracket ? 1 : 3;
    Text inner = {title.bytes + at + skipped, title.length - at - skipped - bracket};
    if (!is_neutral(trimmed(inner), bracket)) break;
    title = trimmed((Text){title.bytes, at});
  }
  return without_guests(title);
}

TitlesAre titles_are(Arena *arena, Text a, Text b) {
  if (text_equal(name_key(arena, a), name_key(arena, b))) return TITLES_EQUAL;
  return text_equal(name_key(arena, title_core(a)), name_key(arena, title_core(b))) ? TITLES_ALIKE : TITLES_DIFFER;
}

/* ---- artists ---- */

Text first_artist(Text artist) {
  static const char *const between[] = {" & ", ", ", "; ", " / ", " x ", " vs. ", " vs ", " with ", " and ", " + "};
  Text first = without_guests(artist);
  for (size_t i = 0; i < COUNT(between); i++) {
    size_t at = place_of(first, between[i], 0);
    if (at && at != SIZE_MAX) first.length = at;
  }
  return trimmed(first);
}

static Text artist_key(Arena *arena, Text artist) {
  Text rest = artist;
  if (begins(artist, "the ")) rest = trimmed((Text){artist.bytes + 4, artist.length - 4});
  return name_key(arena, rest.length ? rest : artist);
}

bool artist_is_among(Arena *arena, Text artist, const Text *artists, size_t count) {
  const Text spellings[] = {artist, without_guests(artist), first_artist(artist)};
  for (size_t k = 0; k < COUNT(spellings); k++) {
    Text key = artist_key(arena, spellings[k]);
    TextBuilder all = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
      if (text_equal(artist_key(arena, artists[i]), key)) return true;
      text_append_format(&all, "%s" TEXT_FORMAT, i ? " & " : "", TEXT_ARG(artists[i]));
    }
    if (count > 1 && text_equal(artist_key(arena, text_built(&all)), key)) return true;
  }
  return false;
}
