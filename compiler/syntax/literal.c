/* Literals: from the token's text to its value, and what is wrong with it. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/syntax/parse_int.h"

static Diag *report(Parse *parse, Span span, DiagCode code, Text shown, const char *what) {
  Text text = parse_shown(parse, shown);
  return diag_report(parse->diags, code, span, "`" TEXT_FORMAT "` %s", TEXT_ARG(text), what);
}

/* Numbers. */

/* Without `_` and a closing `%`, NUL-terminated. */
static Text digits_of(Parse *parse, Text text) {
  TextBuilder builder = {.arena = parse->arena};
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] != '_' && text.bytes[i] != '%') text_append_char(&builder, text.bytes[i]);
  }
  return text_built(&builder);
}

static Expr *too_large(Parse *parse, Expr *expr, Text text) {
  Diag *diag = report(parse, expr->span, DIAG_NUMBER_TOO_LARGE, text, "is too large a number");
  diag_hint(parse->diags, diag, expr->kind == EXPR_INT ? "at most 9223372036854775807" : "at most about 1.8e308");
  expr->kind = EXPR_BAD;
  return expr;
}

static Expr *build_int(Parse *parse, Expr *expr, Text text) {
  Text digits = digits_of(parse, text);
  for (size_t i = 0; i < digits.length; i++) {
    int digit = digits.bytes[i] - '0';
    if (expr->integer > (INT64_MAX - digit) / 10) return too_large(parse, expr, text);
    expr->integer = expr->integer * 10 + digit;
  }
  return expr;
}

/* The decimal point of strtod is the locale's, and the programs never set one. */
static Expr *build_float(Parse *parse, Expr *expr, Text text) {
  double number = strtod(digits_of(parse, text).bytes, NULL);
  if (!isfinite(number)) return too_large(parse, expr, text);
  expr->number = expr->kind == EXPR_PERCENT ? number / 100 : number;
  return expr;
}

/* Durations. */

/* What people write for a unit, and the unit. Some are the unit itself, so that the first unknown one is found. */
static const struct {
  const char *written, *unit;
} units[] = {
    {"ms", "ms"},
    {"s", "s"},
    {"min", "min"},
    {"h", "h"},
    {"d", "d"},
    {"w", "w"},
    {"mo", "mo"},
    {"y", "y"},
    {"day", "d"},
    {"days", "d"},
    {"D", "d"},
    {"week", "w"},
    {"weeks", "w"},
    {"wk", "w"},
    {"W", "w"},
    {"month", "mo"},
    {"months", "mo"},
    {"mon", "mo"},
    {"year", "y"},
    {"years", "y"},
    {"yr", "y"},
    {"yrs", "y"},
    {"Y", "y"},
    {"hour", "h"},
    {"hours", "h"},
    {"hr", "h"},
    {"hrs", "h"},
    {"H", "h"},
    {"minute", "min"},
    {"minutes", "min"},
    {"mins", "min"},
    {"second", "s"},
    {"seconds", "s"},
    {"sec", "s"},
    {"secs", "s"},
    {"S", "s"},
    {"millisecond", "ms"},
    {"milliseconds", "ms"},
    {"msec", "ms"},
};

const char *duration_unit_meant(Text written) {
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    if (text_is(written, units[i].written)) return units[i].unit;
  }
  return NULL;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The text with every unit replaced by the one meant, or empty if one is not known; `*wrong` is the first wrong unit.
 */
static Text with_units(Parse *parse, Text text, Text *wrong) {
  TextBuilder builder = {.arena = parse->arena};
  bool known = true;
  *wrong = TEXT_LITERAL("");
  for (size_t i = 0; i < text.length;) {
    size_t end = i;
    while (end < text.length && is_letter(text.bytes[end]) == is_letter(text.bytes[i])) end++;
    Text part = {text.bytes + i, end - i};
    if (is_letter(text.bytes[i])) {
      const char *unit = duration_unit_meant(part);
      if (wrong->length == 0 && (!unit || !text_is(part, unit))) *wrong = part;
      known = known && unit;
      part = unit ? text_of(unit) : part;
    }
    text_append(&builder, part);
    i = end;
  }
  return known ? text_built(&builder) : TEXT_LITERAL("");
}

static Expr *build_duration(Parse *parse, Expr *expr, Text text) {
  Error error;
  if (duration_parse(text, &expr->duration, &error) == STATUS_OK) return expr;
  expr->kind = EXPR_BAD;
  Text wrong, meant = with_units(parse, text, &wrong);
  DiagList *diags = parse->diags;
  if (text_is(wrong, "m") || text_is(wrong, "M")) {
    Diag *diag = report(parse, expr->span, DIAG_AMBIGUOUS_MINUTE, text, "is ambiguous");
    Text number = {text.bytes, (size_t)(wrong.bytes - text.bytes)};
    Text shown = parse_shown(parse, number);
    diag_hint(diags, diag, "`" TEXT_FORMAT "min` for minutes, `" TEXT_FORMAT "mo` for months", TEXT_ARG(shown),
              TEXT_ARG(shown));
  } else if (wrong.length > 0) {
    Text shown = parse_shown(parse, wrong);
    Diag *diag =
        diag_report(diags, DIAG_UNKNOWN_UNIT, expr->span, "`" TEXT_FORMAT "` is not a unit of time", TEXT_ARG(shown));
    Duration duration;
    if (meant.length > 0 && duration_parse(meant, &duration, NULL) == STATUS_OK) {
      shown = parse_shown(parse, meant);
      diag_hint(diags, diag, "write `" TEXT_FORMAT "`", TEXT_ARG(shown));
      diag_fix(diags, diag, meant);
    } else {
      diag_hint(diags, diag, "the units are ms, s, min, h, d, w, mo and y");
    }
  } else {
    Diag *diag = diag_report(diags, DIAG_BAD_DURATION, expr->span, "%s", error.message);
    diag_hint(diags, diag, "a duration is written like 90d, 1y6mo or 1h30min");
  }
  return expr;
}

/* Dates. */

static Expr *build_date(Parse *parse, Expr *expr, Text text) {
  Error error;
  Text date = {text.bytes + 1, text.length - 1};
  if (date_parse(date, &expr->date, &error) == STATUS_OK) return expr;
  expr->kind = EXPR_BAD;
  Diag *diag = diag_report(parse->diags, DIAG_BAD_DATE, expr->span, "%s", error.message);
  diag_hint(parse->diags, diag, "a date is @2024, @2024-03, @2024-03-05 or @2024-03-05T20:00");
  return expr;
}

/* Texts. */

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static Diag *bad_escape(Parse *parse, Text escape, const char *hint) {
  uint32_t start = (uint32_t)(escape.bytes - parse->source->text.bytes);
  Span span = {parse->source_index, start, start + (uint32_t)escape.length};
  Diag *diag = report(parse, span, DIAG_BAD_ESCAPE, escape, "is not an escape");
  diag_hint(parse->diags, diag, "%s", hint);
  return diag;
}

/* A backslash before an escape that is none is surely meant as one. */
static void add_backslash(Parse *parse, Diag *diag) {
  diag_fix_at(parse->diags, diag, span_start(diag->span), TEXT_LITERAL("\\"));
}

/* `\u{1F3B5}` at the start of `text`; returns its length. */
static size_t unicode_escape(Parse *parse, Text text, TextBuilder *out) {
  uint32_t code = 0;
  size_t at = 3, digits = 0;
  bool good = text.length > 3 && text.bytes[2] == '{';
  for (; good && at < text.length && text.bytes[at] != '}'; at++, digits++) {
    int digit = hex_digit(text.bytes[at]);
    good = digit >= 0 && digits < 6;
    if (good) code = code * 16 + (uint32_t)digit;
  }
  good = good && digits > 0 && at < text.length;
  if (!good) {
    bad_escape(parse, (Text){text.bytes, 2},
               "a character by its number is `\\u{1F3B5}`, one to six hexadecimal digits");
    return 2;
  }
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    bad_escape(parse, (Text){text.bytes, at + 1}, "there is no such character");
  } else {
    text_append_code_point(out, code);
  }
  return at + 1;
}

/* `text` lies in the source. */
static Text unescape(Parse *parse, Text text) {
  if (!memchr(text.bytes, '\\', text.length)) return text;
  TextBuilder builder = {.arena = parse->arena};
  size_t at = 0;
  while (at < text.length) {
    const char *next = memchr(text.bytes + at, '\\', text.length - at);
    size_t plain = next ? (size_t)(next - text.bytes) - at : text.length - at;
    text_append(&builder, (Text){text.bytes + at, plain});
    at += plain;
    if (at + 1 >= text.length) break;
    char c = text.bytes[at + 1];
    size_t length = 2;
    switch (c) {
      case '"':
      case '\\':
      case '{':
      case '}':
        text_append_char(&builder, c);
        break;
      case 'n':
        text_append_char(&builder, '\n');
        break;
      case 't':
        text_append_char(&builder, '\t');
        break;
      case 'u':
        length = unicode_escape(parse, (Text){text.bytes + at, text.length - at}, &builder);
        break;
      default:
        while (at + length < text.length && ((unsigned char)text.bytes[at + length] & 0xC0) == 0x80) length++;
        add_backslash(parse, bad_escape(parse, (Text){text.bytes + at, length}, "escapes are \\\" \\\\ \\n \\t \\{ \\} and \\u{1F3B5}"));
        break;
    }
    at += length;
  }
  return text_built(&builder);
}

Text literal_text(Parse *parse, const Token *token) {
  Text text = parse_text(parse, token);
  bool raw = text.bytes[0] == '\'';
  text = (Text){text.bytes + 1, text.length - 2};
  return raw ? text : unescape(parse, text);
}

Expr *literal_piece(Parse *parse, const Token *token) {
  Expr *expr = expr_new(parse, EXPR_TEXT_PIECE, parse_span(parse, token));
  expr->text = unescape(parse, parse_text(parse, token));
  return expr;
}

static Expr *build_text(Parse *parse, Expr *expr, const Token *token) {
  Text text = parse_text(parse, token);
  expr->raw_text = text.bytes[0] == '\'';
  if (text.length == 2) return expr;
  Expr *piece = expr_new(parse, EXPR_TEXT_PIECE, expr->span);
  piece->span.start++;
  piece->span.end--;
  piece->text = literal_text(parse, token);
  expr->items = arena_array(parse->arena, 1, sizeof *expr->items);
  expr->items[0] = piece;
  expr->item_count = 1;
  return expr;
}

Expr *literal_build(Parse *parse, const Token *token) {
  Expr *expr = expr_new(parse, EXPR_BAD, parse_span(parse, token));
  Text text = parse_text(parse, token);
  switch ((TokenKind)token->kind) {
    case TOKEN_INT:
      expr->kind = EXPR_INT;
      return build_int(parse, expr, text);
    case TOKEN_FLOAT:
      expr->kind = EXPR_FLOAT;
      return build_float(parse, expr, text);
    case TOKEN_PERCENT:
      expr->kind = EXPR_PERCENT;
      return build_float(parse, expr, text);
    case TOKEN_DURATION:
      expr->kind = EXPR_DURATION;
      return build_duration(parse, expr, text);
    case TOKEN_DATE:
      expr->kind = EXPR_DATE;
      return build_date(parse, expr, text);
    case TOKEN_TEXT:
      expr->kind = EXPR_TEXT;
      return build_text(parse, expr, token);
    case TOKEN_TRUE:
    case TOKEN_FALSE:
      expr->kind = EXPR_BOOL;
      expr->boolean = token->kind == TOKEN_TRUE;
      return expr;
    case TOKEN_MISSING:
      expr->kind = EXPR_MISSING;
      return expr;
    case TOKEN_NAME:
      expr->kind = EXPR_MISSING;
      return expr; /* another language's word for missing */
    default:
      return expr;
  }
}
