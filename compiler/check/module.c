#include "compiler/check/module.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input.h"
#include "compiler/syntax/parse.h"
#include "compiler/check/std_module.h"
#include "compiler/syntax/token.h"
#include "plan/catalogue.h"

#define STD_PREFIX "std."

typedef struct Loader {
  Arena *arena;
  DiagList *diags;
  Program *program;
} Loader;

/* ---- paths ---- */

static Text folder_of(Text path) {
  size_t end = path.length;
  while (end > 0 && path.bytes[end - 1] != '/') end--;
  return (Text){path.bytes, end};
}

/* `written`, from `folder`; without `./` at its beginning. */
static Text join(Arena *arena, Text folder, Text written) {
  while (written.length >= 2 && written.bytes[0] == '.' && written.bytes[1] == '/') {
    written = (Text){written.bytes + 2, written.length - 2};
    while (written.length && written.bytes[0] == '/') written = (Text){written.bytes + 1, written.length - 1};
  }
  TextBuilder path = {.arena = arena};
  if (!written.length || written.bytes[0] != '/') text_append(&path, folder);
  text_append(&path, written);
  return text_built(&path);
}

/* Without `.` and `name/..` between its slashes, so that one file has one name in the plan by whatever way it was reached first. */
static Text tidied(Arena *arena, Text path) {
  VEC(Text) parts = {0};
  for (size_t start = 0; start <= path.length;) {
    size_t end = start;
    while (end < path.length && path.bytes[end] != '/') end++;
    Text part = {path.bytes + start, end - start};
    bool climbs = text_is(part, "..") && parts.count && !text_is(parts.items[parts.count - 1], "..");
    if (climbs)
      parts.count--;
    else if (part.length && !text_is(part, "."))
      vec_push(arena, &parts, part);
    start = end + 1;
  }
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < parts.count; i++) {
    if (i || (path.length && path.bytes[0] == '/')) text_append_char(&out, '/');
    text_append(&out, parts.items[i]);
  }
  return text_built(&out);
}

/* ---- names ---- */

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_reserved(Text word) {
  for (int kind = TOKEN_NONE + 1; kind < TOKEN_COUNT; kind++) {
    TokenGroup group = token_group((TokenKind)kind);
    bool has_word = group == GROUP_KEYWORD || group == GROUP_OPERATOR || kind == TOKEN_TRUE || kind == TOKEN_FALSE || kind == TOKEN_MISSING;
    if (has_word && text_is(word, token_text((TokenKind)kind))) return true;
  }
  return false;
}

static bool is_name(Text word) {
  if (!word.length || !is_letter(word.bytes[0]) || is_reserved(word)) return false;
  for (size_t i = 1; i < word.length; i++)
    if (!is_letter(word.bytes[i]) && !is_digit(word.bytes[i])) return false;
  return true;
}

/* A name like the word. */
static Text made_name(Arena *arena, Text word) {
  TextBuilder name = {.arena = arena};
  bool plain = false;
  for (size_t i = 0; i < word.length; i++) plain = plain || is_letter(word.bytes[i]) || is_digit(word.bytes[i]);
  if (!plain) return TEXT_LITERAL("mix");
  if (is_digit(word.bytes[0])) text_append_char(&name, 'm');
  for (size_t i = 0; i < word.length; i++) text_append_char(&name, is_letter(word.bytes[i]) || is_digit(word.bytes[i]) ? word.bytes[i] : '_');
  if (is_reserved(text_built(&name))) text_append_char(&name, '_');
  return text_built(&name);
}

static Text stem_of(Text path) {
  Text folder = folder_of(path);
  Text file = {path.bytes + folder.length, path.length - folder.length};
  size_t dot = file.length;
  while (dot > 0 && file.bytes[dot - 1] != '.') dot--;
  return dot > 1 ? (Text){file.bytes, dot - 1} : file;
}

static bool is_connector(Text name) {
  for (int id = 0; id < CONNECTOR_COUNT; id++)
    if (text_is(name, connector_def((ConnectorId)id)->name)) return true;
  return text_is(name, "std");
}

static bool names_library(const Path *path) {
  return path->count == 2 && text_is(path->names[0], "std");
}

/* The name before the dot; empty, and told, if it cannot be one. */
static Text alias_of(Loader *loader, const Stmt *stmt) {
  Text alias = stmt->name.length ? stmt->name : stmt->use_path.count ? stmt->use_path.names[stmt->use_path.count - 1] : stem_of(stmt->use_file);
  Span span = stmt->name.length ? stmt->name_span : stmt->span;
  Text made = made_name(loader->arena, alias);
  Text without = span_text(loader->diags->sources, stmt->span);
  Diag *diag = NULL;
  bool no_library = stmt->use_path.count && !names_library(&stmt->use_path);
  if (no_library && !stmt->name.length) return is_name(alias) && !is_connector(alias) ? alias : TEXT_LITERAL(""); /* that will be told */
  if (!is_name(alias)) {
    diag = diag_report(loader->diags, DIAG_MODULE_NEEDS_NAME, span, "`" TEXT_FORMAT "` is no name", TEXT_ARG(alias));
  } else if (is_connector(alias)) {
    diag = diag_report(loader->diags, DIAG_MODULE_NAME_TAKEN, span, "`" TEXT_FORMAT ".` begins names of the language already", TEXT_ARG(alias));
    made = text_of(arena_format(loader->arena, "my_" TEXT_FORMAT, TEXT_ARG(alias)));
  }
  if (!diag) return alias;
  if (stmt->name.length) {
    diag_hint(loader->diags, diag, "choose another, as `" TEXT_FORMAT "`", TEXT_ARG(made));
    diag_fix(loader->diags, diag, made);
  } else {
    Text fixed = text_of(arena_format(loader->arena, TEXT_FORMAT " as " TEXT_FORMAT, TEXT_ARG(without), TEXT_ARG(made)));
    diag_hint(loader->diags, diag, "write `" TEXT_FORMAT "`", TEXT_ARG(fixed));
    diag_fix(loader->diags, diag, fixed);
  }
  return TEXT_LITERAL("");
}

/* ---- what cannot be used ---- */

static void cycle(Loader *loader, const Module *user, const Module *again, Span span) {
  VEC(const Module *) way = {0};
  for (const Module *module = user; module != again; module = module->user) vec_push(loader->arena, &way, module);
  vec_push(loader->arena, &way, again);
  const SourceSet *sources = loader->diags->sources;
  TextBuilder path = {.arena = loader->arena};
  for (size_t i = way.count; i-- > 0;) text_append_format(&path, "`" TEXT_FORMAT "` → ", TEXT_ARG(sources->items[way.items[i]->unit->source].path));
  text_append_format(&path, "`" TEXT_FORMAT "`", TEXT_ARG(sources->items[again->unit->source].path));
  Diag *diag = diag_report(loader->diags, DIAG_MODULE_CYCLE, span, way.count > 1 ? "modules use one another in a circle: " TEXT_FORMAT : "the file uses itself: " TEXT_FORMAT,
                           TEXT_ARG(text_built(&path)));
  diag_hint(loader->diags, diag, "here the circle closes");
  for (size_t i = way.count - 1; i-- > 0;) diag_label(loader->diags, diag, way.items[i]->use_span, "used here");
  if (way.count > 1) diag_note(loader->diags, diag, "put what both need into a module of its own");
}

static bool within_limits(Loader *loader, const Module *user, Span span) {
  Diag *diag = NULL;
  if (user->depth >= PROGRAM_MAX_DEPTH)
    diag = diag_report(loader->diags, DIAG_TOO_MANY_MODULES, span, "modules use modules more than %d deep", PROGRAM_MAX_DEPTH);
  else if (loader->program->modules.count > PROGRAM_MAX_MODULES)
    diag = diag_report(loader->diags, DIAG_TOO_MANY_MODULES, span, "the program uses more than %d modules", PROGRAM_MAX_MODULES);
  if (diag) diag_hint(loader->diags, diag, "put some of them together");
  return !diag;
}

static void unreadable(Loader *loader, Span span, Text path, const char *why) {
  Diag *diag = diag_report(loader->diags, DIAG_UNKNOWN_MODULE, span, "the module `" TEXT_FORMAT "` cannot be read: %s", TEXT_ARG(path), why);
  diag_hint(loader->diags, diag, "a path begins at the folder of the file that names it");
}

static void unknown_library_module(Loader *loader, const Path *path) {
  bool in_library = path->count > 1 && text_is(path->names[0], "std");
  Text name = in_library ? path->names[1] : path->names[path->count - 1];
  Text near = std_module_find(name) ? name : std_module_nearest(loader->arena, name);
  Diag *diag = diag_report(loader->diags, DIAG_UNKNOWN_LIBRARY_MODULE, path->span,
                           in_library ? "the library has no module `" TEXT_FORMAT "`" : "`" TEXT_FORMAT "` is no module of the library", TEXT_ARG(path->text));
  if (near.length) {
    Text fixed = text_of(arena_format(loader->arena, STD_PREFIX TEXT_FORMAT, TEXT_ARG(near)));
    diag_hint(loader->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(fixed));
    diag_fix(loader->diags, diag, fixed);
  } else if (!in_library) {
    diag_hint(loader->diags, diag, "a file stands in quotes: `use \"" TEXT_FORMAT ".nrd\"`", TEXT_ARG(name));
  }
  diag_note(loader->diags, diag, "the library has " TEXT_FORMAT, TEXT_ARG(std_module_list(loader->arena)));
}

/* ---- loading ---- */

static void load_uses(Loader *loader, Module *module);

static Module *module_new(Loader *loader, uint32_t source, const Module *user, Span use_span, Text key) {
  Module *module = arena_alloc(loader->arena, sizeof *module);
  *module = (Module){.user = user, .use_span = use_span, .depth = user ? user->depth + 1 : 0};
  module->name = module->prefix = module->folder = TEXT_LITERAL("");
  module->key = text_copy(loader->arena, key);
  vec_push(loader->arena, &loader->program->modules, module);
  module->unit = parse_unit(loader->arena, source, loader->diags);
  return module;
}

/* The module of that key, if it was met before: `*met` tells. NULL where it would close a circle. */
static Module *met_before(Loader *loader, const Module *user, Text key, Span span, bool *met) {
  for (size_t i = 0; i < loader->program->modules.count; i++) {
    Module *module = loader->program->modules.items[i];
    if (!text_equal(module->key, key)) continue;
    *met = true;
    if (!module->open) return module;
    cycle(loader, user, module, span);
    return NULL;
  }
  return NULL;
}

static Module *use_library(Loader *loader, const Module *user, const Path *path, Span span) {
  const StdModule *found = names_library(path) ? std_module_find(path->names[1]) : NULL;
  if (!found) {
    unknown_library_module(loader, path);
    return NULL;
  }
  bool met = false;
  Text key = text_of(arena_format(loader->arena, STD_PREFIX "%s", found->name));
  Module *module = met_before(loader, user, key, span, &met);
  if (met || !within_limits(loader, user, span)) return module;
  uint32_t source = source_add(loader->diags->sources, key, (Text){found->text, found->length});
  module = module_new(loader, source, user, span, key);
  module->name = key;
  module->from_library = true;
  load_uses(loader, module);
  return module;
}

static Module *use_file(Loader *loader, const Module *user, Text written, Span span) {
  Arena *arena = loader->arena;
  char canonical[PATH_MAX];
  struct stat about;
  Error error = {0};
  Text text;
  if (!written.length) {
    diag_hint(loader->diags, diag_report(loader->diags, DIAG_UNKNOWN_MODULE, span, "an empty path names no module"), "name a file, as `use \"lib/mix.nrd\"`");
    return NULL;
  }
  if (user->from_library) {
    unreadable(loader, span, written, "a module of the library uses the library alone");
    return NULL;
  }
  Text path = join(arena, user->folder, written);
  const KeptSource *kept = source_kept(loader->diags->sources, path);
  if (kept) snprintf(canonical, sizeof canonical, "%s", path.bytes);
  bool there = kept || realpath(path.bytes, canonical);
  bool met = false;
  Module *module = there ? met_before(loader, user, text_of(canonical), span, &met) : NULL;
  if (met || !within_limits(loader, user, span)) return module;
  if (there && !kept && stat(canonical, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
    unreadable(loader, span, path, "it is neither a file nor a folder");
    return NULL;
  }
  if (kept) text = kept->text;
  if (!kept && file_read_all(arena, path.bytes, SOURCE_MAX_BYTES, &text, &error) != STATUS_OK) {
    const char *why = strncmp(error.message, path.bytes, path.length) == 0 && error.message[path.length] == ':' ? error.message + path.length + 2 : error.message;
    unreadable(loader, span, path, why);
    return NULL;
  }
  module = module_new(loader, source_add(loader->diags->sources, path, text), user, span, text_of(there ? canonical : path.bytes));
  module->folder = folder_of(path);
  module->name = tidied(arena, join(arena, folder_of(user->name), written));
  load_uses(loader, module);
  return module;
}

/* `module->uses` names only what can be referred to: a `use` without a name brings nothing in. */
static void load_uses(Loader *loader, Module *module) {
  size_t count = 0;
  for (size_t i = 0; i < module->unit->stmt_count; i++) count += module->unit->stmts[i]->kind == STMT_USE;
  module->uses = arena_array(loader->arena, count + 1, sizeof *module->uses);
  module->open = true;
  for (size_t i = 0; i < module->unit->stmt_count && !loader->diags->full; i++) {
    const Stmt *stmt = module->unit->stmts[i];
    if (stmt->kind != STMT_USE) continue;
    ModuleUse use = {.alias = alias_of(loader, stmt), .alias_span = stmt->name.length ? stmt->name_span : stmt->span, .span = stmt->span};
    use.module = stmt->use_path.count ? use_library(loader, module, &stmt->use_path, stmt->span) : use_file(loader, module, stmt->use_file, stmt->span);
    module->uses[module->use_count++] = use;
  }
  module->open = false;
}

/* Flags are named by the shortest way to a module, the first of several. */
static void name_flags(Arena *arena, const Program *program) {
  VEC(Module *) reached = {0};
  vec_push(arena, &reached, program->modules.items[0]);
  for (size_t i = 0; i < reached.count; i++) {
    const Module *module = reached.items[i];
    for (size_t u = 0; u < module->use_count; u++) {
      const ModuleUse *use = &module->uses[u];
      if (!use->module || use->module->prefix.length || use->module == program->modules.items[0] || !use->alias.length) continue;
      use->module->prefix = text_of(arena_format(arena, TEXT_FORMAT TEXT_FORMAT ".", TEXT_ARG(module->prefix), TEXT_ARG(use->alias)));
      vec_push(arena, &reached, use->module);
    }
  }
}

Program *program_load(Arena *arena, uint32_t source, DiagList *diags) {
  Program *program = arena_alloc(arena, sizeof *program);
  Loader loader = {.arena = arena, .diags = diags, .program = program};
  Text path = diags->sources->items[source].path;
  char canonical[PATH_MAX];
  bool library = std_is_name(path.bytes);
  bool file = !library && realpath(path.bytes, canonical);
  Module *root = module_new(&loader, source, NULL, (Span){source, 0, 0}, file ? text_of(canonical) : path);
  root->folder = folder_of(path);
  root->from_library = library;
  load_uses(&loader, root);
  name_flags(arena, program);
  return program;
}

void program_label_uses(const Program *program, DiagList *diags) {
  for (size_t i = 0; i < diags->count; i++) {
    Diag *diag = diags->items[i];
    const Module *module = NULL;
    for (size_t m = 0; m < program->modules.count; m++)
      if (program->modules.items[m]->unit->source == diag->span.source) module = program->modules.items[m];
    if (!module || !module->user || diag->code == DIAG_MODULE_CYCLE) continue;
    if (diag->site.end) {
      diag_label(diags, diag, diag->site, "reached from here");
      continue;
    }
    bool whole_way = diag->code != DIAG_TOO_MANY_MODULES;
    for (; module->user; module = module->user)
      if (whole_way || !module->user->user) diag_label(diags, diag, module->use_span, "used here");
  }
}
