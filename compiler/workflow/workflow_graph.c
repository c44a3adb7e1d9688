#include <string.h>

#include "compiler/workflow/workflow_int.h"

/* Tasks are walked by recursion. */
enum { TASKS_MOST = 2000 };

Task *task_named(const Workflow *workflow, Text id) {
  for (size_t i = 0; i < workflow->tasks.count; i++)
    if (text_equal(workflow->tasks.items[i]->id, id)) return workflow->tasks.items[i];
  return NULL;
}

Task *task_reference(const Workflow *workflow, Task *task) {
  if (task->type != NODE_FILTER_TRACKS && task->type != NODE_FILTER_ARTISTS) return NULL;
  const JsonValue *named = config_value(task, config_given(task, "exclusion_source") ? "exclusion_source" : "reference");
  if (!named) return task->inputs.count > 1 ? task->inputs.items[1] : NULL;
  return named->kind == JSON_IS_TEXT ? task_named(workflow, named->text) : NULL;
}

/* ---- reading tasks ---- */

void workflow_unknown_keys(Workflow *workflow, const JsonValue *object, const char *what) {
  for (size_t i = 0; i < object->count; i++)
    if (!object->members[i].known)
      diag_report(workflow->diags, DIAG_WORKFLOW_UNKNOWN_KEY, object->members[i].key_span, "%s has no \"" TEXT_FORMAT "\"", what, TEXT_ARG(object->members[i].key));
}

/* The value of a key if it is of the kind wanted; NULL (told, unless it is null or not there) otherwise. */
static const JsonValue *wanted(Workflow *workflow, const JsonValue *object, const char *key, JsonKind kind) {
  const JsonMember *member = json_member(object, key);
  if (!member || member->value->kind == JSON_IS_NULL) return NULL;
  if (member->value->kind == kind) return member->value;
  diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, member->value->span, "\"%s\" is %s, this is %s", key, json_kind_name(kind),
              json_kind_name(member->value->kind));
  return NULL;
}

static void read_type(Workflow *workflow, Task *task) {
  task->type_value = wanted(workflow, task->value, "type", JSON_IS_TEXT);
  task->type = NODE_TYPE_COUNT;
  if (!task->type_value) {
    const JsonMember *given = json_member(task->value, "type");
    if (!given || given->value->kind == JSON_IS_NULL)
      diag_report(workflow->diags, DIAG_WORKFLOW_MISSING_KEY, task->span, "task `" TEXT_FORMAT "` has no \"type\"", TEXT_ARG(task->id));
    return;
  }
  bool alias;
  task->written = task->type_value->text;
  task->type = node_type_find(task->written, &alias);
  if (task->type != NODE_TYPE_COUNT) return;
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_UNKNOWN_TYPE, task->type_value->span, "no type of task is called `" TEXT_FORMAT "`", TEXT_ARG(task->written));
  Text near = node_type_nearest(task->written);
  if (near.length) diag_hint(workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(near));
}

static void read_task(Workflow *workflow, const JsonValue *value, size_t number) {
  if (value->kind != JSON_IS_OBJECT) {
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, value->span, "a task is an object, this is %s", json_kind_name(value->kind));
    return;
  }
  Task *task = arena_alloc(workflow->arena, sizeof *task);
  const JsonValue *id = wanted(workflow, value, "id", JSON_IS_TEXT);
  *task = (Task){.value = value, .span = id ? id->span : (Span){value->span.source, value->span.start, value->span.start + 1}};
  if (id && id->text.length) {
    task->id = id->text;
    const Task *same = task_named(workflow, task->id);
    if (same) {
      Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_TASK_TWICE, id->span, "two tasks are called `" TEXT_FORMAT "`", TEXT_ARG(task->id));
      diag_label(workflow->diags, diag, same->span, "the first");
    }
  } else {
    task->id = text_of(arena_format(workflow->arena, "task_%zu", number + 1));
    if (!id || !id->text.length)
      diag_report(workflow->diags, DIAG_WORKFLOW_MISSING_KEY, task->span, "the %zu%s task has no \"id\"", number + 1,
                  number == 0 ? "st" : number == 1 ? "nd" : number == 2 ? "rd" : "th");
  }
  read_type(workflow, task);
  task->config = wanted(workflow, value, "config", JSON_IS_OBJECT);
  task->upstream = wanted(workflow, value, "upstream", JSON_IS_ARRAY);
  vec_push(workflow->arena, &workflow->tasks, task);
}

/* ---- how they hang together ---- */

static void add_input(Workflow *workflow, Task *task, const JsonValue *name) {
  if (name->kind != JSON_IS_TEXT) {
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, name->span, "\"upstream\" is a list of ids of tasks, this is %s", json_kind_name(name->kind));
    return;
  }
  Task *input = task_named(workflow, name->text);
  if (input == task) {
    diag_report(workflow->diags, DIAG_WORKFLOW_CYCLE, name->span, "task `" TEXT_FORMAT "` stands upstream of itself", TEXT_ARG(task->id));
    return;
  }
  if (!input) {
    Text *ids = arena_array(workflow->arena, workflow->tasks.count + 1, sizeof *ids);
    for (size_t i = 0; i < workflow->tasks.count; i++) ids[i] = workflow->tasks.items[i]->id;
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_NO_TASK, name->span, "no task is called `" TEXT_FORMAT "`", TEXT_ARG(name->text));
    size_t near = text_nearest(name->text, ids, workflow->tasks.count);
    if (near != SIZE_MAX) diag_hint(workflow->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(ids[near]));
    return;
  }
  for (size_t i = 0; i < task->inputs.count; i++) {
    if (task->inputs.items[i] != input) continue;
    diag_report(workflow->diags, DIAG_WORKFLOW_INPUT_TWICE, name->span, "`" TEXT_FORMAT "` stands upstream twice", TEXT_ARG(name->text));
    return;
  }
  vec_push(workflow->arena, &task->inputs, input);
}

/* The order that `sources` or `order` asks for, if it names just what is upstream. */
static void order_inputs(Workflow *workflow, Task *task, const char *key) {
  const JsonValue *asked = config_value(task, key);
  Text *ids;
  size_t count = config_list(workflow, task, key, &ids);
  if (!asked || (count == 0 && asked->kind == JSON_IS_ARRAY && asked->count)) return;
  Task **ordered = arena_array(workflow->arena, count + 1, sizeof *ordered);
  bool fits = count == task->inputs.count;
  for (size_t i = 0; i < count && fits; i++) {
    ordered[i] = task_named(workflow, ids[i]);
    bool upstream = false;
    for (size_t k = 0; k < task->inputs.count; k++) upstream = upstream || task->inputs.items[k] == ordered[i];
    for (size_t k = 0; k < i; k++) upstream = upstream && ordered[k] != ordered[i];
    fits = upstream;
  }
  if (!fits) {
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, asked->span, "\"%s\" does not name just the tasks upstream", key);
    if (task->upstream) diag_label(workflow->diags, diag, task->upstream->span, "these");
    return;
  }
  for (size_t i = 0; i < count; i++) task->inputs.items[i] = ordered[i];
}

static void choose_primary(Workflow *workflow, Task *task) {
  const JsonValue *primary = task->config && json_member(task->config, "primary_input") ? config_value(task, "primary_input") : NULL;
  if (primary) {
    Text id = config_text(workflow, task, "primary_input", true);
    size_t at = 0;
    while (at < task->inputs.count && !text_equal(task->inputs.items[at]->id, id)) at++;
    if (at == task->inputs.count) {
      diag_report(workflow->diags, DIAG_WORKFLOW_PRIMARY, primary->span, "\"primary_input\" names `" TEXT_FORMAT "`, which is not upstream", TEXT_ARG(id));
    } else {
      Task *first = task->inputs.items[at];
      for (; at > 0; at--) task->inputs.items[at] = task->inputs.items[at - 1];
      task->inputs.items[0] = first;
    }
    return;
  }
  const Task *reference = task_reference(workflow, task);
  size_t streams = 0;
  for (size_t i = 0; i < task->inputs.count; i++) streams += task->inputs.items[i] != reference;
  if (streams < 2) return;
  Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_AMBIGUOUS, task->upstream->span, "`" TEXT_FORMAT "` takes one stream, and %zu are upstream", TEXT_ARG(task->id), streams);
  diag_hint(workflow->diags, diag, "say which with \"primary_input\", or combine them first");
}

static void check_inputs(Workflow *workflow, Task *task) {
  if (task->type == NODE_TYPE_COUNT) return;
  NodeCategory category = node_category(task->type);
  if (category == CATEGORY_SOURCE) {
    if (task->inputs.count)
      diag_report(workflow->diags, DIAG_WORKFLOW_BAD_VALUE, task->upstream->span, "`" TEXT_FORMAT "` is a source and has nothing upstream", TEXT_ARG(task->id));
    return;
  }
  if (task->inputs.count == 0) {
    if (!task->upstream || task->upstream->count == 0) {
      Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_NO_UPSTREAM, task->span, "nothing is upstream of `" TEXT_FORMAT "`", TEXT_ARG(task->id));
      diag_hint(workflow->diags, diag, "name its input in \"upstream\"");
    }
    return;
  }
  if (category != CATEGORY_COMBINER) {
    choose_primary(workflow, task);
    return;
  }
  order_inputs(workflow, task, "sources");
  order_inputs(workflow, task, "order");
}

/* ---- cycles ---- */

static void report_cycle(Workflow *workflow, Task *const *path, size_t length, const Task *again) {
  size_t start = 0;
  while (path[start] != again) start++;
  TextBuilder way = {.arena = workflow->arena};
  for (size_t i = length; i-- > start;) text_append_format(&way, TEXT_FORMAT " → ", TEXT_ARG(path[i]->id));
  text_append(&way, path[length - 1]->id);
  diag_report(workflow->diags, DIAG_WORKFLOW_CYCLE, again->span, "these tasks wait for each other: " TEXT_FORMAT, TEXT_ARG(text_built(&way)));
}

static void visit(Workflow *workflow, Task *task, Task **path, size_t length) {
  if (task->state == TASK_DONE) return;
  if (task->state == TASK_OPEN) {
    report_cycle(workflow, path, length, task);
    return;
  }
  task->state = TASK_OPEN;
  path[length] = task;
  for (size_t i = 0; i < task->inputs.count; i++) visit(workflow, task->inputs.items[i], path, length + 1);
  Task *reference = task_reference(workflow, task);
  if (reference) visit(workflow, reference, path, length + 1);
  task->state = TASK_DONE;
}

static void mark_reaching(const Workflow *workflow, Task *task) {
  if (task->reaches) return;
  task->reaches = true;
  for (size_t i = 0; i < task->inputs.count; i++) mark_reaching(workflow, task->inputs.items[i]);
  Task *reference = task_reference(workflow, task);
  if (reference) mark_reaching(workflow, reference);
}

static void check_ends(Workflow *workflow) {
  bool any = false, unknown = false;
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    unknown = unknown || task->type == NODE_TYPE_COUNT;
    if (task->type == NODE_TYPE_COUNT || node_category(task->type) != CATEGORY_DESTINATION) continue;
    any = true;
    mark_reaching(workflow, task);
  }
  if (!any && !unknown) {
    Diag *diag = diag_report(workflow->diags, DIAG_WORKFLOW_NO_DESTINATION, workflow->root->members[0].key_span, "this workflow has no destination");
    diag_hint(workflow->diags, diag, "add a task `destination.create_playlist` or `destination.update_playlist`");
    return;
  }
  for (size_t i = 0; any && !unknown && i < workflow->tasks.count; i++) {
    const Task *task = workflow->tasks.items[i];
    if (!task->reaches) diag_report(workflow->diags, DIAG_WORKFLOW_UNUSED, task->span, "`" TEXT_FORMAT "` leads to no destination", TEXT_ARG(task->id));
  }
}

static void check_result_keys(Workflow *workflow) {
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    const JsonValue *key = wanted(workflow, task->value, "result_key", JSON_IS_TEXT);
    if (key && task_named(workflow, key->text) && task_named(workflow, key->text) != task)
      diag_report(workflow->diags, DIAG_WORKFLOW_TASK_TWICE, key->span, "\"result_key\" is the id of another task");
    for (size_t k = 0; key && k < i; k++) {
      const JsonMember *other = json_member(workflow->tasks.items[k]->value, "result_key");
      if (other && other->value->kind == JSON_IS_TEXT && text_equal(other->value->text, key->text))
        diag_report(workflow->diags, DIAG_WORKFLOW_TASK_TWICE, key->span, "two tasks have this \"result_key\"");
    }
    workflow_unknown_keys(workflow, task->value, "a task");
  }
}

void workflow_check_graph(Workflow *workflow) {
  const JsonValue *tasks = wanted(workflow, workflow->root, "tasks", JSON_IS_ARRAY);
  if (!tasks || tasks->count == 0) {
    if (tasks || !json_member(workflow->root, "tasks"))
      diag_report(workflow->diags, DIAG_WORKFLOW_MISSING_KEY, tasks ? tasks->span : (Span){workflow->source, 0, 1}, "a workflow needs \"tasks\", and one at least");
    return;
  }
  if (tasks->count > TASKS_MOST) {
    diag_report(workflow->diags, DIAG_TOO_LARGE, tasks->members[TASKS_MOST].value->span, "the workflow has more than %d tasks", TASKS_MOST);
    return;
  }
  for (size_t i = 0; i < tasks->count; i++) read_task(workflow, tasks->members[i].value, i);
  for (size_t i = 0; i < workflow->tasks.count; i++) {
    Task *task = workflow->tasks.items[i];
    for (size_t k = 0; task->upstream && k < task->upstream->count; k++) add_input(workflow, task, task->upstream->members[k].value);
  }
  for (size_t i = 0; i < workflow->tasks.count; i++) check_inputs(workflow, workflow->tasks.items[i]);
  Task **path = arena_array(workflow->arena, workflow->tasks.count + 1, sizeof *path);
  for (size_t i = 0; i < workflow->tasks.count; i++) visit(workflow, workflow->tasks.items[i], path, 0);
  check_ends(workflow);
  check_result_keys(workflow);
}
