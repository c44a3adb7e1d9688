/* The components of a program and how they hang together. Only what leads to "main" runs, so only that has to be right. */
#include "compiler/workflow/smarter_int.h"

/* Components are walked by recursion. */
enum { COMPONENTS_MOST = 2000 };

static Diag *tell(Smarter *smarter, DiagCode code, Span span, const char *message) {
  return diag_report(smarter->workflow->diags, code, span, "%s", message);
}

static Component *named(const Smarter *smarter, Text id) {
  for (size_t i = 0; i < smarter->all.count; i++)
    if (text_equal(smarter->all.items[i]->task.id, id)) return smarter->all.items[i];
  return NULL;
}

static void no_component(Smarter *smarter, Text id, Span span) {
  DiagList *diags = smarter->workflow->diags;
  Text *ids = arena_array(smarter->workflow->arena, smarter->all.count + 1, sizeof *ids);
  for (size_t i = 0; i < smarter->all.count; i++) ids[i] = smarter->all.items[i]->task.id;
  Diag *diag = diag_report(diags, DIAG_WORKFLOW_NO_TASK, span, "no component is called `" TEXT_FORMAT "`", TEXT_ARG(id));
  size_t near = text_nearest(id, ids, smarter->all.count);
  if (near != SIZE_MAX) diag_hint(diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(ids[near]));
}

/* ---- reading ---- */

static const JsonValue *object_of(Smarter *smarter, const JsonValue *value, const char *key) {
  const JsonMember *member = json_member(value, key);
  if (!member || member->value->kind == JSON_IS_NULL) return NULL;
  if (member->value->kind == JSON_IS_OBJECT) return member->value;
  diag_report(smarter->workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, member->value->span, "\"%s\" is an object, this is %s", key, json_kind_name(member->value->kind));
  return NULL;
}

static void read_type(Smarter *smarter, Component *component) {
  DiagList *diags = smarter->workflow->diags;
  const JsonMember *type = json_member(component->task.value, "type");
  if (!type) type = json_member(component->task.value, "_type");
  if (!type) {
    diag_report(diags, DIAG_WORKFLOW_MISSING_KEY, component->task.span, "component `" TEXT_FORMAT "` has no \"type\"", TEXT_ARG(component->task.id));
    return;
  }
  if (type->value->kind != JSON_IS_TEXT) {
    diag_report(diags, DIAG_WORKFLOW_WRONG_TYPE, type->value->span, "\"type\" is a text, this is %s", json_kind_name(type->value->kind));
    return;
  }
  component->task.type_value = type->value;
  component->type = smarter_type_find(type->value->text);
  if (component->type != SMARTER_TYPE_COUNT) return;
  Diag *diag = diag_report(diags, DIAG_WORKFLOW_UNKNOWN_TYPE, type->value->span, "SmarterPlaylists has no component `" TEXT_FORMAT "`", TEXT_ARG(type->value->text));
  Text near = smarter_type_nearest(type->value->text);
  if (near.length) diag_hint(diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(near));
}

static bool all_in_one(const Component *component) {
  return json_member(component->task.value, "params") == NULL;
}

static const SmarterInput *input_called(SmarterType type, Text key) {
  for (size_t i = 0; i < smarter_input_count; i++)
    if (smarter_inputs[i].type == type && text_is(key, smarter_inputs[i].key)) return &smarter_inputs[i];
  return NULL;
}

static const SmarterSetting *setting_called(SmarterType type, Text key) {
  for (size_t i = 0; i < smarter_setting_count; i++)
    if (smarter_settings[i].type == type && text_is(key, smarter_settings[i].key)) return &smarter_settings[i];
  return NULL;
}

static bool is_one_of(Text key, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (text_is(key, words[i])) return true;
  return false;
}

static void unknown_keys(Smarter *smarter, const Component *component, const JsonValue *object, bool settings) {
  static const char *const frame[] = {"name", "type", "_type", "params", "sources", "extra", "trans", "maxInputs", "minInputs", "maxOutputs"};
  DiagList *diags = smarter->workflow->diags;
  for (size_t i = 0; object && i < object->count; i++) {
    Text key = object->members[i].key;
    bool known = settings ? setting_called(component->type, key) != NULL : false;
    if (object == component->task.value) known = known || is_one_of(key, frame, sizeof frame / sizeof *frame) || input_called(component->type, key);
    if (known) continue;
    Text *names = arena_array(smarter->workflow->arena, smarter_setting_count, sizeof *names);
    size_t count = 0;
    for (size_t k = 0; k < smarter_setting_count; k++)
      if (smarter_settings[k].type == component->type) names[count++] = text_of(smarter_settings[k].key);
    Diag *diag = diag_report(diags, DIAG_WORKFLOW_UNKNOWN_KEY, object->members[i].key_span, "`%s` has no \"" TEXT_FORMAT "\"", smarter_type_name(component->type), TEXT_ARG(key));
    size_t near = text_nearest(key, names, count);
    if (near != SIZE_MAX) diag_hint(diags, diag, "did you mean \"" TEXT_FORMAT "\"?", TEXT_ARG(names[near]));
  }
}

static void check_settings(Smarter *smarter, Component *component) {
  unknown_keys(smarter, component, component->task.value, all_in_one(component));
  if (!all_in_one(component)) unknown_keys(smarter, component, component->task.config, true);
  for (size_t i = 0; i < smarter_setting_count; i++) {
    if (smarter_settings[i].type != component->type || smarter_settings[i].need != REQUIRED || config_given(&component->task, smarter_settings[i].key)) continue;
    diag_report(smarter->workflow->diags, DIAG_WORKFLOW_MISSING_KEY, component->task.span, "`%s` needs \"%s\"", smarter_type_name(component->type), smarter_settings[i].key);
  }
}

/* ---- inputs ---- */

static void add_input(Smarter *smarter, Component *component, SmarterPort port, const JsonValue *value) {
  if (value->kind != JSON_IS_TEXT) {
    diag_report(smarter->workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, value->span, "an input is the name of a component, this is %s", json_kind_name(value->kind));
    return;
  }
  Component *input = named(smarter, value->text);
  if (!input) {
    no_component(smarter, value->text, value->span);
    return;
  }
  vec_push(smarter->workflow->arena, &component->inputs[port], input);
  vec_push(smarter->workflow->arena, &component->places[port], value->span);
}

static void read_input(Smarter *smarter, Component *component, const SmarterInput *input, const JsonValue *sources) {
  DiagList *diags = smarter->workflow->diags;
  const JsonMember *member = sources ? json_member(sources, input->key) : NULL;
  if (!member) member = json_member(component->task.value, input->key);
  const JsonValue *value = member && member->value->kind != JSON_IS_NULL ? member->value : NULL;
  size_t errors = diags->errors;
  if (value && value->kind == JSON_IS_ARRAY)
    for (size_t i = 0; i < value->count; i++) add_input(smarter, component, input->port, value->members[i].value);
  else if (value)
    add_input(smarter, component, input->port, value);
  size_t count = component->inputs[input->port].count;
  if (count > 1 && !input->many) diag_report(diags, DIAG_WORKFLOW_AMBIGUOUS, value->span, "\"%s\" takes one component", input->key);
  bool may_miss = component->type == SMARTER_MIXER && input->port != PORT_MAIN;
  if (count == 0 && errors == diags->errors && !may_miss)
    diag_report(diags, DIAG_WORKFLOW_NO_UPSTREAM, value ? value->span : component->task.span, "`" TEXT_FORMAT "` has no input: \"%s\" names none", TEXT_ARG(component->task.id), input->key);
}

static void read_inputs(Smarter *smarter, Component *component) {
  const JsonValue *sources = object_of(smarter, component->task.value, "sources");
  bool choice = smarter_category(component->type) == SMARTER_CHOICE;
  for (size_t i = 0; i < smarter_input_count; i++) {
    if (smarter_inputs[i].type != component->type) continue;
    if (choice && smarter_inputs[i].port != smarter_chosen(smarter, component)) continue;
    read_input(smarter, component, &smarter_inputs[i], sources);
  }
}

SmarterPort smarter_chosen(Smarter *smarter, Component *component) {
  return config_bool(smarter->workflow, &component->task, "yes", false) ? PORT_MAIN : PORT_OTHER;
}

/* Tracks that cannot be had are left out; what has nothing left is so too. */
static void find_lost(Smarter *smarter, Component *component) {
  SmarterCategory category = smarter_category(component->type);
  component->lost = category == SMARTER_LOST;
  if (component->lost) {
    diag_report(smarter->workflow->diags, DIAG_LEFT_OUT, component->task.type_value->span, "%s; `" TEXT_FORMAT "` is left out", smarter_reason(component->type), TEXT_ARG(component->task.id));
    return;
  }
  if (category == SMARTER_SOURCE) return;
  size_t left = 0;
  bool both = category == SMARTER_COMBINER && component->type != SMARTER_MIXER;
  for (int port = 0; port < PORT_COUNT; port++)
    for (size_t i = 0; i < component->inputs[port].count; i++) left += (port == PORT_MAIN || both || category == SMARTER_CHOICE) && !component->inputs[port].items[i]->lost;
  component->lost = left == 0;
}

static void tell_cycle(Smarter *smarter, const Component *again, Component *const *way, size_t depth, Span span) {
  TextBuilder path = {.arena = smarter->workflow->arena};
  size_t from = 0;
  while (way[from] != again) from++;
  for (size_t i = from; i < depth; i++) text_append_format(&path, "`" TEXT_FORMAT "` ← ", TEXT_ARG(way[i]->task.id));
  diag_report(smarter->workflow->diags, DIAG_WORKFLOW_CYCLE, span, "components wait for each other: " TEXT_FORMAT "`" TEXT_FORMAT "`", TEXT_ARG(text_built(&path)), TEXT_ARG(again->task.id));
}

/* Inputs first. */
static void reach(Smarter *smarter, Component *component, Component **way, size_t depth) {
  component->task.state = TASK_OPEN;
  way[depth] = component;
  read_type(smarter, component);
  component->task.config = all_in_one(component) ? component->task.value : object_of(smarter, component->task.value, "params");
  if (component->type != SMARTER_TYPE_COUNT) {
    check_settings(smarter, component);
    read_inputs(smarter, component);
  }
  for (int port = 0; port < PORT_COUNT; port++) {
    for (size_t i = 0; i < component->inputs[port].count; i++) {
      Component *input = component->inputs[port].items[i];
      if (input->task.state == TASK_OPEN) tell_cycle(smarter, input, way, depth + 1, component->places[port].items[i]);
      if (input->task.state == TASK_UNSEEN) reach(smarter, input, way, depth + 1);
    }
  }
  component->task.state = TASK_DONE;
  vec_push(smarter->workflow->arena, &smarter->reached, component);
  vec_push(smarter->workflow->arena, &smarter->workflow->tasks, &component->task);
}

/* ---- the whole ---- */

static void read_component(Smarter *smarter, const JsonMember *member) {
  if (member->value->kind != JSON_IS_OBJECT) {
    diag_report(smarter->workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, member->value->span, "a component is an object, this is %s", json_kind_name(member->value->kind));
    return;
  }
  Component *component = arena_alloc(smarter->workflow->arena, sizeof *component);
  component->task = (Task){.id = member->key, .span = member->key_span, .value = member->value, .type = NODE_TYPE_COUNT};
  component->type = SMARTER_TYPE_COUNT;
  vec_push(smarter->workflow->arena, &smarter->all, component);
}

const JsonValue *smarter_comment(const Component *component) {
  const JsonMember *type = json_member(component->task.value, "type"), *params = json_member(component->task.value, "params");
  if (!type) type = json_member(component->task.value, "_type");
  if (!type || type->value->kind != JSON_IS_TEXT || smarter_type_find(type->value->text) != SMARTER_COMMENT) return NULL;
  const JsonMember *text = json_member(params ? params->value : component->task.value, "text");
  return text ? text->value : type->value;
}

static void tell_unused(Smarter *smarter) {
  enum { SHOWN = 10 };
  TextBuilder names = {.arena = smarter->workflow->arena};
  const Component *first = NULL;
  size_t count = 0;
  for (size_t i = 0; i < smarter->all.count; i++) {
    const Component *component = smarter->all.items[i];
    if (component->task.state != TASK_UNSEEN || smarter_comment(component)) continue;
    if (!first) first = component;
    if (count++ < SHOWN) text_append_format(&names, "%s`" TEXT_FORMAT "`", count > 1 ? ", " : "", TEXT_ARG(component->task.id));
  }
  if (count > SHOWN) text_append_format(&names, " and %zu more", count - SHOWN);
  if (first)
    diag_report(smarter->workflow->diags, DIAG_WORKFLOW_UNUSED, first->task.span, TEXT_FORMAT " %s run: %s not lead to \"main\"", TEXT_ARG(text_built(&names)), count == 1 ? "does not" : "do not", count == 1 ? "it does" : "they do");
}

Component *smarter_read_graph(Smarter *smarter) {
  Workflow *workflow = smarter->workflow;
  const JsonMember *components = json_member(workflow->root, "components"), *main = json_member(workflow->root, "main");
  if (components->value->count > COMPONENTS_MOST) {
    diag_report(workflow->diags, DIAG_TOO_LARGE, components->value->members[COMPONENTS_MOST].key_span, "the program has more than %d components", COMPONENTS_MOST);
    return NULL;
  }
  for (size_t i = 0; i < components->value->count; i++) read_component(smarter, &components->value->members[i]);
  bool none = !main || main->value->kind == JSON_IS_NULL || (main->value->kind == JSON_IS_TEXT && !main->value->text.length);
  if (none) {
    Diag *diag = tell(smarter, DIAG_WORKFLOW_MISSING_KEY, main ? main->value->span : components->key_span, "the program says no \"main\"");
    diag_hint(workflow->diags, diag, "the name of the last component");
    return NULL;
  }
  if (main->value->kind != JSON_IS_TEXT) {
    diag_report(workflow->diags, DIAG_WORKFLOW_WRONG_TYPE, main->value->span, "\"main\" is a text, this is %s", json_kind_name(main->value->kind));
    return NULL;
  }
  Component *last = named(smarter, main->value->text);
  if (!last) {
    no_component(smarter, main->value->text, main->value->span);
    return NULL;
  }
  reach(smarter, last, arena_array(workflow->arena, smarter->all.count + 1, sizeof(Component *)), 0);
  if (workflow->diags->errors) return NULL;
  tell_unused(smarter);
  for (size_t i = 0; i < smarter->reached.count; i++) find_lost(smarter, smarter->reached.items[i]);
  if (!last->lost) return last;
  tell(smarter, DIAG_WORKFLOW_CANNOT, main->value->span, "nothing is left of this program");
  return NULL;
}
