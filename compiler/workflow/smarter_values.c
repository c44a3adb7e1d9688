/* Settings as conditions and literals of the language. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "compiler/workflow/smarter_int.h"

/* ---- times ---- */

static const struct {
  const char *word;
  int64_t seconds;
} units[] = {
#define UNIT(word, seconds) {word, seconds},
#include "smarter.def"
};

static const struct {
  const char *word;
  int64_t number;
} numbers[] = {
#define NUMBER(word, number) {word, number},
#include "smarter.def"
};

Text smarter_duration(Arena *arena, int64_t seconds) {
  static const struct {
    int64_t seconds;
    const char *name;
  } sizes[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
  size_t i = 0;
  while (seconds % sizes[i].seconds != 0 || (seconds == 0 && sizes[i].seconds > 1)) i++;
  return text_of(arena_format(arena, "%" PRId64 "%s", seconds / sizes[i].seconds, sizes[i].name));
}

/* The next word of letters or digits, in small letters; empty at the end. */
static Text next_word(Arena *arena, const char **at) {
  TextBuilder word = {.arena = arena};
  for (; **at; (*at)++) {
    char c = **at;
    bool upper = c >= 'A' && c <= 'Z', letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (letter) text_append_char(&word, upper ? (char)(c - 'A' + 'a') : c);
    else if (word.length) break;
  }
  return word.length ? text_built(&word) : (Text){"", 0};
}

static bool read_count(Text word, int64_t *out) {
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (text_is(word, numbers[i].word)) return *out = numbers[i].number, true;
  *out = 0;
  for (size_t i = 0; i < word.length; i++) {
    if (word.bytes[i] < '0' || word.bytes[i] > '9' || i > 8) return false;
    *out = 10 * *out + (word.bytes[i] - '0');
  }
  return word.length > 0;
}

static bool read_unit(Text word, int64_t *out) {
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (text_is(word, units[i].word)) return *out = units[i].seconds, true;
  return false;
}

/* "3 years, 2 months and 2 days ago", "last week" */
static bool read_time(Arena *arena, const char *text, int64_t *seconds) {
  size_t pairs = 0;
  *seconds = 0;
  for (Text word = next_word(arena, &text); word.length; word = next_word(arena, &text)) {
    int64_t count, unit;
    if (text_is(word, "and") || text_is(word, "ago") || text_is(word, "since")) continue;
    if (!read_count(word, &count) || !read_unit(next_word(arena, &text), &unit)) return false;
    *seconds += count * unit;
    if (*seconds > INT64_C(31536000) * 1000) return false;
    pairs++;
  }
  return pairs > 0;
}

bool smarter_ago(Smarter *smarter, Component *component, const char *key, Text *out) {
  Workflow *workflow = smarter->workflow;
  Text text = config_text(workflow, &component->task, key, false);
  int64_t seconds;
  if (!text.length) return false;
  if (!read_time(workflow->arena, text.bytes, &seconds)) {
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, smarter_place(component, key), "\"" TEXT_FORMAT "\" is no time", TEXT_ARG(text));
    diag_hint(workflow->diags, diag, "such as \"2 weeks\" or \"3 months and 2 days ago\"");
    return false;
  }
  *out = text_of(arena_format(workflow->arena, TEXT_FORMAT " ago", TEXT_ARG(smarter_duration(workflow->arena, seconds))));
  return true;
}

/* Seconds since 1970; a negative number is none. */
bool smarter_epoch(Smarter *smarter, Component *component, const char *key, Text *out) {
  int64_t seconds;
  const JsonValue *value = config_value(&component->task, key);
  if (value && value->kind == JSON_IS_TEXT && !value->text.length) return false;
  if (!config_int(smarter->workflow, &component->task, key, -1, INT64_C(253402300799), &seconds) || seconds < 0) return false;
  *out = text_of(arena_format(smarter->workflow->arena, "@" TEXT_FORMAT, TEXT_ARG(instant_format(smarter->workflow->arena, seconds * 1000))));
  return true;
}

bool smarter_date(Smarter *smarter, Component *component, const char *key, Text *out) {
  Workflow *workflow = smarter->workflow;
  Text text = config_text(workflow, &component->task, key, false);
  Date date;
  if (!text.length) return false;
  if (date_parse(text, &date, NULL) == STATUS_OK && date.precision <= DATE_DAY) {
    *out = text_of(arena_format(workflow->arena, "@" TEXT_FORMAT, TEXT_ARG(text)));
    return true;
  }
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, smarter_place(component, key), "\"" TEXT_FORMAT "\" is not a date", TEXT_ARG(text));
  diag_hint(workflow->diags, diag, "such as 2015, 2015-03 or 2015-03-31");
  return false;
}

/* ---- titles: regular expressions, as far as they are plain ---- */

/* One alternative: what it begins with, and the letters it stands for. */
static bool plain_part(Arena *arena, Text part, bool *starts, Text *letters) {
  TextBuilder plain = {.arena = arena};
  *starts = part.length && part.bytes[0] == '^';
  for (size_t i = *starts ? 1 : 0; i < part.length; i++) {
    char c = part.bytes[i];
    if (c == '\\' && i + 1 < part.length && strchr("\\^$.|?*+()[]{}-/ '\"!,:;&#@%=<>~`_", part.bytes[i + 1]))
      c = part.bytes[++i];
    else if (strchr("\\^$.|?*+()[]{}", c))
      return false;
    text_append_char(&plain, c);
  }
  *letters = plain.length ? text_built(&plain) : (Text){"", 0};
  return plain.length > 0;
}

bool smarter_title_condition(Smarter *smarter, Component *component) {
  Workflow *workflow = smarter->workflow;
  Text pattern = config_text(workflow, &component->task, "text", false);
  Span span = smarter_place(component, "text");
  bool invert = config_bool(workflow, &component->task, "invert", false);
  Writer *writer = &smarter->writer;
  size_t before = writer->text.length, origins = writer->origins.count, parts = 0;
  if (!pattern.length) return false; /* every title matches nothing */
  write_from(writer, component->task.type_value->span, "\n| %s ", invert ? "drop" : "keep");
  for (size_t at = 0; at <= pattern.length;) {
    size_t end = at;
    while (end < pattern.length && (pattern.bytes[end] != '|' || (end > 0 && pattern.bytes[end - 1] == '\\'))) end++;
    bool starts;
    Text letters;
    if (!plain_part(workflow->arena, (Text){pattern.bytes + at, end - at}, &starts, &letters)) {
      writer->text.length = before;
      writer->origins.count = origins;
      smarter_tell(smarter, DIAG_LEFT_OUT, span, "titles cannot be asked for by this regular expression; the filter is left out");
      return false;
    }
    write_from(writer, span, "%s%s(title, ", parts++ ? " or " : "", starts ? "starts_with" : "contains");
    write_plain(writer, span, letters);
    text_append_char(&writer->text, ')');
    at = end + 1;
  }
  if (!config_bool(workflow, &component->task, "ignore_case", true))
    smarter_tell(smarter, DIAG_WORKFLOW_DIFFERS, smarter_place(component, "ignore_case"), "capital and small letters are the same here");
  return true;
}

/* ---- ranges ---- */

static const SmarterAttribute *attribute_of(Smarter *smarter, Component *component, const char *otherwise) {
  Workflow *workflow = smarter->workflow;
  Text name = config_given(&component->task, "attr") ? config_text(workflow, &component->task, "attr", true) : text_of(otherwise);
  const SmarterAttribute *attribute = name.length ? smarter_attribute(name) : NULL;
  Span span = smarter_place(component, "attr");
  if (!attribute && name.length) {
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, span, "tracks have no \"" TEXT_FORMAT "\"", TEXT_ARG(name));
    Text near = smarter_attribute_nearest(name);
    if (near.length) diag_hint(workflow->diags, diag, "did you mean \"" TEXT_FORMAT "\"?", TEXT_ARG(near));
  } else if (attribute && !attribute->column[0]) {
    bool audio = strcmp(attribute->name, "audio") == 0;
    smarter_tell(smarter, DIAG_LEFT_OUT, span, audio ? "Spotify gives programs no audio features any more; this is left out" : "your library does not hold this; it is left out");
    return NULL;
  } else if (attribute && strcmp(attribute->column, "spotify.popularity") == 0) {
    smarter_tell(smarter, DIAG_WORKFLOW_NOT_GIVEN, span, "Spotify gives its popularity to few applications since 2026");
  }
  return attribute;
}

const SmarterAttribute *smarter_sort_attribute(Smarter *smarter, Component *component) {
  return attribute_of(smarter, component, "title");
}

/* The value of a bound as a literal of the attribute; false if it is none, or not given. */
static bool bound(Smarter *smarter, Component *component, const SmarterAttribute *attribute, const char *key, Text *out) {
  Workflow *workflow = smarter->workflow;
  double number;
  if (!config_given(&component->task, key)) return false;
  TextBuilder text = {.arena = workflow->arena};
  switch (attribute->kind) {
    case ATTRIBUTE_DATE: return smarter_date(smarter, component, key, out);
    case ATTRIBUTE_TRUTH: *out = text_of(config_bool(workflow, &component->task, key, false) ? "true" : "false"); return true;
    case ATTRIBUTE_TEXT: {
      Writer writer = {.text = {.arena = workflow->arena}};
      Text value = config_text(workflow, &component->task, key, false);
      if (!value.length) return false;
      write_plain(&writer, smarter_place(component, key), value);
      *out = text_built(&writer.text);
      return true;
    }
    default: break;
  }
  if (!config_number(workflow, &component->task, key, &number)) return false;
  if (fabs(number) > 1e9) {
    diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, smarter_place(component, key), "\"%s\" cannot be so large", key);
    return false;
  }
  int64_t ms = (int64_t)llround(number * 1000);
  if (attribute->kind == ATTRIBUTE_SECONDS && ms % 1000 == 0)
    text_append(&text, smarter_duration(workflow->arena, ms / 1000));
  else if (attribute->kind == ATTRIBUTE_SECONDS)
    text_append_format(&text, "%" PRId64 "ms", ms);
  else
    append_decimal(&text, number);
  *out = text_built(&text);
  return true;
}

bool smarter_range(Smarter *smarter, Component *component) {
  static const struct {
    const char *key, *sign;
  } asked[] = {{"match", "=="}, {"min_val", ">="}, {"max_val", "<="}};
  bool released = component->type == SMARTER_RELEASE_FILTER;
  const SmarterAttribute *attribute = released ? smarter_attribute(TEXT_LITERAL("spotify.album_release_date")) : attribute_of(smarter, component, "");
  if (!attribute) return false;
  Writer *writer = &smarter->writer;
  write_from(writer, component->task.type_value->span, "\n| keep ");
  size_t said = 0;
  for (size_t i = released ? 1 : 0; i < 3; i++) {
    Text value;
    if (!bound(smarter, component, attribute, asked[i].key, &value)) continue;
    write_from(writer, smarter_place(component, asked[i].key), "%s%s %s " TEXT_FORMAT, said++ ? " and " : "", attribute->column, asked[i].sign, TEXT_ARG(value));
  }
  if (!said) write_from(writer, component->task.type_value->span, "%s is not missing", attribute->column);
  return true;
}
