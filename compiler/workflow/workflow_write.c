#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/syntax/quote.h"
#include "compiler/workflow/workflow_int.h"

void write_from(Writer *writer, Span span, const char *format, ...) {
  uint32_t start = (uint32_t)writer->text.length;
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *bytes = arena_alloc(writer->text.arena, (size_t)(length < 0 ? 0 : length) + 1);
  if (length >= 0) vsnprintf(bytes, (size_t)length + 1, format, arguments);
  text_append(&writer->text, text_of(bytes));
  va_end(arguments);
  vec_push(writer->text.arena, &writer->origins, (SourceOrigin){start, (uint32_t)writer->text.length, span});
}

void write_plain(Writer *writer, Span span, Text text) {
  uint32_t start = (uint32_t)writer->text.length;
  text_append_char(&writer->text, '"');
  quote_append(&writer->text, text);
  text_append_char(&writer->text, '"');
  vec_push(writer->text.arena, &writer->origins, (SourceOrigin){start, (uint32_t)writer->text.length, span});
}

/* `{parameters.name}` or `{parameters.name|standard}` at the beginning of `text`; its length, or 0. */
static size_t parameter_use(Text text, Text *name, Text *standard, bool *has_standard) {
  static const char before[] = "{parameters.";
  size_t start = sizeof before - 1;
  if (text.length <= start || memcmp(text.bytes, before, start) != 0) return 0;
  const char *close = memchr(text.bytes, '}', text.length);
  if (!close) return 0;
  Text inside = {text.bytes + start, (size_t)(close - text.bytes) - start};
  const char *bar = memchr(inside.bytes, '|', inside.length);
  *name = (Text){inside.bytes, bar ? (size_t)(bar - inside.bytes) : inside.length};
  *has_standard = bar != NULL;
  *standard = bar ? (Text){bar + 1, (size_t)(inside.bytes + inside.length - bar - 1)} : (Text){"", 0};
  return name->length ? (size_t)(close - text.bytes) + 1 : 0;
}

/* What stands for the time of the run, and, last, for the number of tracks that a destination gets. */
static const struct {
  const char *word, *program;
} moments[] = {{"{date}", "{date(now)}"}, {"{time}", "{clock(now)}"}, {"{datetime}", "{date(now)} {clock(now)}"}, {"{track_count}", "{count()}"}};
enum { MOMENTS = sizeof moments / sizeof *moments };

static size_t moment_at(Text text, bool destination, size_t *which) {
  for (size_t i = 0; i < MOMENTS - (destination ? 0 : 1); i++) {
    size_t length = strlen(moments[i].word);
    *which = i;
    if (text.length >= length && memcmp(text.bytes, moments[i].word, length) == 0) return length;
  }
  return 0;
}

size_t template_hole(Text text, bool destination) {
  Text name, standard;
  bool has_standard;
  size_t which, length = moment_at(text, destination, &which);
  return length ? length : parameter_use(text, &name, &standard, &has_standard);
}

static WorkflowParam *param_named(Workflow *workflow, Text name) {
  for (size_t i = 0; i < workflow->params.count; i++)
    if (text_equal(workflow->params.items[i].name, name)) return &workflow->params.items[i];
  return NULL;
}

static size_t write_hole(Workflow *workflow, Writer *writer, const JsonValue *value, Text rest, bool destination) {
  Text name, standard;
  bool has_standard;
  size_t length = parameter_use(rest, &name, &standard, &has_standard);
  if (length) {
    WorkflowParam *param = param_named(workflow, name);
    if (param) {
      text_append_format(&writer->text, "{" TEXT_FORMAT "}", TEXT_ARG(name));
      return length;
    }
    diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "no parameter is called `" TEXT_FORMAT "`", TEXT_ARG(name));
    return length;
  }
  size_t which;
  length = moment_at(rest, destination, &which);
  if (length) {
    text_append_format(&writer->text, "%s", moments[which].program);
    return length;
  }
  return 0;
}

void write_template(Workflow *workflow, Writer *writer, const JsonValue *value, bool destination) {
  uint32_t start = (uint32_t)writer->text.length;
  Text text = value->text;
  text_append_char(&writer->text, '"');
  for (size_t i = 0; i < text.length;) {
    Text rest = {text.bytes + i, text.length - i};
    size_t hole = text.bytes[i] == '{' ? write_hole(workflow, writer, value, rest, destination) : 0;
    i += hole ? hole : quote_append_next(&writer->text, rest);
  }
  text_append_char(&writer->text, '"');
  vec_push(workflow->arena, &writer->origins, (SourceOrigin){start, (uint32_t)writer->text.length, value->span});
}

void append_decimal(TextBuilder *text, double number) {
  char digits[400];
  for (int precision = 0; precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*f", precision, number);
    if (strtod(digits, NULL) == number) break;
  }
  text_append(text, text_of(digits));
}
