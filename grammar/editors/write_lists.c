/* Writes the lists of words in the editors' grammars from the tables: write_editor_lists [--check] FILE...
 * In each file it replaces the lines between the one that holds `generated-begin` and the one that holds `generated-end`.
 * A name ending in .json gets rules of a TextMate grammar, another one commands of Vim.
 * Exit 0: done, or --check and nothing differs; 1: --check and something differs; 2: wrong usage; 3: a file that cannot be read or written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/syntax/token.h"
#include "plan/catalogue.h"

enum { MAX_WORDS = 512, MAX_FILE = 1 << 20 };

typedef struct Words {
  const char *at[MAX_WORDS];
  size_t count;
} Words;

static void add_word(Words *words, const char *word) {
  for (size_t i = 0; i < words->count; i++)
    if (strcmp(words->at[i], word) == 0) return;
  if (words->count == MAX_WORDS) {
    fputs("write_editor_lists: MAX_WORDS is too small\n", stderr);
    exit(3);
  }
  words->at[words->count++] = word;
}

typedef struct Lists {
  Words keywords, statements, modifiers, operators, constants, stages, sources, destinations, options, fields, functions, types;
} Lists;

typedef struct Class {
  const char *scope, *group; /* "" = the files of the editors say it by hand */
} Class;

typedef enum ClassId {
#define CLASS(id, token, modifiers, scope, group) CLASS_##id,
#include "grammar/classes.def"
#undef CLASS
} ClassId;

static const Class classes[] = {
#define CLASS(id, token, modifiers, scope, group) {scope, group},
#include "grammar/classes.def"
#undef CLASS
};

static void collect_tokens(Lists *lists) {
  for (int kind = 0; kind < TOKEN_COUNT; kind++) {
    const char *text = token_text((TokenKind)kind);
    TokenGroup group = token_group((TokenKind)kind);
    bool letters = text && *text >= 'a' && *text <= 'z' && !strchr(text, ' ');
    if (!letters) continue;
    bool modifier = kind == TOKEN_AS || kind == TOKEN_ASC || kind == TOKEN_DESC;
    if (group == GROUP_KEYWORD) add_word(&lists->keywords, text);
    if (group == GROUP_WORD) add_word(modifier ? &lists->modifiers : &lists->statements, text);
    if (group == GROUP_OPERATOR) add_word(&lists->operators, text);
    if (group == GROUP_LITERAL) add_word(&lists->constants, text);
  }
}

static void collect(Lists *lists) {
  collect_tokens(lists);
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *stage = stage_def((StageId)id);
    if (!stage_is_written((StageId)id)) continue;
    const char *prefix = stage_prefix((StageId)id);
    add_word(strcmp(prefix, "from ") == 0 ? &lists->sources : strcmp(prefix, "to ") == 0 ? &lists->destinations : &lists->stages, stage->name);
    for (int i = 0; i < stage->param_count; i++) {
      const ParamDef *param = &stage->params[i];
      bool by_name = !(param->flags & PARAM_HIDDEN) && param->kind != PARAM_NAMED && param->kind != PARAM_RESULTS && param->kind != PARAM_BLOCK;
      if (by_name) add_word(&lists->options, param->name);
    }
  }
  for (int id = 0; id < FIELD_COUNT; id++) add_word(&lists->fields, field_def((FieldId)id)->name);
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) add_word(&lists->functions, function_def((FunctionId)id)->name);
#define TYPE(base, name, doc) \
  if (BASE_##base != BASE_MISSING) add_word(&lists->types, name);
#include "types.def"
#undef TYPE
}

/* ---- TextMate ---- */
static void write_rule(FILE *out, const char *key, ClassId class, const char *before, const Words *words, const char *after) {
  fprintf(out, "    \"%s\": {\"name\": \"%s.narada\", \"match\": \"%s(?:", key, classes[class].scope, before);
  for (size_t i = 0; i < words->count; i++) {
    if (i) fputc('|', out);
    for (const char *c = words->at[i]; *c; c++) fprintf(out, *c == '.' ? "\\\\." : "%c", *c);
  }
  fprintf(out, ")%s\"},\n", after);
}

static void write_textmate(FILE *out, const Lists *lists) {
  const char *name_begin = "(?<![A-Za-z0-9_])(?<![A-Za-z0-9_]\\\\.)", *name_end = "(?![A-Za-z0-9_])(?!\\\\.[A-Za-z_])";
  const char *not_option = "(?![A-Za-z0-9_])(?!\\\\s*:)(?!\\\\.[A-Za-z_])";
  write_rule(out, "keyword", CLASS_KEYWORD, name_begin, &lists->keywords, name_end);
  write_rule(out, "statement", CLASS_STATEMENT, "^", &lists->statements, name_end);
  write_rule(out, "modifier", CLASS_MODIFIER, name_begin, &lists->modifiers, not_option);
  write_rule(out, "word-operator", CLASS_WORD_OPERATOR, name_begin, &lists->operators, name_end);
  write_rule(out, "constant", CLASS_CONSTANT, name_begin, &lists->constants, name_end);
  write_rule(out, "stage", CLASS_STAGE, "(?<=[|{=]|[|{=]\\\\s|^\\\\s{2}|^\\\\s{4})", &lists->stages, not_option);
  write_rule(out, "source", CLASS_SOURCE, "(?<=\\\\bfrom\\\\s)", &lists->sources, name_end);
  write_rule(out, "destination", CLASS_DESTINATION, "(?<=\\\\bto\\\\s)", &lists->destinations, name_end);
  write_rule(out, "option", CLASS_OPTION, name_begin, &lists->options, "(?=\\\\s*:)");
  write_rule(out, "field", CLASS_FIELD, name_begin, &lists->fields, not_option);
  write_rule(out, "function", CLASS_FUNCTION, name_begin, &lists->functions, "(?=\\\\s*\\\\()");
  write_rule(out, "type", CLASS_TYPE, name_begin, &lists->types, name_end);
}

/* ---- Vim ---- */
static void write_keywords(FILE *out, ClassId class, const char *arguments, const Words *words) {
  bool any = false;
  for (size_t i = 0; i < words->count; i++) {
    if (strchr(words->at[i], '.')) continue;
    if (!any) fprintf(out, "syn keyword %s%s", classes[class].group, arguments);
    any = true;
    fprintf(out, " %s", words->at[i]);
  }
  if (any) fputc('\n', out);
}

static void write_match(FILE *out, ClassId class, const char *arguments, const char *before, const Words *words, const char *after, bool dotted) {
  bool any = false;
  for (size_t i = 0; i < words->count; i++) {
    if (dotted && !strchr(words->at[i], '.')) continue;
    fprintf(out, any ? "\\|" : "syn match %s \"%s\\%%(", classes[class].group, before);
    any = true;
    for (const char *c = words->at[i]; *c; c++) fprintf(out, *c == '.' ? "\\." : "%c", *c);
  }
  if (any) fprintf(out, "\\)%s\"%s\n", after, arguments);
}

static void write_vim(FILE *out, const Lists *lists) {
  Words others = lists->keywords, start = {0};
  others.count = 0;
  for (size_t i = 0; i < lists->keywords.count; i++) {
    bool leads = strcmp(lists->keywords.at[i], "from") == 0 || strcmp(lists->keywords.at[i], "to") == 0;
    add_word(leads ? &start : &others, lists->keywords.at[i]);
  }
  write_keywords(out, CLASS_KEYWORD, "", &others);
  write_keywords(out, CLASS_KEYWORD, " nextgroup=naradaSource,naradaDestination skipwhite", &start);
  write_match(out, CLASS_STATEMENT, "", "^", &lists->statements, "\\>", false);
  write_match(out, CLASS_MODIFIER, "", "\\<", &lists->modifiers, "\\>\\%(\\s*:\\)\\@!", false);
  write_keywords(out, CLASS_WORD_OPERATOR, "", &lists->operators);
  write_keywords(out, CLASS_CONSTANT, "", &lists->constants);
  write_match(out, CLASS_SOURCE, " contained", "\\%(\\<from\\s\\+\\)\\@<=", &lists->sources, "\\>", false);
  write_match(out, CLASS_DESTINATION, " contained", "\\%(\\<to\\s\\+\\)\\@<=", &lists->destinations, "\\>", false);
  write_match(out, CLASS_FIELD, "", "\\%(\\.\\)\\@<!\\<", &lists->fields, "\\>", false);
  write_match(out, CLASS_FUNCTION, "", "\\<", &lists->functions, "\\>\\ze\\s*(", false);
  write_match(out, CLASS_OPTION, "", "\\<", &lists->options, "\\>\\ze\\s*:", false);
  write_keywords(out, CLASS_STAGE, " contained", &lists->stages);
  write_keywords(out, CLASS_TYPE, " contained", &lists->types);
}

/* ---- files ---- */
static char before[MAX_FILE], after[2 * MAX_FILE];

static bool read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  *length = fread(before, 1, MAX_FILE - 1, file);
  bool whole = !ferror(file) && *length < MAX_FILE - 1;
  fclose(file);
  before[*length] = 0;
  return whole && strlen(before) == *length;
}

/* The start of the line after the one that holds `mark`, or NULL. */
static char *line_after(char *text, const char *mark) {
  char *at = strstr(text, mark);
  at = at ? strchr(at, '\n') : NULL;
  return at ? at + 1 : NULL;
}

static int fault(const char *path, const char *what) {
  fprintf(stderr, "write_editor_lists: %s: %s\n", path, what);
  return 3;
}

static int one_file(const char *path, const Lists *lists, bool check) {
  size_t length;
  if (!read_file(path, &length)) return fault(path, "cannot be read, or is no text below 1 MiB");
  char *begin = line_after(before, "generated-begin"), *end = begin ? strstr(begin, "generated-end") : NULL;
  if (!end) return fault(path, "has no lines with `generated-begin` and, after it, `generated-end`");
  while (end > begin && end[-1] != '\n') end--;
  FILE *out = fmemopen(after, sizeof after, "wb");
  if (!out) return fault(path, "out of memory");
  fwrite(before, 1, (size_t)(begin - before), out);
  size_t name = strlen(path);
  if (name > 5 && strcmp(path + name - 5, ".json") == 0)
    write_textmate(out, lists);
  else
    write_vim(out, lists);
  fwrite(end, 1, length - (size_t)(end - before), out);
  long written = ftell(out);
  if (fclose(out) != 0 || written < 0) return fault(path, "the lists do not fit");
  if ((size_t)written == length && memcmp(before, after, length) == 0) return 0;
  if (check) {
    fprintf(stderr, "%s: the lists differ from the tables of stdlib and grammar/tokens.def; `cmake --build BUILD --target update_editors` writes them anew\n", path);
    return 1;
  }
  FILE *file = fopen(path, "wb");
  if (!file) return fault(path, "cannot be written");
  bool good = fwrite(after, 1, (size_t)written, file) == (size_t)written;
  good = fclose(file) == 0 && good;
  return good ? 0 : fault(path, "could not be written whole");
}

int main(int count, char **arguments) {
  bool check = count > 1 && strcmp(arguments[1], "--check") == 0;
  if (count < 2 + check) {
    fputs("usage: write_editor_lists [--check] FILE...\n", stderr);
    return 2;
  }
  Lists lists = {0};
  collect(&lists);
  int worst = 0;
  for (int i = 1 + check; i < count; i++) {
    int result = one_file(arguments[i], &lists, check);
    if (result > worst) worst = result;
  }
  return worst;
}
