#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/workflow/workflow_int.h"

const JsonValue *config_value(Task *task, const char *key) {
  const JsonMember *member = task->config ? json_member(task->config, key) : NULL;
  if (!member || member->value->kind == JSON_IS_NULL) return NULL;
  bool empty = strncmp(key, "connector", 9) == 0 && member->value->kind == JSON_IS_TEXT && member->value->text.length == 0;
  return empty ? NULL : member->value;
}

bool config_given(Task *task, const char *key) {
  return config_value(task, key) != NULL;
}

static Diag *wrong_type(Workflow *workflow, const JsonValue *value, const char *key, const char *wanted) {
  return diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, value->span, "\"%s\" is %s, this is %s", key, wanted, json_kind_name(value->kind));
}

Text config_text(Workflow *workflow, Task *task, const char *key, bool required) {
  const JsonValue *value = config_value(task, key);
  if (!value) return (Text){"", 0};
  if (value->kind != JSON_IS_TEXT) {
    Diag *diag = wrong_type(workflow, value, key, "a text");
    if (value->kind == JSON_IS_INTEGER || value->kind == JSON_IS_NUMBER) diag_hint(workflow->diags, diag, "put it in quotes");
    return (Text){"", 0};
  }
  if (required && value->text.length == 0) diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "\"%s\" is empty", key);
  return value->text;
}

bool config_bool(Workflow *workflow, Task *task, const char *key, bool otherwise) {
  const JsonValue *value = config_value(task, key);
  if (!value) return otherwise;
  if (value->kind == JSON_IS_BOOL) return value->boolean;
  if (value->kind == JSON_IS_TEXT && (text_is(value->text, "true") || text_is(value->text, "false"))) return text_is(value->text, "true");
  wrong_type(workflow, value, key, "true or false");
  return otherwise;
}

bool config_number(Workflow *workflow, Task *task, const char *key, double *out) {
  const JsonValue *value = config_value(task, key);
  if (!value) return false;
  if (value->kind == JSON_IS_INTEGER || value->kind == JSON_IS_NUMBER) {
    *out = value->number;
    return true;
  }
  char *end = NULL;
  double number = value->kind == JSON_IS_TEXT && value->text.length ? strtod(value->text.bytes, &end) : 0;
  if (end && *end == '\0' && isfinite(number)) {
    *out = number;
    return true;
  }
  wrong_type(workflow, value, key, "a number");
  return false;
}

bool config_int(Workflow *workflow, Task *task, const char *key, int64_t least, int64_t most, int64_t *out) {
  double number;
  if (!config_number(workflow, task, key, &number)) return false;
  const JsonValue *value = config_value(task, key);
  if (number != floor(number)) {
    wrong_type(workflow, value, key, "a whole number");
    return false;
  }
  if (number < (double)least || number > (double)most) {
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "\"%s\" cannot be %.0f", key, number);
    diag_hint(workflow->diags, diag, "%lld to %lld", (long long)least, (long long)most);
    return false;
  }
  *out = value->kind == JSON_IS_INTEGER ? value->integer : (int64_t)number;
  return true;
}

static Text trimmed(Text text) {
  while (text.length && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) text = (Text){text.bytes + 1, text.length - 1};
  while (text.length && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t')) text.length--;
  return text;
}

size_t config_list(Workflow *workflow, Task *task, const char *key, Text **out) {
  const JsonValue *value = config_value(task, key);
  VEC(Text) items = {0};
  *out = NULL;
  if (!value) return 0;
  if (value->kind == JSON_IS_TEXT) {
    for (const char *at = value->text.bytes, *end = at + value->text.length; at < end;) {
      const char *comma = memchr(at, ',', (size_t)(end - at));
      const char *stop = comma ? comma : end;
      Text item = trimmed((Text){at, (size_t)(stop - at)});
      if (item.length) vec_push(workflow->arena, &items, text_copy(workflow->arena, item));
      at = stop + 1;
    }
  } else if (value->kind == JSON_IS_ARRAY) {
    for (size_t i = 0; i < value->count; i++) {
      const JsonValue *item = value->members[i].value;
      if (item->kind == JSON_IS_TEXT)
        vec_push(workflow->arena, &items, trimmed(item->text));
      else
        wrong_type(workflow, item, key, "a list of texts");
    }
  } else {
    wrong_type(workflow, value, key, "a list of texts");
  }
  *out = items.items;
  return items.count;
}

Task *config_task(Workflow *workflow, Task *task, const char *key) {
  const JsonValue *value = config_value(task, key);
  if (!value) return NULL;
  Text id = config_text(workflow, task, key, true);
  Task *found = id.length ? task_named(workflow, id) : NULL;
  if (found || !id.length) return found;
  Text ids[64];
  size_t count = 0;
  for (size_t i = 0; i < workflow->tasks.count && count < 64; i++) ids[count++] = workflow->tasks.items[i]->id;
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_NO_TASK, value->span, "\"%s\" names `" TEXT_FORMAT "`, and there is no such task", key, TEXT_ARG(id));
  size_t near = text_nearest(id, ids, count);
  if (near != SIZE_MAX) diag_hint(workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(ids[near]));
  return NULL;
}

Text config_word(Workflow *workflow, Task *task, const char *key, const char *words, const char *otherwise) {
  const JsonValue *value = config_value(task, key);
  if (!value) return text_of(otherwise);
  Text word = config_text(workflow, task, key, true);
  if (value->kind != JSON_IS_TEXT || !word.length) return (Text){"", 0};
  for (const char *at = words; *at;) {
    size_t length = strcspn(at, " ");
    if (text_equal(word, (Text){at, length})) return word;
    at += length + strspn(at + length, " ");
  }
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, value->span, "\"%s\" cannot be \"" TEXT_FORMAT "\"", key, TEXT_ARG(word));
  diag_hint(workflow->diags, diag, "one of: %s", words);
  return (Text){"", 0};
}

/* ---- the keys ---- */

void config_check_keys(Workflow *workflow, Task *task) {
  DiagList *diags = workflow->diags;
  for (size_t i = 0; i < workflow_key_count; i++) {
    if (workflow_keys[i].type != task->type || workflow_keys[i].need != REQUIRED || config_given(task, workflow_keys[i].key)) continue;
    Diag *diag = diag_report(diags, DIAG_WORKFLOW_MISSING_KEY, task->config ? task->config->span : task->span, "`%s` needs \"%s\"", node_type_name(task->type), workflow_keys[i].key);
    diag_hint(diags, diag, "add \"%s\" to its config", workflow_keys[i].key);
  }
  for (size_t i = 0; task->config && i < task->config->count; i++) {
    const JsonMember *member = &task->config->members[i];
    const ConfigKey *key = node_key(task->type, member->key);
    if (key && key->need == IGNORED && member->value->kind != JSON_IS_NULL) {
      diag_report(diags, DIAG_WORKFLOW_IGNORED, member->key_span, "\"" TEXT_FORMAT "\" changes nothing here", TEXT_ARG(member->key));
      continue;
    }
    if (key || text_is(member->key, "primary_input")) continue;
    Text *known = arena_array(workflow->arena, workflow_key_count, sizeof *known);
    size_t count = 0;
    for (size_t k = 0; k < workflow_key_count; k++)
      if (workflow_keys[k].type == task->type) known[count++] = text_of(workflow_keys[k].key);
    Diag *diag = diag_report(diags, DIAG_WORKFLOW_UNKNOWN_KEY, member->key_span, "`%s` has no \"" TEXT_FORMAT "\"", node_type_name(task->type), TEXT_ARG(member->key));
    size_t near = text_nearest(member->key, known, count);
    if (near != SIZE_MAX) diag_hint(diags, diag, "did you mean \"" TEXT_FORMAT "\"?", TEXT_ARG(known[near]));
  }
}
