#include "compiler/workflow/smarter_int.h"

static bool has_known_type(const JsonValue *components) {
  for (size_t i = 0; i < components->count; i++) {
    const JsonMember *type = json_member(components->members[i].value, "type");
    if (!type) type = json_member(components->members[i].value, "_type");
    if (type && type->value->kind == JSON_IS_TEXT && smarter_type_find(type->value->text) != SMARTER_TYPE_COUNT) return true;
  }
  return false;
}

bool smarter_seems(const JsonValue *root) {
  const JsonMember *components = json_member(root, "components");
  return components && components->value->kind == JSON_IS_OBJECT && !json_member(root, "tasks") && has_known_type(components->value);
}

bool smarter_is(const JsonValue *root) {
  const JsonMember *components = json_member(root, "components");
  return smarter_seems(root) || (components && components->value->kind == JSON_IS_OBJECT && !json_member(root, "tasks") && json_member(root, "main"));
}

/* ---- who reads what ---- */

/* Whether the component's only main input flows into it, so that it can stand right behind. */
static bool chains(const Component *component) {
  SmarterCategory category = smarter_category(component->type);
  return category == SMARTER_STAGES || category == SMARTER_NOTHING || category == SMARTER_SINK || category == SMARTER_CHOICE;
}

static Component *flows_from(Smarter *smarter, Component *component) {
  SmarterPort port = smarter_category(component->type) == SMARTER_CHOICE ? smarter_chosen(smarter, component) : PORT_MAIN;
  return component->inputs[port].items[0];
}

/* A stream that is read once, by the stage behind it, needs no name. */
static void count_users(Smarter *smarter) {
  for (size_t i = 0; i < smarter->reached.count; i++) {
    Component *component = smarter->reached.items[i];
    if (component->lost) continue;
    for (int port = 0; port < PORT_COUNT; port++)
      for (size_t k = 0; k < component->inputs[port].count; k++)
        component->inputs[port].items[k]->task.users += chains(component) && component->inputs[port].items[k] == flows_from(smarter, component) ? 1 : 2;
  }
}

static bool has_name(const Component *component) {
  return component->task.users > 1;
}

/* ---- names ---- */

/* The editor calls everything by its type and a number; a playlist's own name says more. */
static void name_playlists(Smarter *smarter) {
  for (size_t i = 0; i < smarter->reached.count; i++) {
    Component *component = smarter->reached.items[i];
    const JsonValue *name = smarter_category(component->type) == SMARTER_SOURCE ? config_value(&component->task, "name") : NULL;
    TextBuilder id = {.arena = smarter->workflow->arena};
    bool letters = false;
    for (size_t c = 0; name && name->kind == JSON_IS_TEXT && c < name->text.length; c++) {
      char byte = name->text.bytes[c];
      bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'), digit = byte >= '0' && byte <= '9';
      letters = letters || letter;
      if (letter || digit) text_append_char(&id, byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte);
      else if (id.length && id.bytes[id.length - 1] != '_') text_append_char(&id, '_');
    }
    while (id.length && id.bytes[id.length - 1] == '_') id.length--;
    if (letters) component->task.id = text_copy(smarter->workflow->arena, (Text){id.bytes, id.length});
  }
  workflow_name_tasks(smarter->workflow);
}

/* ---- writing ---- */

/* A join of one stream is that stream. */
static void write_inputs(Smarter *smarter, Component *component) {
  size_t count = 0;
  text_append_format(&smarter->writer.text, "from ");
  for (int port = 0; port < PORT_COUNT; port++) {
    bool mixed = port == PORT_MAIN || component->type != SMARTER_MIXER;
    for (size_t i = 0; mixed && i < component->inputs[port].count; i++) {
      const Component *input = component->inputs[port].items[i];
      if (!input->lost) write_from(&smarter->writer, component->places[port].items[i], "%s" TEXT_FORMAT, count++ ? ", " : "", TEXT_ARG(input->task.name));
    }
  }
  smarter_combine(smarter, component, count);
}

static void write_stream(Smarter *smarter, Component *component) {
  switch (smarter_category(component->type)) {
    case SMARTER_SOURCE: smarter_source(smarter, component); return;
    case SMARTER_COMBINER:
      if (component->type == SMARTER_WEEKEND || component->type == SMARTER_WEEKDAY)
        smarter_combine(smarter, component, 0);
      else
        write_inputs(smarter, component);
      return;
    default: break;
  }
  Component *input = flows_from(smarter, component);
  if (has_name(input))
    write_from(&smarter->writer, component->task.type_value->span, "from " TEXT_FORMAT, TEXT_ARG(input->task.name));
  else
    write_stream(smarter, input);
  smarter_stages(smarter, component);
}

/* What the program gives goes into a playlist of its name, unless it saves it itself. */
static void write_main(Smarter *smarter, Component *last, Text title) {
  Workflow *workflow = smarter->workflow;
  text_append_char(&smarter->writer.text, '\n');
  write_stream(smarter, last);
  if (smarter_category(last->type) == SMARTER_SINK) {
    text_append_char(&smarter->writer.text, '\n');
    return;
  }
  Task frame = {.config = workflow->root};
  int64_t most;
  if (config_int(workflow, &frame, "max_tracks", 1, 1000000000, &most))
    write_from(&smarter->writer, config_value(&frame, "max_tracks")->span, "\n| take %" PRId64, most);
  write_from(&smarter->writer, last->task.type_value->span, "\n| to spotify.playlist ");
  write_plain(&smarter->writer, last->task.type_value->span, title);
  text_append_format(&smarter->writer.text, " mode: replace\n");
}

static void write_comments(Smarter *smarter) {
  for (size_t i = 0; i < smarter->all.count; i++) {
    const JsonValue *text = smarter_comment(smarter->all.items[i]);
    if (text && text->kind == JSON_IS_TEXT && smarter->all.items[i]->task.state == TASK_UNSEEN) write_comment(&smarter->writer, text->text);
  }
}

/* Settings are told also where the program hangs together badly, as far as each component can be looked at by itself. */
static void look_at_settings(Smarter *smarter) {
  for (size_t i = 0; i < smarter->reached.count; i++) {
    Component *component = smarter->reached.items[i];
    if (component->type == SMARTER_TYPE_COUNT) continue;
    bool whole = true;
    for (size_t k = 0; k < smarter_input_count; k++)
      if (smarter_inputs[k].type == component->type && component->type != SMARTER_MIXER) whole = whole && component->inputs[smarter_inputs[k].port].count;
    SmarterCategory category = smarter_category(component->type);
    if (category == SMARTER_SOURCE)
      smarter_source(smarter, component);
    else if (category == SMARTER_COMBINER && whole)
      smarter_combine(smarter, component, 2);
    else if (category == SMARTER_SINK || (category == SMARTER_STAGES && (whole || (component->type != SMARTER_TRACK_FILTER && component->type != SMARTER_ARTIST_FILTER))))
      smarter_stages(smarter, component);
  }
}

static void check_frame(Workflow *workflow) {
  static const char *const idle[] = {"extra", "pid", "uri", "trans", "owner", "shared", "inventory", "portTypes", "max_tracks", "symbols", "hsymbols"};
  for (size_t i = 0; i < sizeof idle / sizeof *idle; i++) json_member(workflow->root, idle[i]);
  for (size_t i = 0; i < workflow->root->count; i++) {
    const JsonMember *member = &workflow->root->members[i];
    if (!member->known)
      diag_report(workflow->diags, DIAG_WORKFLOW_UNKNOWN_KEY, member->key_span, "a program of SmarterPlaylists has no \"" TEXT_FORMAT "\"", TEXT_ARG(member->key));
  }
}

bool smarter_read(Workflow *workflow, uint32_t *program) {
  Smarter *smarter = arena_alloc(workflow->arena, sizeof *smarter);
  *smarter = (Smarter){.workflow = workflow, .writer = {.text = {.arena = workflow->arena}}};
  Task frame = {.config = workflow->root};
  Text title = config_text(workflow, &frame, "name", false), description = config_text(workflow, &frame, "description", false);
  if (!title.length) title = workflow_file_stem(workflow);
  Component *last = smarter_read_graph(smarter);
  check_frame(workflow);
  if (!last) {
    if (workflow->diags->errors) look_at_settings(smarter);
    return false;
  }
  name_playlists(smarter);
  count_users(smarter);
  write_comment(&smarter->writer, title);
  if (!text_is(description, "my description")) write_comment(&smarter->writer, description); /* what the editor puts there by itself */
  write_comments(smarter);
  text_append_char(&smarter->writer.text, '\n');
  for (size_t i = 0; i < smarter->reached.count; i++) {
    Component *component = smarter->reached.items[i];
    if (component->lost || component == last || !has_name(component)) continue;
    write_from(&smarter->writer, component->task.span, "let " TEXT_FORMAT " = ", TEXT_ARG(component->task.name));
    write_stream(smarter, component);
    text_append_char(&smarter->writer.text, '\n');
  }
  write_main(smarter, last, title);
  return workflow_finish(workflow, &smarter->writer, program);
}
