#include "plan/plan_int.h"

const uint8_t plan_magic[8] = {0x89, 'N', 'R', 'D', 0x0D, 0x0A, 0x1A, 0x0A};

const char *section_name(uint32_t section) {
  static const char *const critical[] = {"META", "STRS", "CONS", "IMPT", "ROWS", "PARM",
                                         "EFCT", "NODE", "SUBG", "CODE", "SINK"};
  static const char *const ancillary[] = {"DBUG", "DOCS", "SRCE", "NOTE"};
  if (section >= SECTION_META && section <= SECTION_SINK) return critical[section - SECTION_META];
  if (section >= SECTION_DBUG && section <= SECTION_NOTE) return ancillary[section - SECTION_DBUG];
  return "section";
}

bool section_is_named(uint32_t section) {
  return (section >= SECTION_META && section <= SECTION_SINK) || (section >= SECTION_DBUG && section <= SECTION_NOTE);
}

Digest sections_digest(Arena *arena, const SectionBytes *sections, size_t count) {
  enum { HEAD = 16 };
  DigestPart *parts = arena_array(arena, count * 2, sizeof *parts);
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    if (!(sections[i].flags & SECTION_CRITICAL)) continue;
    TextBuilder head = {.arena = arena};
    write_fixed(&head, sections[i].id, 4);
    write_fixed(&head, sections[i].flags, 4);
    write_fixed(&head, sections[i].content.length, 8);
    parts[used++] = (DigestPart){head.bytes, HEAD};
    parts[used++] = (DigestPart){sections[i].content.bytes, sections[i].content.length};
  }
  return sha256_parts(parts, used);
}

static void write_meta(TextBuilder *out, const Plan *plan) {
  write_varint(out, plan->level);
  text_append(out, (Text){(const char *)plan->catalogue.bytes, SHA256_SIZE});
  text_append(out, (Text){(const char *)plan->source.bytes, SHA256_SIZE});
  write_varint(out, plan->module_count);
  for (uint32_t i = 0; i < plan->module_count; i++) {
    write_text(out, plan->modules[i].name);
    text_append(out, (Text){(const char *)plan->modules[i].digest.bytes, SHA256_SIZE});
  }
}

static void write_effects(TextBuilder *out, const Plan *plan) {
  write_varint(out, plan->effect_count);
  for (uint32_t i = 0; i < plan->effect_count; i++) {
    write_byte(out, plan->effects[i].connector);
    write_byte(out, plan->effects[i].effect);
    write_varint(out, plan->effects[i].resource);
  }
  write_byte(out, plan->determinism);
  write_varint(out, 0); /* cost terms */
}

static void write_sinks(TextBuilder *out, const Plan *plan) {
  write_varint(out, plan->sink_count);
  for (uint32_t i = 0; i < plan->sink_count; i++) {
    write_varint(out, plan->sinks[i].node);
    write_varint(out, plan->sinks[i].after == PLAN_NONE ? 0 : (uint64_t)plan->sinks[i].after + 1);
  }
}

static void write_debug(TextBuilder *out, const Plan *plan) {
  write_text(out, plan->source_name);
  write_varint(out, plan->spans ? plan->node_count : 0);
  for (uint32_t i = 0; plan->spans && i < plan->node_count; i++) {
    write_varint(out, plan->spans[i].line);
    write_varint(out, plan->spans[i].column);
  }
}

#define WRITE_ALL(out, writer, items, count)                           \
  do {                                                                 \
    write_varint((out), (count));                                      \
    for (uint32_t i = 0; i < (count); i++) writer((out), &(items)[i]); \
  } while (0)

static Text write_section(Arena *arena, const Plan *plan, uint32_t section) {
  TextBuilder out = {.arena = arena};
  switch (section) {
    case SECTION_META:
      write_meta(&out, plan);
      break;
    case SECTION_STRS:
      write_varint(&out, plan->string_count);
      for (uint32_t i = 0; i < plan->string_count; i++) write_text(&out, plan->strings[i]);
      break;
    case SECTION_CONS:
      WRITE_ALL(&out, write_constant, plan->constants, plan->constant_count);
      break;
    case SECTION_IMPT:
      WRITE_ALL(&out, write_import, plan->imports, plan->import_count);
      break;
    case SECTION_ROWS:
      WRITE_ALL(&out, write_schema, plan->schemas, plan->schema_count);
      break;
    case SECTION_PARM:
      WRITE_ALL(&out, write_param, plan->params, plan->param_count);
      break;
    case SECTION_EFCT:
      write_effects(&out, plan);
      break;
    case SECTION_NODE:
      WRITE_ALL(&out, write_node, plan->nodes, plan->node_count);
      break;
    case SECTION_SUBG:
      write_varint(&out, 0);
      break;
    case SECTION_CODE:
      WRITE_ALL(&out, write_code, plan->codes, plan->code_count);
      break;
    case SECTION_SINK:
      write_sinks(&out, plan);
      break;
    case SECTION_DBUG:
      if (plan->spans || plan->source_name.length) write_debug(&out, plan);
      break;
    case SECTION_DOCS:
      if (plan->doc.length) write_text(&out, plan->doc);
      break;
    default:
      break;
  }
  return text_built(&out);
}

static uint64_t aligned(uint64_t offset) {
  return (offset + 7) & ~UINT64_C(7);
}

/* The header with a checksum of zero, then the directory. */
static void write_head(TextBuilder *out, const Plan *plan, const SectionBytes *sections, size_t count) {
  uint64_t first = PLAN_HEADER_SIZE + SECTION_ENTRY_SIZE * (uint64_t)count, size = first;
  for (size_t i = 0; i < count; i++) size = aligned(size + sections[i].content.length);
  text_append(out, (Text){(const char *)plan_magic, sizeof plan_magic});
  write_fixed(out, PLAN_MAJOR, 2);
  write_fixed(out, plan->minor, 2);
  write_fixed(out, plan->level, 2);
  write_fixed(out, 0, 2);
  write_fixed(out, size, 8);
  write_fixed(out, count, 4);
  write_fixed(out, 0, 4);
  text_append(out, (Text){(const char *)plan->id.bytes, SHA256_SIZE});
  uint64_t offset = first;
  for (size_t i = 0; i < count; i++) {
    write_fixed(out, sections[i].id, 4);
    write_fixed(out, sections[i].flags, 4);
    write_fixed(out, offset, 8);
    write_fixed(out, sections[i].content.length, 8);
    offset = aligned(offset + sections[i].content.length);
  }
}

/* The sections kept as they are, from `*at` on and below `end`. */
static void add_extras(const Plan *plan, uint64_t end, uint32_t *at, SectionBytes *sections, size_t *count) {
  for (; *at < plan->extra_count && plan->extras[*at].id < end && *count < PLAN_MAX_SECTIONS; ++*at)
    sections[(*count)++] = (SectionBytes){plan->extras[*at].id, 0, plan->extras[*at].content};
}

Status plan_encode(Arena *arena, Plan *plan, Text *out, Error *error) {
  enum { CHECKSUM_AT = 28 };
  SectionBytes sections[PLAN_MAX_SECTIONS];
  size_t count = 0;
  for (uint32_t id = SECTION_META; id <= SECTION_SINK; id++) {
    sections[count++] = (SectionBytes){id, SECTION_CRITICAL, write_section(arena, plan, id)};
  }
  uint32_t extra = 0;
  add_extras(plan, SECTION_DBUG, &extra, sections, &count);
  for (uint32_t id = SECTION_DBUG; id <= SECTION_DOCS; id++) {
    Text content = write_section(arena, plan, id);
    if (content.length) sections[count++] = (SectionBytes){id, 0, content};
  }
  add_extras(plan, UINT64_MAX, &extra, sections, &count);
  plan->id = sections_digest(arena, sections, count);
  TextBuilder file = {.arena = arena};
  write_head(&file, plan, sections, count);
  for (size_t i = 0; i < count; i++) {
    text_append(&file, sections[i].content);
    while (file.length % 8) write_byte(&file, 0);
  }
  if (file.length > PLAN_MAX_BYTES) {
    return refuse(error, FAULT_PLAN_TOO_BIG, "the plan has %zu bytes; at most %d are possible", file.length,
                  PLAN_MAX_BYTES);
  }
  uint32_t checksum = crc32_of(file.bytes, file.length);
  for (int i = 0; i < 4; i++) file.bytes[CHECKSUM_AT + i] = (char)(unsigned char)(checksum >> 8 * i);
  *out = text_built(&file);
  return STATUS_OK;
}
