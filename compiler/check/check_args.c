#include "compiler/check/check_args_int.h"

void args_add(ArgsCheck *check, size_t param, NodeArg arg) {
  arg.param = (uint8_t)param;
  vec_push(check->checker->arena, &check->args, arg);
}

static void check_stream_arg(ArgsCheck *check, size_t index, const Arg *arg) {
  Checker *checker = check->checker;
  Node *stream = NULL;
  if (arg->block) {
    if (!arg->block->pipeline) {
      diag_hint(checker->diags, diag_report(checker->diags, DIAG_NOT_A_STREAM, arg->block->span, "these braces hold no source"),
                "start with `from`");
      return;
    }
    stream = check_pipeline(checker, arg->block->pipeline, check->place.scope);
  } else if (arg->value->kind == EXPR_NAME) {
    stream = check_stream_name(checker, &arg->value->path, check->place.scope);
  } else if (arg->value->kind != EXPR_BAD) {
    Diag *diag = diag_report(checker->diags, DIAG_NOT_A_STREAM, arg->value->span, "`%s` needs a stream here", check->def->name);
    diag_hint(checker->diags, diag, "the name of a `let`, or `{ from … }`");
  }
  if (!stream) return;
  node_add_input(checker, check->node, stream);
  args_add(check, index, (NodeArg){.kind = NODE_INPUT, .input = (uint32_t)check->node->input_count - 1, .span = arg->span});
}

/* One of the words, or a name that nothing has and that is near to one. */
static bool means_word(ArgsCheck *check, const ParamDef *param, Text name) {
  Text *words;
  size_t count = args_split_words(check->checker->arena, param->words, &words);
  if (!name.length || args_in_words(param->words, name)) return name.length > 0;
  return !scope_find(check->place.scope, name) && text_nearest(name, words, count) != SIZE_MAX;
}

static void check_one(ArgsCheck *check, size_t index, const Arg *arg) {
  const ParamDef *param = &check->def->params[index];
  DiagList *diags = check->checker->diags;
  check->given[index] = true;
  check->at[index] = arg->name.length ? arg->name_span : arg->span;
  check->streams += param->kind == PARAM_STREAM;
  check->results += param->kind == PARAM_RESULTS;
  if (arg->block && param->kind != PARAM_STREAM && param->kind != PARAM_BLOCK) {
    args_note_form(check, diag_report(diags, DIAG_NO_BLOCK, arg->block->span, "`%s` of `%s` takes no braces", param->name, check->def->name));
    return;
  }
  if (!arg->block && (!arg->value || arg->value->kind == EXPR_BAD)) return;
  bool may_be_key = param->kind == PARAM_KEYS;
  if (!arg->block && arg->value->kind == EXPR_KEY && !may_be_key) {
    Diag *diag = diag_report(diags, DIAG_DIRECTION_MISPLACED, arg->value->span, "`%s` takes no direction", check->def->name);
    diag_hint(diags, diag, "only the keys of `sort` do");
    diag_fix_at(diags, diag, arg->value->op_span, TEXT_LITERAL(""));
    return;
  }
  switch (param->kind) {
    case PARAM_CONDITION: {
      Typed *condition = check_condition(check->checker, arg->value, check->place);
      if (condition->kind != TYPED_BAD) args_add(check, index, (NodeArg){.kind = NODE_ROW, .value = condition, .span = arg->span});
      break;
    }
    case PARAM_KEY: {
      Typed *key = args_check_key(check, arg->value);
      if (key->kind != TYPED_BAD) args_add(check, index, (NodeArg){.kind = NODE_ROW, .value = key, .span = arg->span});
      break;
    }
    case PARAM_KEYS: args_check_sort_key(check, index, arg->value); break;
    case PARAM_WEIGHT: args_check_weight(check, index, arg->value); break;
    case PARAM_IDENTITY: args_check_identity(check, index, arg->value); break;
    case PARAM_STREAM: check_stream_arg(check, index, arg); break;
    case PARAM_NAMED: args_check_named(check, index, arg); break;
    case PARAM_RESULTS: args_check_result(check, index, arg); break;
    case PARAM_WORD:
    case PARAM_PROVIDER: args_check_word(check, index, arg->value); break;
    case PARAM_BLOCK: break;
    case PARAM_SINCE:
      if (means_word(check, param, args_bare_word(arg->value)))
        args_check_word(check, index, arg->value);
      else
        args_check_scalar(check, index, arg->value);
      break;
    default: args_check_scalar(check, index, arg->value); break;
  }
}

/* The stages of a block are checked once the node they follow is there. */
static size_t block_param(const ArgsCheck *check) {
  for (size_t i = 0; i < check->def->param_count; i++)
    if (check->def->params[i].kind == PARAM_BLOCK) return i;
  return SIZE_MAX;
}

static size_t next_positional(const ArgsCheck *check, size_t from) {
  while (from < check->def->param_count && !(check->def->params[from].flags & PARAM_POSITIONAL)) from++;
  return from;
}

static size_t named_param(const ArgsCheck *check, Text name) {
  for (size_t i = 0; i < check->def->param_count; i++)
    if (text_is(name, check->def->params[i].name) && check->def->params[i].kind != PARAM_NAMED && check->def->params[i].kind != PARAM_RESULTS &&
        !(check->def->params[i].flags & PARAM_HIDDEN))
      return i;
  for (size_t i = 0; i < check->def->param_count; i++)
    if (check->def->params[i].kind == PARAM_NAMED || check->def->params[i].kind == PARAM_RESULTS) return i;
  return SIZE_MAX;
}

static void unknown_option(ArgsCheck *check, const Arg *arg) {
  DiagList *diags = check->checker->diags;
  Text names[STAGE_MAX_PARAMS];
  size_t count = 0;
  for (size_t i = 0; i < check->def->param_count; i++)
    if (!(check->def->params[i].flags & (PARAM_POSITIONAL | PARAM_HIDDEN))) names[count++] = text_of(check->def->params[i].name);
  Diag *diag = diag_report(diags, DIAG_UNKNOWN_OPTION, arg->name_span, "`%s` has no option `" TEXT_FORMAT ":`", check->def->name,
                           TEXT_ARG(arg->name));
  size_t near = text_nearest(arg->name, names, count);
  if (near != SIZE_MAX) {
    diag_hint(diags, diag, "did you mean `" TEXT_FORMAT ":`?", TEXT_ARG(names[near]));
    diag_fix(diags, diag, names[near]);
  }
  args_note_form(check, diag);
}

/* `unique artist` for `unique by: artist` */
static void too_many_arguments(ArgsCheck *check, const Arg *arg) {
  DiagList *diags = check->checker->diags;
  Diag *diag = diag_report(diags, DIAG_TOO_MANY_ARGUMENTS, arg->span, "too many arguments for `%s`", check->def->name);
  for (size_t i = 0; i < check->def->param_count && arg->value && arg->value->kind == EXPR_NAME; i++) {
    const ParamDef *param = &check->def->params[i];
    if (param->flags & PARAM_POSITIONAL || (param->kind != PARAM_IDENTITY && param->kind != PARAM_KEY)) continue;
    Text written = span_text(diags->sources, arg->span);
    diag_hint(diags, diag, "write `%s: " TEXT_FORMAT "`", param->name, TEXT_ARG(written));
    diag_fix(diags, diag, text_of(arena_format(check->checker->arena, "%s: " TEXT_FORMAT, param->name, TEXT_ARG(written))));
    break;
  }
  args_note_form(check, diag);
}

/* Keys before aggregates before results, each in the order written; by parameter otherwise. */
static int arg_rank(const NodeArg *arg) {
  int within = arg->kind == NODE_RESULT ? 1 : 0;
  return arg->param * 2 + within;
}

static void order_args(ArgsCheck *check) {
  for (size_t i = 1; i < check->args.count; i++) {
    NodeArg moved = check->args.items[i];
    size_t j = i;
    while (j > 0 && arg_rank(&check->args.items[j - 1]) > arg_rank(&moved)) {
      check->args.items[j] = check->args.items[j - 1];
      j--;
    }
    check->args.items[j] = moved;
  }
  check->node->args = check->args.items;
  check->node->arg_count = check->args.count;
}

static void report_missing(ArgsCheck *check) {
  DiagList *diags = check->checker->diags;
  for (size_t i = 0; i < check->def->param_count; i++) {
    const ParamDef *param = &check->def->params[i];
    bool no_track = param->kind == PARAM_IDENTITY && check->place.row && check->place.row->kind == ROWS_PLAYLIST;
    bool only_keys = param->kind == PARAM_RESULTS && check->results == check->computed_keys;
    if ((check->given[i] && !only_keys) || (!(param->flags & PARAM_REQUIRED) && param->kind != PARAM_BLOCK && !no_track)) continue;
    if (no_track) {
      Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs `%s:` for playlists", check->def->name, param->name);
      diag_hint(diags, diag, "as in `%s: name`", param->name);
      continue;
    }
    if (param->kind == PARAM_BLOCK) {
      Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs stages in braces", check->def->name);
      args_note_form(check, diag);
      continue;
    }
    bool by_name = !(param->flags & PARAM_POSITIONAL);
    if (param->kind == PARAM_NAMED || param->kind == PARAM_RESULTS) {
      bool results = param->kind == PARAM_RESULTS;
      Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs a %s", check->def->name, results ? "result" : "column");
      diag_hint(diags, diag, "as in `%s`", results ? "plays: count()" : "heard: plays + skips");
      args_note_form(check, diag);
      continue;
    }
    Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs `%s%s`", check->def->name, param->name, by_name ? ":" : "");
    diag_hint(diags, diag, "%s", param->doc);
    args_note_form(check, diag);
  }
}

/* Parameters that exclude each other, or that go with another. */
static void check_combination(ArgsCheck *check) {
  DiagList *diags = check->checker->diags;
  const ParamDef *params = check->def->params;
  size_t first = SIZE_MAX, chosen = SIZE_MAX;
  for (size_t i = 0; i < check->def->param_count; i++) {
    if (!(params[i].flags & PARAM_EITHER)) continue;
    if (first == SIZE_MAX) first = i;
    if (!check->given[i]) continue;
    if (chosen == SIZE_MAX) {
      chosen = i;
      continue;
    }
    bool names[2] = {!(params[chosen].flags & PARAM_POSITIONAL), !(params[i].flags & PARAM_POSITIONAL)};
    Diag *diag = diag_report(diags, DIAG_EXCLUDED_ARGUMENT, check->at[i], "`%s` takes `%s%s` or `%s%s`, not both", check->def->name,
                             params[chosen].name, names[0] ? ":" : "", params[i].name, names[1] ? ":" : "");
    diag_label(diags, diag, check->at[chosen], "this is `%s%s`", params[chosen].name, names[0] ? ":" : "");
    args_note_form(check, diag);
    return;
  }
  if (first != SIZE_MAX && chosen == SIZE_MAX) {
    Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs `%s`", check->def->name, params[first].name);
    diag_hint(diags, diag, "%s", params[first].doc);
    args_note_form(check, diag);
    return;
  }
  for (size_t i = 0; i < check->def->param_count; i++) {
    if (!(params[i].flags & PARAM_WITH_FIRST) || !check->given[i] || check->given[0]) continue;
    Diag *diag = diag_report(diags, DIAG_NEEDS_COMPANION, check->at[i], "`%s:` goes with `%s`", params[i].name, params[0].name);
    args_note_form(check, diag);
  }
}

/* One weight for each stream; those of a parameter are counted when the program runs. */
static void check_weight_count(ArgsCheck *check, size_t streams) {
  DiagList *diags = check->checker->diags;
  for (size_t i = 0; i < check->args.count; i++) {
    const NodeArg *arg = &check->args.items[i];
    if (check->def->params[arg->param].kind != PARAM_WEIGHTS || arg->value->kind != TYPED_CONSTANT) continue;
    size_t count = arg->value->literal.item_count;
    if (count == streams || streams < 2) continue;
    Diag *diag = diag_report(diags, DIAG_WEIGHT_COUNT, arg->value->span, "%zu weight%s for %zu streams", count, count == 1 ? "" : "s", streams);
    diag_hint(diags, diag, "one for each stream, in their order");
  }
}

void check_args(Checker *checker, Node *node, const Stage *stage, const Scope *scope, const StreamType *row) {
  static const StreamType no_rows = {.kind = ROWS_KIND_COUNT};
  ArgsCheck check = {.checker = checker, .node = node, .def = stage_def(node->stage), .stage = stage};
  check.place = (Place){.scope = scope, .row = row ? row : &no_rows};
  size_t positional = next_positional(&check, 0), written_inputs = node->input_count;
  bool too_many = false;
  for (size_t i = 0; i < stage->arg_count; i++) {
    const Arg *arg = &stage->args[i];
    if (arg->name.length) {
      size_t index = named_param(&check, arg->name);
      if (index == SIZE_MAX) {
        unknown_option(&check, arg);
      } else if (check.given[index] && check.def->params[index].kind != PARAM_NAMED && check.def->params[index].kind != PARAM_RESULTS &&
                 !(check.def->params[index].flags & PARAM_REPEATED)) {
        diag_report(checker->diags, DIAG_GIVEN_TWICE, arg->name_span, "`" TEXT_FORMAT ":` is given twice", TEXT_ARG(arg->name));
      } else {
        check_one(&check, index, arg);
      }
      continue;
    }
    if (arg->block && block_param(&check) != SIZE_MAX && !check.given[block_param(&check)]) {
      check_one(&check, block_param(&check), arg);
      continue;
    }
    if (positional >= check.def->param_count) {
      if (!too_many) too_many_arguments(&check, arg);
      too_many = true;
      continue;
    }
    check_one(&check, positional, arg);
    if (!(check.def->params[positional].flags & PARAM_REPEATED)) positional = next_positional(&check, positional + 1);
  }
  if (!too_many) {
    report_missing(&check);
    check_combination(&check);
  }
  check_weight_count(&check, written_inputs + check.streams);
  order_args(&check);
}
