#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const OptionDef *find(const Options *options, Text name) {
  for (size_t i = 0; i < options->def_count; i++)
    if (text_is(name, options->defs[i].name)) return &options->defs[i];
  return NULL;
}

static const OptionDef *find_letter(const Options *options, char letter) {
  for (size_t i = 0; i < options->def_count; i++)
    if (letter && options->defs[i].letter == letter) return &options->defs[i];
  return NULL;
}

Status options_unknown(Arena *arena, const Options *options, Text name, const Text *more, size_t more_count, Error *error) {
  VEC(Text) names = {0};
  for (size_t i = 0; i < options->def_count; i++) vec_push(arena, &names, text_of(options->defs[i].name));
  for (size_t i = 0; i < more_count; i++) vec_push(arena, &names, more[i]);
  size_t near = text_nearest(name, names.items, names.count);
  if (near != SIZE_MAX)
    return fail(error, STATUS_USAGE, "", "no option `--" TEXT_FORMAT "`; did you mean `--" TEXT_FORMAT "`?", TEXT_ARG(name), TEXT_ARG(names.items[near]));
  TextBuilder list = {.arena = arena};
  for (size_t i = 0; i < names.count; i++) text_append_format(&list, "%s--" TEXT_FORMAT, i ? " " : "", TEXT_ARG(names.items[i]));
  return fail(error, STATUS_USAGE, "", "no option `--" TEXT_FORMAT "`; there are " TEXT_FORMAT, TEXT_ARG(name), TEXT_ARG(text_built(&list)));
}

static bool given(const Options *options, const OptionDef *def) {
  for (size_t i = 0; i < options->values.count; i++)
    if (options->values.items[i].def == def) return true;
  return false;
}

static bool may_repeat(const OptionDef *def) {
  size_t length = def->value ? strlen(def->value) : 0;
  return length > 3 && strcmp(def->value + length - 3, "...") == 0;
}

/* One option at argv[i]; returns how many further words it used. */
static Status read_option(Arena *arena, Options *options, bool keep_unknown, int argc, char **argv, int i, int *used, Error *error) {
  const char *word = argv[i];
  bool is_long = word[1] == '-';
  Text name = text_of(word + (is_long ? 2 : 1));
  const char *value = NULL;
  const char *equals = is_long ? memchr(name.bytes, '=', name.length) : NULL;
  if (equals) {
    value = equals + 1;
    name.length = (size_t)(equals - name.bytes);
  }
  const OptionDef *def = is_long ? find(options, name) : name.length == 1 ? find_letter(options, name.bytes[0]) : NULL;
  if (!def && !(keep_unknown && is_long && name.length)) {
    if (is_long) return options_unknown(arena, options, name, NULL, 0, error);
    return fail(error, STATUS_USAGE, "", "no option `%s`; options are written out, as `--help`", word);
  }
  if (def && !may_repeat(def) && given(options, def)) return fail(error, STATUS_USAGE, "", "`--%s` is given twice", def->name);
  if (def && !def->value && value) return fail(error, STATUS_USAGE, "", "`--%s` takes no value", def->name);
  bool wants_value = def ? def->value != NULL : true;
  if (wants_value && !value && i + 1 < argc && (def || strncmp(argv[i + 1], "--", 2) != 0)) {
    value = argv[i + 1];
    *used = 1;
  }
  if (def && def->value && !value) return fail(error, STATUS_USAGE, "", "`--%s` needs a value: --%s %s", def->name, def->name, def->value);
  vec_push(arena, &options->values, (OptionValue){def, name, value});
  return STATUS_OK;
}

Status options_read(Arena *arena, const OptionDef *defs, size_t def_count, bool keep_unknown, int argc, char **argv, Options *out, Error *error) {
  *out = (Options){.defs = defs, .def_count = def_count};
  bool operands_only = false;
  for (int i = 0; i < argc; i++) {
    if (!operands_only && strcmp(argv[i], "--") == 0) {
      operands_only = true;
    } else if (operands_only || argv[i][0] != '-' || argv[i][1] == '\0') {
      vec_push(arena, &out->operands, argv[i]);
    } else {
      int used = 0;
      Status status = read_option(arena, out, keep_unknown, argc, argv, i, &used, error);
      if (status != STATUS_OK) return status;
      i += used;
    }
  }
  return STATUS_OK;
}

static const OptionValue *value_of(const Options *options, const char *name) {
  for (size_t i = 0; i < options->values.count; i++)
    if (options->values.items[i].def && strcmp(options->values.items[i].def->name, name) == 0) return &options->values.items[i];
  return NULL;
}

bool options_have(const Options *options, const char *name) {
  return value_of(options, name) != NULL;
}

const char *options_value(const Options *options, const char *name) {
  const OptionValue *value = value_of(options, name);
  return value ? value->value : NULL;
}

void options_print(const OptionDef *defs, size_t def_count, FILE *out) {
  for (size_t i = 0; i < def_count; i++) {
    char left[64];
    char shortly[5] = {'-', defs[i].letter, ',', ' ', '\0'};
    snprintf(left, sizeof left, "%s--%s%s%s", defs[i].letter ? shortly : "    ",
             defs[i].name, defs[i].value ? " " : "", defs[i].value ? defs[i].value : "");
    fprintf(out, "  %-28s %s\n", left, defs[i].doc);
  }
}

int cli_report(const char *program, Status status, const Error *error) {
  if (status == STATUS_OK || !error->message[0]) return (int)status;
  fprintf(stderr, "%s: ", program);
  text_print(stderr, text_of(error->message));
  if (error->code[0]) fprintf(stderr, " [%s]", error->code);
  fputc('\n', stderr);
  return (int)status;
}

bool cli_colour(FILE *stream) {
  const char *no_color = getenv("NO_COLOR");
  return isatty(fileno(stream)) && !(no_color && *no_color);
}

Status cli_finish_output(Error *error) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout)) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "standard output cannot be written: %s", strerror(errno ? errno : EIO));
}
