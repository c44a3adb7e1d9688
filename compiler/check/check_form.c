#include "compiler/check/check_args_int.h"
#include "compiler/check/stage_form.h"

const char *param_sample(const ParamDef *param) {
  switch (param->kind) {
    case PARAM_INT: return "N";
    case PARAM_COUNT: return "N|PERCENT";
    case PARAM_NUMBER: return "NUMBER";
    case PARAM_PERCENT: return "PERCENT";
    case PARAM_BOOL: return "true|false";
    case PARAM_TEXT: return "\"TEXT\"";
    case PARAM_TAG: return "\"TAG\"";
    case PARAM_PATH: return "\"PATH\"";
    case PARAM_PLAYLIST: return "\"PLAYLIST\"";
    case PARAM_WINDOW: return "WINDOW";
    case PARAM_DURATION: return "DURATION";
    case PARAM_SINCE: return "TIME|checkpoint";
    case PARAM_WORD:
    case PARAM_PROVIDER:
    case PARAM_IDENTITY: return param->words;
    case PARAM_CONDITION: return "CONDITION";
    case PARAM_KEY:
    case PARAM_KEYS: return "KEY";
    case PARAM_STREAM: return "STREAM";
    case PARAM_NAMED: return "EXPRESSION";
    case PARAM_RESULTS: return "AGGREGATE";
    case PARAM_BLOCK: return "{ stages }";
    case PARAM_SHARE: return "0..1|PERCENT";
    case PARAM_WEIGHT: return "NUMBER";
    case PARAM_WEIGHTS: return "[N, N, …]";
  }
  return "";
}

static void append_param(TextBuilder *form, StageId stage, const ParamDef *param) {
  bool optional = !(param->flags & (PARAM_REQUIRED | PARAM_EITHER)) && param->kind != PARAM_BLOCK;
  if (param->flags & PARAM_HIDDEN) return;
  text_append_format(form, " %s", optional ? "[" : "");
  if (!(param->flags & PARAM_POSITIONAL) && param->kind != PARAM_BLOCK) text_append_format(form, "%s: ", param->name);
  for (const char *c = param_sample(param); *c; c++)
    text_append_char(form, *c == ' ' && (param->kind == PARAM_WORD || param->kind == PARAM_IDENTITY) ? '|' : *c);
  if (param->flags & PARAM_REPEATED) text_append_format(form, ", …");
  if (param->kind == PARAM_KEYS && stage == STAGEID_SORT) text_append_format(form, " [asc|desc]");
  if (optional) text_append_char(form, ']');
}

Text stage_form(Arena *arena, StageId stage) {
  const StageDef *def = stage_def(stage);
  TextBuilder form = {.arena = arena};
  size_t ways = 0;
  for (size_t i = 0; i < def->param_count; i++) ways += (def->params[i].flags & PARAM_EITHER) != 0;
  for (size_t way = 0; way == 0 || way < ways; way++) {
    text_append_format(&form, "%s%s%s", way ? "` or `" : "", def->group == GROUP_DESTINATION && stage != STAGEID_SHOW ? "to " : "", def->name);
    size_t seen = 0;
    for (size_t i = 0; i < def->param_count; i++) {
      const ParamDef *param = &def->params[i];
      bool other_way = (param->flags & PARAM_EITHER) && seen++ != way;
      if (!other_way && !(way && (param->flags & PARAM_WITH_FIRST))) append_param(&form, stage, param);
    }
  }
  return text_built(&form);
}

void args_note_form(ArgsCheck *check, Diag *diag) {
  diag_note(check->checker->diags, diag, "the form is `" TEXT_FORMAT "`", TEXT_ARG(stage_form(check->checker->arena, check->node->stage)));
}
