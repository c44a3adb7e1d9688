#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "compiler/workflow/workflow_int.h"

enum { DAYS_MOST = 366000, COUNT_MOST = 1000000000 };

typedef enum NspKind { NSP_TEXT, NSP_ARTIST, NSP_NUMBER, NSP_SECONDS, NSP_BOOL, NSP_DATE, NSP_TIME } NspKind;

/* A field of a smart playlist, in small letters as Navidrome compares them. */
typedef struct NspField {
  const char *name;
  NspKind kind;
  const char *column; /* for `is missing` and `sort` */
  const char *value;  /* with what Navidrome takes a missing value for */
} NspField;

static const NspField fields[] = {
    {"title", NSP_TEXT, "title", "title"},
    {"album", NSP_TEXT, "album", "album"},
    {"artist", NSP_ARTIST, "artist", "artist"},
    {"year", NSP_NUMBER, "released", "(year(released) ?? 0)"},
    {"releaseyear", NSP_NUMBER, "released", "(year(released) ?? 0)"},
    {"date", NSP_DATE, "released", "released"},
    {"recordingdate", NSP_DATE, "released", "released"},
    {"releasedate", NSP_DATE, "released", "released"},
    {"duration", NSP_SECONDS, "duration", "(duration ?? 0ms)"},
    {"loved", NSP_BOOL, "liked", "liked"},
    {"dateloved", NSP_TIME, "liked_at", "liked_at"},
    {"lastplayed", NSP_TIME, "last_played", "last_played"},
    {"playcount", NSP_NUMBER, "plays", "plays"},
    {"rating", NSP_NUMBER, "rating", "(rating ?? 0)"},
    {"mbz_recording_id", NSP_TEXT, "mbid", "mbid"},
    {"isrc", NSP_TEXT, "isrc", "isrc"},
};
enum { FIELD_NUMBER = sizeof fields / sizeof *fields };

typedef enum NspOperator {
  OP_IS, OP_IS_NOT, OP_GT, OP_LT, OP_AFTER, OP_BEFORE, OP_CONTAINS, OP_NOT_CONTAINS, OP_STARTS, OP_ENDS, OP_RANGE,
  OP_LAST, OP_NOT_LAST, OP_MISSING, OP_PRESENT, OP_PLAYLIST, OP_NOT_PLAYLIST, OP_ALL, OP_ANY, OP_COUNT
} NspOperator;
static const char *const operators[OP_COUNT] = {"is", "isNot", "gt", "lt", "after", "before", "contains", "notContains", "startsWith", "endsWith", "inTheRange",
                                               "inTheLast", "notInTheLast", "isMissing", "isPresent", "inPlaylist", "notInPlaylist", "all", "any"};

typedef struct Nsp {
  Workflow *workflow;
  Writer writer;
} Nsp;

static bool same_letters(Text text, const char *word) {
  size_t i = 0;
  for (; i < text.length && word[i]; i++) {
    char a = text.bytes[i], b = word[i];
    if (a >= 'A' && a <= 'Z') a = (char)(a + 32);
    if (b >= 'A' && b <= 'Z') b = (char)(b + 32);
    if (a != b) return false;
  }
  return i == text.length && !word[i];
}

static bool left_out(Nsp *nsp, Span span, const char *why) {
  diag_report(nsp->workflow->diags, DIAG_LEFT_OUT, span, "%s; this is left out", why);
  return false;
}

static const NspField *find_field(Nsp *nsp, Text name, Span span) {
  Text names[FIELD_NUMBER];
  for (size_t i = 0; i < FIELD_NUMBER; i++) {
    if (same_letters(name, fields[i].name)) return &fields[i];
    names[i] = text_of(fields[i].name);
  }
  Diag *diag = diag_report(nsp->workflow->diags, DIAG_LEFT_OUT, span, "your library holds no `" TEXT_FORMAT "`; this is left out", TEXT_ARG(name));
  size_t near = text_nearest(name, names, FIELD_NUMBER);
  if (near != SIZE_MAX) diag_hint(nsp->workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(names[near]));
  return NULL;
}

static bool wrong(Nsp *nsp, const JsonValue *value, const char *wanted) {
  diag_report(nsp->workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, value->span, "this is %s and should be %s", json_kind_name(value->kind), wanted);
  return false;
}

/* ---- values ---- */

static bool read_number(const JsonValue *value, double *number) {
  if (value->kind == JSON_IS_INTEGER || value->kind == JSON_IS_NUMBER) {
    *number = value->number;
    return true;
  }
  char *end = NULL;
  if (value->kind != JSON_IS_TEXT || !value->text.length) return false;
  *number = strtod(value->text.bytes, &end);
  return *end == '\0' && isfinite(*number);
}

/* The value as a literal of the field's kind, told if it is none. */
static bool write_value(Nsp *nsp, const NspField *field, const JsonValue *value) {
  Writer *writer = &nsp->writer;
  double number;
  Date date;
  switch (field->kind) {
    case NSP_NUMBER:
    case NSP_SECONDS:
      if (!read_number(value, &number) || fabs(number) > 1e12) return wrong(nsp, value, "a number");
      if (field->kind == NSP_SECONDS)
        write_from(writer, value->span, "%" PRId64 "ms", (int64_t)(number * 1000 + (number < 0 ? -0.5 : 0.5)));
      else
        append_decimal(&writer->text, number);
      return true;
    case NSP_DATE:
    case NSP_TIME:
      if (value->kind != JSON_IS_TEXT || date_parse(value->text, &date, NULL) != STATUS_OK) {
        if (value->kind != JSON_IS_TEXT) return wrong(nsp, value, "a date, such as \"2024-01-31\"");
        diag_report(nsp->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "\"" TEXT_FORMAT "\" is not a date, such as 2024-01-31", TEXT_ARG(value->text));
        return false;
      }
      write_from(writer, value->span, "@" TEXT_FORMAT "%s", TEXT_ARG(value->text), date.precision <= DATE_DAY || date.has_offset || value->text.bytes[value->text.length - 1] == 'Z' ? "" : "Z");
      return true;
    default:
      if (value->kind != JSON_IS_TEXT) return wrong(nsp, value, "a text");
      write_plain(writer, value->span, value->text);
      return true;
  }
}

static bool truth(const JsonValue *value, bool *out) {
  bool is_number = value->kind == JSON_IS_INTEGER && (value->integer == 0 || value->integer == 1);
  bool is_word = value->kind == JSON_IS_TEXT && (text_is(value->text, "true") || text_is(value->text, "false"));
  *out = value->kind == JSON_IS_BOOL ? value->boolean : is_number ? value->integer == 1 : is_word && text_is(value->text, "true");
  return value->kind == JSON_IS_BOOL || is_number || is_word;
}

/* ---- rules ---- */

static bool compare(Nsp *nsp, const NspField *field, const char *sign, const JsonValue *value, Span span) {
  write_from(&nsp->writer, span, "%s %s ", field->value, sign);
  return write_value(nsp, field, value);
}

static bool say_is(Nsp *nsp, const NspField *field, bool negated, const JsonValue *value, Span span) {
  TextBuilder *text = &nsp->writer.text;
  bool true_value;
  if (field->kind == NSP_BOOL) {
    if (!truth(value, &true_value)) return wrong(nsp, value, "true or false");
    write_from(&nsp->writer, span, true_value != negated ? "%s" : "not %s", field->column);
    return true;
  }
  if (field->kind == NSP_ARTIST) {
    if (negated) text_append_format(text, "not (");
    if (!write_value(nsp, field, value)) return false;
    write_from(&nsp->writer, span, negated ? " in artists)" : " in artists");
    return true;
  }
  bool may_miss = negated && field->kind != NSP_NUMBER && field->kind != NSP_SECONDS;
  if (may_miss) text_append_format(text, "(");
  if (!compare(nsp, field, negated ? "!=" : "==", value, span)) return false;
  if (may_miss) write_from(&nsp->writer, span, " or %s is missing)", field->column);
  return true;
}

static bool say_part(Nsp *nsp, const NspField *field, NspOperator operator, const JsonValue *value, Span span) {
  if (field->kind != NSP_TEXT && field->kind != NSP_ARTIST) return left_out(nsp, span, "only texts are asked for their parts");
  if (operator == OP_ENDS) return left_out(nsp, span, "the end of a text cannot be asked for");
  if (field->kind == NSP_ARTIST) {
    Diag *diag = diag_report(nsp->workflow->diags, DIAG_NSP_DIFFERS, span, "only the first artist is looked at");
    diag_hint(nsp->workflow->diags, diag, "`is` looks at all artists");
  }
  write_from(&nsp->writer, span, "%s%s(%s ?? \"\", ", operator == OP_NOT_CONTAINS ? "not " : "", operator == OP_STARTS ? "starts_with" : "contains", field->column);
  if (!write_value(nsp, field, value)) return false;
  text_append_char(&nsp->writer.text, ')');
  return true;
}

static bool say_last(Nsp *nsp, const NspField *field, bool negated, const JsonValue *value, Span span) {
  double days;
  if (field->kind != NSP_DATE && field->kind != NSP_TIME) return left_out(nsp, span, "this is no date");
  if (!read_number(value, &days) || days != floor(days)) return wrong(nsp, value, "a number of days");
  if (days < 0 || days > DAYS_MOST) {
    diag_report(nsp->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "a number of days is between 0 and %d", DAYS_MOST);
    return false;
  }
  if (negated)
    write_from(&nsp->writer, span, "(%s < %.0fd ago or %s is missing)", field->column, days, field->column);
  else
    write_from(&nsp->writer, span, "%s >= %.0fd ago", field->column, days);
  return true;
}

static bool say_range(Nsp *nsp, const NspField *field, const JsonValue *value, Span span) {
  if (field->kind == NSP_TEXT || field->kind == NSP_ARTIST || field->kind == NSP_BOOL) return left_out(nsp, span, "only numbers and dates have a range");
  if (value->kind != JSON_IS_ARRAY || value->count != 2) {
    diag_report(nsp->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "a range is a list of two values, the least and the most");
    return false;
  }
  text_append_char(&nsp->writer.text, '(');
  if (!compare(nsp, field, ">=", value->members[0].value, span)) return false;
  text_append_format(&nsp->writer.text, " and ");
  if (!compare(nsp, field, "<=", value->members[1].value, span)) return false;
  text_append_char(&nsp->writer.text, ')');
  return true;
}

static bool say_missing(Nsp *nsp, const NspField *field, bool missing, const JsonValue *value, Span span) {
  bool wanted;
  if (!truth(value, &wanted)) return wrong(nsp, value, "true or false");
  missing = missing == wanted;
  if (field->kind == NSP_BOOL) return left_out(nsp, span, "this is never missing");
  bool counted = strcmp(field->column, "plays") == 0;
  write_from(&nsp->writer, span, counted ? (missing ? "%s == 0" : "%s > 0") : missing ? "%s is missing" : "%s is not missing", field->column);
  return true;
}

static bool say_rule(Nsp *nsp, NspOperator operator, const JsonMember *rule) {
  if (rule->value->kind != JSON_IS_OBJECT || rule->value->count != 1) {
    diag_report(nsp->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, rule->value->span, "`%s` takes one field with its value: {\"field\": value}", operators[operator]);
    return false;
  }
  const JsonMember *asked = &rule->value->members[0];
  Span span = asked->key_span;
  const JsonValue *value = asked->value;
  if (operator == OP_PLAYLIST || operator == OP_NOT_PLAYLIST) return left_out(nsp, rule->key_span, "playlists of Navidrome are not known by their id here");
  const NspField *field = find_field(nsp, asked->key, span);
  if (!field) return false;
  bool ordered = field->kind != NSP_TEXT && field->kind != NSP_ARTIST && field->kind != NSP_BOOL;
  switch (operator) {
    case OP_IS:
    case OP_IS_NOT: return say_is(nsp, field, operator == OP_IS_NOT, value, span);
    case OP_GT:
    case OP_AFTER:
      /* A day means its first instant there; to be after that is to be at it or after it. */
      return ordered ? compare(nsp, field, field->kind == NSP_TIME ? ">=" : ">", value, span) : left_out(nsp, span, "only numbers and dates are greater or less");
    case OP_LT:
    case OP_BEFORE: return ordered ? compare(nsp, field, "<", value, span) : left_out(nsp, span, "only numbers and dates are greater or less");
    case OP_RANGE: return say_range(nsp, field, value, span);
    case OP_LAST:
    case OP_NOT_LAST: return say_last(nsp, field, operator == OP_NOT_LAST, value, span);
    case OP_MISSING:
    case OP_PRESENT: return say_missing(nsp, field, operator == OP_MISSING, value, span);
    default: return say_part(nsp, field, operator, value, span);
  }
}

static bool say_group(Nsp *nsp, bool all, bool outermost, const JsonValue *list);

static bool say_member(Nsp *nsp, const JsonMember *rule) {
  Text names[OP_COUNT];
  for (size_t i = 0; i < OP_COUNT; i++) {
    names[i] = text_of(operators[i]);
    if (!same_letters(rule->key, operators[i])) continue;
    return i == OP_ALL || i == OP_ANY ? say_group(nsp, i == OP_ALL, false, rule->value) : say_rule(nsp, (NspOperator)i, rule);
  }
  Diag *diag = diag_report(nsp->workflow->diags, DIAG_NSP_UNKNOWN_OPERATOR, rule->key_span, "no rule is called `" TEXT_FORMAT "`", TEXT_ARG(rule->key));
  size_t near = text_nearest(rule->key, names, OP_COUNT);
  if (near != SIZE_MAX) diag_hint(nsp->workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(names[near]));
  return false;
}

/* Writes the rules that can be kept; false, and nothing written, if none can. Outermost, each rule of `all` is a stage. */
static bool say_group(Nsp *nsp, bool all, bool outermost, const JsonValue *list) {
  if (list->kind != JSON_IS_ARRAY) return wrong(nsp, list, "a list of rules");
  TextBuilder *text = &nsp->writer.text;
  size_t before = text->length, origins = nsp->writer.origins.count, said = 0;
  bool stages = all && outermost;
  if (!outermost) text_append_char(text, '(');
  if (outermost && !all) text_append_format(text, "\n| keep ");
  for (size_t i = 0; i < list->count; i++) {
    const JsonValue *rules = list->members[i].value;
    if (rules->kind != JSON_IS_OBJECT) wrong(nsp, rules, "a rule: {\"is\": {\"field\": value}}");
    for (size_t k = 0; rules->kind == JSON_IS_OBJECT && k < rules->count; k++) {
      size_t start = text->length, start_origins = nsp->writer.origins.count;
      text_append_format(text, stages ? "\n| keep " : said == 0 ? "" : all ? " and " : " or ");
      if (say_member(nsp, &rules->members[k])) {
        said++;
        continue;
      }
      text->length = start;
      nsp->writer.origins.count = start_origins;
    }
  }
  if (!outermost) text_append_char(text, ')');
  if (said) return true;
  text->length = before;
  nsp->writer.origins.count = origins;
  return false;
}

/* ---- order and number ---- */

static const JsonValue *head(Nsp *nsp, const char *key, JsonKind kind) {
  const JsonMember *member = json_member(nsp->workflow->root, key);
  if (!member || member->value->kind == JSON_IS_NULL) return NULL;
  if (member->value->kind == kind) return member->value;
  diag_report(nsp->workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, member->value->span, "\"%s\" is %s, this is %s", key, json_kind_name(kind), json_kind_name(member->value->kind));
  return NULL;
}

static void say_sort(Nsp *nsp) {
  const JsonValue *sort = head(nsp, "sort", JSON_IS_TEXT), *order = head(nsp, "order", JSON_IS_TEXT);
  bool turned = order && same_letters(order->text, "desc");
  if (order && !turned && !same_letters(order->text, "asc")) diag_report(nsp->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, order->span, "\"order\" is \"asc\" or \"desc\"");
  Text keys = sort ? sort->text : TEXT_LITERAL("title");
  Span span = sort ? sort->span : nsp->workflow->root->members[0].key_span;
  size_t said = 0;
  for (size_t at = 0; at < keys.length;) {
    size_t end = at;
    while (end < keys.length && keys.bytes[end] != ',') end++;
    Text key = {keys.bytes + at, end - at};
    at = end + 1;
    while (key.length && key.bytes[0] == ' ') key = (Text){key.bytes + 1, key.length - 1};
    while (key.length && key.bytes[key.length - 1] == ' ') key.length--;
    bool down = turned;
    if (key.length && (key.bytes[0] == '-' || key.bytes[0] == '+')) {
      down = down != (key.bytes[0] == '-');
      key = (Text){key.bytes + 1, key.length - 1};
    }
    if (!key.length) continue;
    if (same_letters(key, "random")) {
      if (said == 0) write_from(&nsp->writer, span, "\n| shuffle");
      else left_out(nsp, span, "random order within another order cannot be said");
      return;
    }
    const NspField *field = find_field(nsp, key, span);
    if (!field) continue;
    write_from(&nsp->writer, span, "%s%s%s", said++ ? ", " : "\n| sort ", field->column, down ? " desc" : "");
  }
}

static void say_number(Nsp *nsp, const char *key, const char *stage, const char *unit, int64_t least, int64_t most) {
  const JsonValue *value = head(nsp, key, JSON_IS_INTEGER);
  if (!value || value->integer == 0) return;
  if (value->integer < least || value->integer > most)
    diag_report(nsp->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "\"%s\" is between %" PRId64 " and %" PRId64, key, least, most);
  else
    write_from(&nsp->writer, value->span, "\n| %s %" PRId64 "%s", stage, value->integer, unit);
}

bool nsp_is(const JsonValue *root) {
  bool rules = false;
  for (size_t i = 0; i < root->count; i++) {
    if (!root->members[i].key.bytes) return false;
    if (text_is(root->members[i].key, "tasks")) return false;
    rules = rules || text_is(root->members[i].key, "all") || text_is(root->members[i].key, "any");
  }
  return rules;
}

bool nsp_read(Workflow *workflow, uint32_t *program) {
  Nsp all = {.workflow = workflow, .writer = {.text = {.arena = workflow->arena}}}, *nsp = &all;
  const JsonValue *name = head(nsp, "name", JSON_IS_TEXT), *comment = head(nsp, "comment", JSON_IS_TEXT);
  const JsonValue *any_of = head(nsp, "any", JSON_IS_ARRAY), *all_of = head(nsp, "all", JSON_IS_ARRAY);
  bool takes_any = any_of && any_of->count;
  if (takes_any && all_of) diag_report(workflow->diags, DIAG_LEFT_OUT, all_of->span, "beside \"any\" Navidrome does not look at \"all\"; this is left out");
  static const char *const idle[] = {"public", "id", "refreshDelay"};
  for (size_t i = 0; i < sizeof idle / sizeof *idle; i++) json_member(workflow->root, idle[i]);
  Text title = name && name->text.length ? name->text : workflow_file_stem(workflow);
  write_comment(&nsp->writer, title);
  if (comment) write_comment(&nsp->writer, comment->text);
  Span span = workflow->root->members[0].key_span;
  write_from(&nsp->writer, span, "\nfrom library.tracks");
  const JsonValue *rules = takes_any ? any_of : all_of;
  bool kept = rules && say_group(nsp, !takes_any, true, rules);
  if (!kept && !workflow->diags->errors)
    diag_report(workflow->diags, DIAG_NSP_NO_RULES, rules ? rules->span : span, "no rule is left, and without one this would be your whole library");
  say_sort(nsp);
  say_number(nsp, "offset", "skip", "", 0, COUNT_MOST);
  say_number(nsp, "limitPercent", "take", "%", 1, 100);
  say_number(nsp, "limit", "take", "", 0, COUNT_MOST);
  write_from(&nsp->writer, name ? name->span : span, "\n| to library.playlist ");
  write_plain(&nsp->writer, name ? name->span : span, title);
  text_append_format(&nsp->writer.text, " mode: replace\n");
  for (size_t i = 0; i < workflow->root->count; i++) {
    const JsonMember *member = &workflow->root->members[i];
    if (!member->known) diag_report(workflow->diags, DIAG_WORKFLOW_UNKNOWN_KEY, member->key_span, "a smart playlist has no \"" TEXT_FORMAT "\"", TEXT_ARG(member->key));
  }
  return workflow_finish(workflow, &nsp->writer, program);
}
