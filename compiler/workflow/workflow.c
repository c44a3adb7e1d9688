#include <string.h>

#include "base/utf8.h"
#include "compiler/format/format.h"
#include "compiler/syntax/token.h"
#include "compiler/workflow/smarter.h"
#include "compiler/workflow/workflow_int.h"
#include "plan/catalogue.h"

static bool ends_with(Text text, const char *end) {
  size_t length = strlen(end);
  return text.length > length && memcmp(text.bytes + text.length - length, end, length) == 0;
}

bool workflow_is(const SourceSet *sources, uint32_t source) {
  const Source *file = &sources->items[source];
  if (ends_with(file->path, ".json") || ends_with(file->path, ".nsp")) return true;
  Text text = file->text;
  size_t at = text.length >= 3 && memcmp(text.bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  while (at < text.length && strchr(" \t\r\n", text.bytes[at])) at++;
  return at < text.length && text.bytes[at] == '{';
}

/* ---- the head ---- */

static Text head_text(Workflow *workflow, const char *key) {
  const JsonMember *member = json_member(workflow->root, key);
  if (!member || member->value->kind == JSON_IS_NULL) return (Text){"", 0};
  if (member->value->kind == JSON_IS_TEXT) return member->value->text;
  bool version = strcmp(key, "version") == 0 && (member->value->kind == JSON_IS_INTEGER || member->value->kind == JSON_IS_NUMBER);
  if (!version)
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, member->value->span, "\"%s\" is a text, this is %s", key, json_kind_name(member->value->kind));
  return (Text){"", 0};
}

static bool is_name(Text text) {
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return text.length > 0;
}

bool workflow_name_taken(Text name) {
  static const char *const words[] = {"from", "let", "to", "or", "and", "not", "in", "is", "ago", "true", "false", "missing", "param", "stage", "use", "as", "now", "narada", "asc", "desc"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text_is(name, words[i])) return true;
  return field_find(name) != FIELD_COUNT || stage_find(name) != STAGEID_COUNT || function_find(name) != FUNCTION_ID_COUNT;
}

static const char *param_type(Workflow *workflow, const JsonValue *param) {
  const JsonMember *type = json_member(param, "type");
  if (!type || type->value->kind != JSON_IS_TEXT) return "text";
  static const char *const types[][2] = {{"string", "text"}, {"text", "text"}, {"integer", "int"}, {"int", "int"}, {"number", "float"}, {"float", "float"}, {"boolean", "bool"}, {"bool", "bool"}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (text_is(type->value->text, types[i][0])) return types[i][1];
  diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, type->value->span, "a parameter is a string, an integer, a number or a boolean");
  return "text";
}

static bool read_truth(Workflow *workflow, const JsonValue *value) {
  bool text = value->kind == JSON_IS_TEXT && (text_is(value->text, "true") || text_is(value->text, "false"));
  if (value->kind != JSON_IS_BOOL && value->kind != JSON_IS_NULL && !text)
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, value->span, "\"required\" is true or false, this is %s", json_kind_name(value->kind));
  return value->kind == JSON_IS_BOOL ? value->boolean : text && text_is(value->text, "true");
}

static void read_params(Workflow *workflow) {
  const JsonMember *list = json_member(workflow->root, "parameters");
  if (!list || list->value->kind == JSON_IS_NULL) return;
  if (list->value->kind != JSON_IS_ARRAY) {
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, list->value->span, "\"parameters\" is a list, this is %s", json_kind_name(list->value->kind));
    return;
  }
  for (size_t i = 0; i < list->value->count; i++) {
    const JsonValue *param = list->value->members[i].value;
    const JsonMember *name = json_member(param, "name"), *doc = json_member(param, "description"), *required = json_member(param, "required"), *standard = json_member(param, "default");
    if (!name || name->value->kind != JSON_IS_TEXT || !is_name(name->value->text) || workflow_name_taken(name->value->text)) {
      diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, name ? name->value->span : param->span, "a parameter needs a \"name\" of letters, digits and _ that has no meaning of its own");
      continue;
    }
    vec_push(workflow->arena, &workflow->params,
             (WorkflowParam){.name = name->value->text, .type = text_of(param_type(workflow, param)), .value = param,
                             .doc = doc && doc->value->kind == JSON_IS_TEXT ? doc->value->text : (Text){"", 0},
                             .required = required && read_truth(workflow, required->value),
                             .given = standard && standard->value->kind != JSON_IS_NULL ? standard->value : NULL});
    workflow_unknown_keys(workflow, param, "a parameter");
  }
}

/* `{parameters.x|standard}` anywhere gives the parameter its default; without one, one that is not required is the empty text. */
static void find_standards(Workflow *workflow, const JsonValue *value) {
  for (size_t i = 0; i < value->count; i++) find_standards(workflow, value->members[i].value);
  if (value->kind != JSON_IS_TEXT) return;
  for (size_t p = 0; p < workflow->params.count; p++) {
    WorkflowParam *param = &workflow->params.items[p];
    Text use = text_of(arena_format(workflow->arena, "{parameters." TEXT_FORMAT "|", TEXT_ARG(param->name)));
    const char *at = strstr(value->text.bytes, use.bytes), *close = at ? strchr(at, '}') : NULL;
    if (!close || param->has_standard || param->given) continue;
    param->has_standard = true;
    param->standard = (Text){at + use.length, (size_t)(close - at) - use.length};
  }
}

void write_comment(Writer *writer, Text text) {
  if (!text.length) return;
  text_append_format(&writer->text, "## ");
  for (size_t i = 0, length; i < text.length; i += length) {
    Text rest = {text.bytes + i, text.length - i};
    char escape[UTF8_ESCAPE_SIZE];
    length = utf8_escape(rest.bytes, rest.length, escape);
    if (rest.bytes[0] == '\n' || rest.bytes[0] == '\r')
      text_append_format(&writer->text, "\n## ");
    else
      text_append(&writer->text, escape[0] ? TEXT_LITERAL(" ") : (Text){rest.bytes, length});
  }
  text_append_char(&writer->text, '\n');
}

/* A default by itself, of the parameter's type. */
static void write_given(Workflow *workflow, Writer *writer, const WorkflowParam *param) {
  const JsonValue *given = param->given;
  bool is_int = given->kind == JSON_IS_INTEGER, is_float = is_int || given->kind == JSON_IS_NUMBER;
  if (text_is(param->type, "text") && given->kind == JSON_IS_TEXT) {
    text_append_format(&writer->text, " = ");
    write_plain(writer, given->span, given->text);
  } else if (text_is(param->type, "bool") && given->kind == JSON_IS_BOOL) {
    write_from(writer, given->span, " = %s", given->boolean ? "true" : "false");
  } else if (text_is(param->type, "int") && is_int) {
    write_from(writer, given->span, " = %lld", (long long)given->integer);
  } else if (text_is(param->type, "float") && is_float) {
    text_append_format(&writer->text, " = ");
    append_decimal(&writer->text, given->number);
  } else {
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, given->span, "\"default\" is %s and the parameter is of the type " TEXT_FORMAT, json_kind_name(given->kind), TEXT_ARG(param->type));
  }
}

/* A default that is no text, as a literal of the parameter's type. */
static void write_standard(Workflow *workflow, Writer *writer, const WorkflowParam *param) {
  Text standard = param->standard;
  size_t at = standard.length && standard.bytes[0] == '-' ? 1 : 0, digits = 0, points = 0;
  bool good = text_is(standard, "true") || text_is(standard, "false");
  if (!text_is(param->type, "bool")) {
    for (; at < standard.length; at++) {
      bool digit = standard.bytes[at] >= '0' && standard.bytes[at] <= '9', point = standard.bytes[at] == '.' && digits > 0 && text_is(param->type, "float");
      if (!digit && !point) break;
      digits = digit ? digits + 1 : 0;
      points += point;
    }
    good = at == standard.length && digits > 0 && points < 2;
  }
  if (good)
    text_append_format(&writer->text, " = " TEXT_FORMAT, TEXT_ARG(standard));
  else
    diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, param->value->span, "the default of `" TEXT_FORMAT "` is no " TEXT_FORMAT, TEXT_ARG(param->name),
                TEXT_ARG(param->type));
}

static void write_head(Workflow *workflow, Writer *writer) {
  write_comment(writer, workflow->name);
  if (!text_equal(workflow->description, workflow->name)) write_comment(writer, workflow->description);
  text_append_char(&writer->text, '\n');
  for (size_t i = 0; i < workflow->params.count; i++) {
    const WorkflowParam *param = &workflow->params.items[i];
    write_from(writer, param->value->span, "param " TEXT_FORMAT ": " TEXT_FORMAT, TEXT_ARG(param->name), TEXT_ARG(param->type));
    if (param->given) {
      write_given(workflow, writer, param);
    } else if (!param->required || param->has_standard) {
      if (text_is(param->type, "text")) {
        text_append_format(&writer->text, " = ");
        write_plain(writer, param->value->span, param->standard);
      } else if (param->has_standard) {
        write_standard(workflow, writer, param);
      }
    }
    text_append_format(&writer->text, "%s", param->doc.length ? "  " : "\n");
    write_comment(writer, param->doc);
  }
  if (workflow->params.count) text_append_char(&writer->text, '\n');
}

/* ---- names ---- */

static bool name_used(const Workflow *workflow, Text name, size_t before) {
  for (size_t i = 0; i < before; i++)
    if (text_equal(workflow->tasks.items[i]->name, name)) return true;
  for (size_t i = 0; i < workflow->params.count; i++)
    if (text_equal(workflow->params.items[i].name, name)) return true;
  return false;
}

/* The id as a name: what is no letter, digit or _ becomes _, and what has a meaning or is taken gets one behind it. */
void workflow_name_tasks(Workflow *workflow) {
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    TextBuilder name = {.arena = workflow->arena};
    if (task->id.length && task->id.bytes[0] >= '0' && task->id.bytes[0] <= '9') text_append_char(&name, '_');
    size_t most = is_name(task->id) ? task->id.length : 60; /* what is no name anyway need not be long */
    for (size_t c = 0; c < task->id.length && c < most; c++) text_append_char(&name, is_name((Text){task->id.bytes + c, 1}) || (task->id.bytes[c] >= '0' && task->id.bytes[c] <= '9') ? task->id.bytes[c] : '_');
    while (workflow_name_taken(text_built(&name)) || name_used(workflow, text_built(&name), i)) text_append_char(&name, '_');
    task->name = text_built(&name);
  }
}

Text workflow_file_stem(const Workflow *workflow) {
  Text path = workflow->sources->items[workflow->source].path;
  size_t start = path.length, end = path.length;
  while (start > 0 && path.bytes[start - 1] != '/') start--;
  for (size_t i = path.length; i > start + 1; i--)
    if (path.bytes[i - 1] == '.') {
      end = i - 1;
      break;
    }
  return (Text){path.bytes + start, end - start};
}

/* ---- statements ---- */

static bool is_combiner(const Task *task) {
  return node_category(task->type) == CATEGORY_COMBINER && task->inputs.count > 1;
}

/* What a task that changes no row hands on. */
static Task *beyond(Task *task) {
  while (task->idle) task = task->inputs.items[0];
  return task;
}

/* A task that says nothing in the program, such as an enricher, is passed over: who reads it reads what it reads. */
static void pass_over_idle(Workflow *workflow) {
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    Writer scratch = {.text = {.arena = workflow->arena}};
    write_task(workflow, &scratch, task);
    task->idle = scratch.text.length == 0 && task->inputs.count > 0;
  }
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    task->except = task_reference(workflow, task);
    if (task->except) task->except = beyond(task->except);
    task->reads = arena_array(workflow->arena, task->inputs.count + 1, sizeof(Task *));
    for (size_t k = 0; k < task->inputs.count; k++) task->reads[k] = beyond(task->inputs.items[k]);
  }
}

/* Counts who reads each task's stream. A stream that is read once, by the stage behind it, needs no name. */
static void count_users(Workflow *workflow) {
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    if (task->idle) continue;
    size_t read = is_combiner(task) ? task->inputs.count : task->inputs.count ? 1 : 0;
    for (size_t k = 0; k < read; k++) task->reads[k]->users += is_combiner(task) ? 2 : 1;
    if (task->except) task->except->users += 2;
  }
}

static bool has_statement(const Task *task) {
  return task->users != 1;
}

static void write_chain(Workflow *workflow, Writer *writer, Task *task) {
  NodeCategory category = node_category(task->type);
  Span span = task->type_value->span;
  if (is_combiner(task)) {
    text_append_format(&writer->text, "from ");
    for (size_t i = 0; i < task->inputs.count; i++) {
      const JsonValue *name = task->upstream->members[i < task->upstream->count ? i : 0].value;
      write_from(writer, name->span, "%s" TEXT_FORMAT, i ? ", " : "", TEXT_ARG(task->reads[i]->name));
    }
  } else if (category != CATEGORY_SOURCE) {
    Task *input = task->reads[0];
    if (has_statement(input))
      write_from(writer, task->upstream ? task->upstream->span : span, "from " TEXT_FORMAT, TEXT_ARG(input->name));
    else
      write_chain(workflow, writer, input);
  }
  write_task(workflow, writer, task);
}

/* What the destinations of the statement are described as. */
static void write_descriptions(Workflow *workflow, Writer *writer, Task *task) {
  bool goes_on = node_category(task->type) != CATEGORY_SOURCE && !is_combiner(task) && !has_statement(task->reads[0]);
  if (goes_on) write_descriptions(workflow, writer, task->reads[0]);
  if (node_category(task->type) == CATEGORY_DESTINATION) write_comment(writer, config_text(workflow, task, "description", false));
}

static void write_statement(Workflow *workflow, Writer *writer, Task *task) {
  if (task->state == TASK_UNSEEN || task->idle) return;
  task->state = TASK_UNSEEN; /* written */
  for (size_t i = 0; i < task->inputs.count; i++) write_statement(workflow, writer, task->reads[i]);
  if (task->except) write_statement(workflow, writer, task->except);
  if (!has_statement(task)) return;
  bool named = task->users > 0 || node_category(task->type) != CATEGORY_DESTINATION;
  if (!named) text_append_char(&writer->text, '\n');
  write_descriptions(workflow, writer, task);
  if (named) write_from(writer, task->span, "let " TEXT_FORMAT " = ", TEXT_ARG(task->name));
  write_chain(workflow, writer, task);
  text_append_format(&writer->text, "\n");
}

/* ---- places ---- */

/* The formatter changes blanks and line ends only, so the n-th token of both texts is the same. */
static void move_origins(Workflow *workflow, Writer *writer, uint32_t raw, uint32_t laid_out) {
  TokenList before_list = token_list(workflow->arena, &workflow->sources->items[raw]), after_list = token_list(workflow->arena, &workflow->sources->items[laid_out]);
  const Token *before = before_list.tokens.items, *after = after_list.tokens.items;
  size_t before_count = before_list.tokens.count, after_count = after_list.tokens.count;
  size_t at = 0;
  for (size_t i = 0; i < writer->origins.count; i++) {
    SourceOrigin *origin = &writer->origins.items[i];
    while (at > 0 && before[at - 1].start >= origin->start) at--;
    while (at < before_count && before[at].end <= origin->start) at++;
    size_t last = at;
    while (last + 1 < before_count && before[last + 1].start < origin->end) last++;
    if (last >= after_count) continue;
    source_map(workflow->sources, laid_out, after[at].start, after[last].end, origin->span);
  }
}

bool workflow_finish(Workflow *workflow, Writer *writer, uint32_t *program) {
  if (workflow->diags->errors) return false;
  Text path = workflow->sources->items[workflow->source].path;
  uint32_t raw = source_add(workflow->sources, path, text_built(&writer->text));
  DiagList unread = {.arena = workflow->arena, .sources = workflow->sources};
  Error error = {0};
  Text text;
  if (format_source(workflow->arena, workflow->sources, raw, &unread, &text, &error) != STATUS_OK) {
    diag_report(workflow->diags, DIAG_INTERNAL, workflow->root->span, "the workflow was written as a program that cannot be read: %s", unread.count ? unread.items[0]->message.bytes : error.message);
    return false;
  }
  *program = source_add(workflow->sources, path, text);
  move_origins(workflow, writer, raw, *program);
  return true;
}

static bool write_program(Workflow *workflow, uint32_t *program) {
  Writer writer = {.text = {.arena = workflow->arena}};
  write_head(workflow, &writer);
  workflow_name_tasks(workflow);
  pass_over_idle(workflow);
  count_users(workflow);
  for (size_t i = 0; i < workflow->tasks.count; i++) workflow->tasks.items[i]->state = TASK_OPEN;
  for (size_t i = 0; i < workflow->tasks.count; i++) write_statement(workflow, &writer, workflow->tasks.items[i]);
  return workflow_finish(workflow, &writer, program);
}

bool workflow_read(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, uint32_t *program) {
  Workflow *workflow = arena_alloc(arena, sizeof *workflow);
  *workflow = (Workflow){.arena = arena, .sources = sources, .diags = diags, .source = source};
  workflow->root = json_tree_read(arena, sources, source, diags);
  if (!workflow->root) return false;
  if (workflow->root->kind != JSON_IS_OBJECT) {
    Diag *diag = diag_report(diags, DIAG_WORKFLOW_WRONG_TYPE, workflow->root->span, "a workflow is an object, this is %s", json_kind_name(workflow->root->kind));
    diag_hint(diags, diag, "as {\"tasks\": [...]}");
    return false;
  }
  if (nsp_is(workflow->root)) return nsp_read(workflow, program);
  if (smarter_is(workflow->root)) return smarter_read(workflow, program);
  workflow->id = head_text(workflow, "id");
  workflow->name = head_text(workflow, "name");
  if (!workflow->name.length) workflow->name = workflow->id.length ? workflow->id : workflow_file_stem(workflow);
  workflow->description = head_text(workflow, "description");
  head_text(workflow, "version");
  read_params(workflow);
  find_standards(workflow, workflow->root);
  workflow_check_graph(workflow);
  for (size_t i = 0; i < workflow->root->count; i++) {
    const JsonMember *member = &workflow->root->members[i];
    if (!member->known) diag_report(diags, DIAG_WORKFLOW_UNKNOWN_KEY, member->key_span, "a workflow has no \"" TEXT_FORMAT "\"", TEXT_ARG(member->key));
  }
  for (size_t i = 0; i < workflow->tasks.count; i++)
    if (workflow->tasks.items[i]->type != NODE_TYPE_COUNT) config_check_keys(workflow, workflow->tasks.items[i]);
  size_t graph_errors = diags->errors;
  /* Values are told also where the graph is broken, as far as each task can be looked at by itself. */
  if (graph_errors) {
    Writer scratch = {.text = {.arena = arena}};
    write_head(workflow, &scratch);
    for (size_t i = 0; i < workflow->tasks.count; i++)
      if (workflow->tasks.items[i]->type != NODE_TYPE_COUNT) write_task(workflow, &scratch, workflow->tasks.items[i]);
    return false;
  }
  return write_program(workflow, program);
}
