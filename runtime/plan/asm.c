/* The text of a plan, read back: the inverse of disasm.c, section by section. */
#include "plan/asm_items.h"

#include <string.h>

/* A line that begins with `word`, up to its value. */
static void expect_word(AsmText *from, const char *word) {
  asm_more(from);
  if (from->status != STATUS_OK || asm_take(from, word)) return;
  asm_fault(from, from->at, FAULT_ASM_ITEM, "here stands `%s ...`", word);
}

/* "section META" and the end of its line; false, and nothing read, if another section begins. */
static bool take_section(AsmText *from, const char *name) {
  size_t at = from->at;
  if (asm_take(from, "section") && asm_take(from, name)) {
    asm_end_line(from);
    return true;
  }
  from->at = at;
  return false;
}

static void read_header(Assembler *into, Digest *id, bool *has_id, uint32_t *level_line) {
  AsmText *from = &into->from;
  expect_word(from, "plan");
  *has_id = asm_more(from);
  if (*has_id) *id = asm_digest(from, "the plan's id");
  asm_end_line(from);
  expect_word(from, "format");
  asm_more(from);
  size_t at = from->at;
  if (asm_number(from, UINT16_MAX, "the major number") != PLAN_MAJOR)
    asm_fault(from, at, FAULT_PLAN_MAJOR, "this Narada writes plans of format %d", PLAN_MAJOR);
  into->plan.minor = (uint16_t)asm_number(from, UINT16_MAX, "the minor number");
  asm_end_line(from);
  *level_line = from->line;
  expect_word(from, "level");
  into->plan.level = (uint16_t)asm_number(from, UINT16_MAX, "the language level");
  asm_end_line(from);
}

static void read_meta(Assembler *into) {
  AsmText *from = &into->from;
  expect_word(from, "catalogue");
  into->plan.catalogue = asm_more(from) ? asm_digest(from, "the catalogue's id") : catalogue_digest();
  asm_end_line(from);
  expect_word(from, "source");
  into->plan.source = asm_digest(from, "the source's hash");
  asm_end_line(from);
  VEC(PlanModule) modules = {0};
  while (from->status == STATUS_OK && asm_take(from, "module")) {
    Text name = asm_quoted(from, "the module's name");
    vec_push(from->arena, &modules, (PlanModule){name, asm_digest(from, "the module's hash")});
    asm_end_line(from);
  }
  into->plan.modules = modules.items;
  into->plan.module_count = (uint32_t)modules.count;
}

/* The name of the next item: the letter and number, or `effect`. */
static void item_name(Assembler *into, PlanSection section, size_t number) {
  AsmText *from = &into->from;
  char letter = text_letter(section);
  const char *name = letter ? arena_format(from->arena, "%c%zu", letter, number) : "effect";
  if (from->inner) asm_fault(from, from->at, FAULT_ASM_ITEM, "an indented line has no item above that it could belong to");
  if (from->status != STATUS_OK || asm_take(from, name)) return;
  asm_fault(from, from->at, FAULT_ASM_ITEM, "here stands `%s`, or the next section", name);
}

static bool section_follows(AsmText *from) {
  size_t at = from->at;
  bool follows = asm_take(from, "section");
  from->at = at;
  return follows;
}

static bool determinism_follows(AsmText *from, PlanSection section) {
  size_t at = from->at;
  bool follows = section == SECTION_EFCT && asm_take(from, "determinism");
  from->at = at;
  return follows;
}

static void read_items(Assembler *into, PlanSection section) {
  AsmText *from = &into->from;
  AsmItem one = asm_item(section);
  while (from->status == STATUS_OK && !from->over && !section_follows(from) && !determinism_follows(from, section)) {
    AsmLines *lines = &into->lines[section];
    if (!one) asm_fault(from, from->at, FAULT_ASM_SECTION, "section %s is empty in this version", section_name(section));
    item_name(into, section, lines->count);
    vec_push(into->arena, lines, from->line);
    if (from->status == STATUS_OK) one(into);
  }
  if (section != SECTION_EFCT) return;
  expect_word(from, "determinism");
  into->plan.determinism = (Determinism)asm_choice(from, &text_words_determinism);
  asm_end_line(from);
}

static void read_debug(Assembler *into) {
  AsmText *from = &into->from;
  expect_word(from, "name");
  into->plan.source_name = asm_quoted(from, "the name of the source");
  asm_end_line(from);
  while (from->status == STATUS_OK && !from->over && !section_follows(from)) {
    PlanSpan span = {0};
    asm_more(from);
    size_t at = from->at;
    if (into->spans.count == into->nodes.count) asm_fault(from, at, FAULT_ASM_ITEM, "there are no more nodes; here stands the next section");
    expect_word(from, "span");
    asm_more(from);
    at = from->at;
    if (asm_reference(from, 'n', false) != into->spans.count)
      asm_fault(from, at, FAULT_ASM_ITEM, "here stands the span of n%zu", into->spans.count);
    asm_fields(from, &text_form_span, &span);
    vec_push(into->arena, &into->spans, span);
    asm_end_line(from);
  }
  if (into->spans.count && into->spans.count != into->nodes.count)
    asm_fault(from, from->at, FAULT_ASM_ITEM, "here stands the span of n%zu; each node has one, or none has", into->spans.count);
  if (into->spans.count == 0 && into->plan.source_name.length == 0)
    asm_fault(from, from->start, FAULT_PLAN_DEBUG, "section DBUG says nothing; leave it out");
}

static void read_docs(Assembler *into) {
  AsmText *from = &into->from;
  expect_word(from, "doc");
  asm_more(from);
  size_t at = from->at;
  into->plan.doc = asm_quoted(from, "the doc text");
  if (into->plan.doc.length == 0) asm_fault(from, at, FAULT_PLAN_DEBUG, "section DOCS says nothing; leave it out");
  asm_end_line(from);
}

static void read_bytes(Assembler *into, uint32_t id) {
  AsmText *from = &into->from;
  TextBuilder bytes = {.arena = into->arena};
  while (from->status == STATUS_OK && !from->over && !section_follows(from)) {
    expect_word(from, "bytes");
    asm_more(from);
    size_t at = from->at;
    Text word = asm_word(from, "hexadecimal digits");
    bool good = word.length % 2 == 0;
    for (size_t i = 0; good && i < word.length; i += 2) {
      static const char digits[] = "0123456789abcdef";
      const char *high = memchr(digits, word.bytes[i], 16), *low = memchr(digits, word.bytes[i + 1], 16);
      good = high && low;
      if (good) write_byte(&bytes, (unsigned)(high - digits) << 4 | (unsigned)(low - digits));
    }
    if (!good) asm_fault(from, at, FAULT_ASM_DIGITS, "bytes are pairs of hexadecimal digits in lower case");
    asm_end_line(from);
  }
  PlanExtra extra = {id, bytes.length ? text_built(&bytes) : (Text){"", 0}};
  vec_push(into->arena, &into->extras, extra);
}

/* The number of a section that does not matter to the plan, by its name or number. */
static uint32_t ancillary(AsmText *from, uint32_t after) {
  asm_more(from);
  size_t at = from->at;
  uint32_t id = 0;
  for (uint32_t named = SECTION_DBUG; named <= SECTION_NOTE && !id; named++)
    if (asm_take(from, section_name(named))) id = named;
  if (!id) {
    id = (uint32_t)asm_number(from, UINT32_MAX, "a section, DBUG, DOCS, SRCE, NOTE or its number");
    if (section_is_named(id)) asm_fault(from, at, FAULT_ASM_SECTION, "write %s by its name", section_name(id));
  }
  if (from->status == STATUS_OK && id <= after)
    asm_fault(from, at, FAULT_ASM_SECTION, "sections stand in the order of their numbers, each once");
  return id;
}

static void read_sections(Assembler *into) {
  AsmText *from = &into->from;
  for (uint32_t section = SECTION_META; section <= SECTION_SINK && from->status == STATUS_OK; section++) {
    into->section_lines[section] = from->line;
    if (!take_section(from, section_name(section)))
      asm_fault(from, from->at, FAULT_ASM_SECTION, "here stands `section %s`", section_name(section));
    if (section == SECTION_META) {
      read_meta(into);
    } else {
      read_items(into, (PlanSection)section);
    }
  }
  for (uint32_t id = SECTION_SINK; from->status == STATUS_OK && !from->over;) {
    expect_word(from, "section");
    id = ancillary(from, id);
    asm_end_line(from);
    if (into->extras.count + SECTION_SINK + 2 >= PLAN_MAX_SECTIONS)
      asm_fault(from, from->at, FAULT_PLAN_DIRECTORY, "a plan has at most %d sections", PLAN_MAX_SECTIONS);
    if (id == SECTION_DBUG) {
      read_debug(into);
    } else if (id == SECTION_DOCS) {
      read_docs(into);
    } else if (from->status == STATUS_OK) {
      read_bytes(into, id);
    }
  }
}

#define GIVE(into, member, number) ((into)->plan.member = (into)->member.items, (into)->plan.number = (uint32_t)(into)->member.count)

static void give_items(Assembler *into) {
  GIVE(into, strings, string_count);
  GIVE(into, constants, constant_count);
  GIVE(into, imports, import_count);
  GIVE(into, schemas, schema_count);
  GIVE(into, params, param_count);
  GIVE(into, effects, effect_count);
  GIVE(into, nodes, node_count);
  GIVE(into, codes, code_count);
  GIVE(into, sinks, sink_count);
  GIVE(into, extras, extra_count);
  into->plan.spans = into->spans.items;
}

/* The line that says what was refused. */
static uint32_t line_of(const Assembler *into, PlanPlace place) {
  if (place.section == 0 || place.section > SECTION_SINK) return 1;
  const AsmLines *lines = &into->lines[place.section];
  return place.item < lines->count ? lines->items[place.item] : into->section_lines[place.section];
}

static Status verify_text(Assembler *into, Text bytes, Error *error) {
  PlanPlace place = {0, PLAN_NONE};
  Plan *plan;
  Status status = plan_load_placed(into->arena, bytes.bytes, bytes.length, &place, &plan, error);
  return status == STATUS_OK ? status : asm_fault_line(&into->from, line_of(into, place));
}

Status plan_assemble(Arena *arena, Text text, const char *name, Text *out, Error *error) {
  Assembler *into = arena_alloc(arena, sizeof *into);
  Digest id = {{0}};
  bool has_id = false;
  uint32_t level_line = 0;
  into->arena = arena;
  into->from = (AsmText){.arena = arena, .name = name, .text = text, .error = error};
  asm_begin(&into->from);
  read_header(into, &id, &has_id, &level_line);
  read_sections(into);
  if (into->from.status != STATUS_OK) return into->from.status;
  give_items(into);
  if (into->plan.level == 0 || into->plan.level > PLAN_LEVEL) {
    refuse(error, FAULT_PLAN_LEVEL_UNKNOWN, "there is no language level %u; this Narada knows up to %d", into->plan.level, PLAN_LEVEL);
    return asm_fault_line(&into->from, level_line);
  }
  Status status = plan_encode(arena, &into->plan, out, error);
  if (status != STATUS_OK) return asm_fault_line(&into->from, 1);
  status = verify_text(into, *out, error);
  if (status != STATUS_OK || !has_id || memcmp(&id, &into->plan.id, sizeof id) == 0) return status;
  char hex[2 * SHA256_SIZE + 1];
  digest_hex(&into->plan.id, SHA256_SIZE, hex);
  refuse(error, FAULT_ASM_IDENTITY, "the plan below has the id %s", hex);
  return asm_fault_line(&into->from, 1);
}
