/* Texts as templates: what is computed becomes `{date}` or `{parameters.name|standard}`. */
#include "compiler/workflow/export_int.h"

#include <string.h>

#include "compiler/workflow/workflow_int.h"
#include "plan/opcode.h"

static bool cannot(Exporter *exporter, Span span, const char *what) {
  export_cannot(exporter, DIAG_EXPORT_TEXT, span, "a name may hold parameters, `{date(now)}`, `{clock(now)}` and `{count()}`", "%s", what);
  return false;
}

/* What was put in for something computed: [start, end). */
typedef struct Hole {
  size_t start, end;
} Hole;
typedef VEC(Hole) Holes;

/* A workflow reads the text from left to right; it must find what was put in, and nothing else. */
static bool reads_back(Text text, bool destination, const Holes *holes) {
  size_t next = 0;
  for (size_t i = 0; i < text.length;) {
    size_t length = text.bytes[i] == '{' ? template_hole((Text){text.bytes + i, text.length - i}, destination) : 0;
    if (!length) {
      i++;
      continue;
    }
    if (next == holes->count || holes->items[next].start != i || holes->items[next].end != i + length) return false;
    next++;
    i += length;
  }
  return next == holes->count;
}

static bool append_param(Exporter *exporter, TextBuilder *out, const Typed *use) {
  const ProgramParam *param = &exporter->graph->params.items[use->param];
  if (memchr(param->name.bytes, '.', param->name.length)) return cannot(exporter, use->span, "a workflow has no parameters of modules");
  text_append_format(out, "{parameters." TEXT_FORMAT, TEXT_ARG(param->name));
  const Literal *standard = param->default_value;
  bool said = standard && type_is_text(type_required(param->type)) && standard->text.length && !memchr(standard->text.bytes, '}', standard->text.length);
  if (said) text_append_format(out, "|" TEXT_FORMAT, TEXT_ARG(standard->text));
  text_append_char(out, '}');
  return true;
}

/* What a workflow calls the day or the time of the run, or the number of tracks; NULL for anything else. */
static const char *moment_of(const Typed *value) {
  if (value->kind == TYPED_OP && value->opcode == OPCODE_ARRIVING) return "{track_count}";
  bool now = value->kind == TYPED_CALL && value->operand_count == 1 && value->operands[0]->kind == TYPED_OP && value->operands[0]->opcode == OPCODE_NOW;
  if (!now) return NULL;
  return value->function == FUNCTION_DATE_TIME ? "{date}" : value->function == FUNCTION_CLOCK_TIME ? "{time}" : NULL;
}

static bool append_part(Exporter *exporter, TextBuilder *out, const Typed *part, Holes *holes) {
  if (part->kind == TYPED_OP && part->opcode == OPCODE_TO_TEXT) part = part->operands[0];
  if (part->kind == TYPED_CONSTANT && type_is_text(type_required(part->type))) {
    text_append(out, part->literal.text);
    return true;
  }
  size_t start = out->length;
  const char *moment = moment_of(part);
  if (moment) text_append_format(out, "%s", moment);
  else if (part->kind != TYPED_PARAM) return cannot(exporter, part->span, "a workflow cannot compute this");
  else if (!append_param(exporter, out, part)) return false;
  vec_push(exporter->arena, holes, (Hole){start, out->length});
  return true;
}

bool export_template(Exporter *exporter, const Typed *value, bool destination, Text *out) {
  TextBuilder text = {.arena = exporter->arena};
  Holes holes = {0};
  bool good = true;
  size_t parts = value->kind == TYPED_CONCAT ? value->operand_count : 1;
  for (size_t i = 0; i < parts; i++) good = append_part(exporter, &text, value->kind == TYPED_CONCAT ? value->operands[i] : value, &holes) && good;
  *out = text_built(&text);
  if (good && !out->length) return cannot(exporter, value->span, "a workflow wants a name here, and this is empty");
  if (good && !reads_back(*out, destination, &holes)) return cannot(exporter, value->span, "a workflow would put something else for what stands in braces here");
  return good;
}
