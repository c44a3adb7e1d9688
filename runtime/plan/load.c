#include "plan/plan_int.h"

#include <string.h>

/* The file as it is being opened. */
typedef struct Opening {
  Arena *arena;
  const uint8_t *bytes;
  size_t length;
  Error *error;
  SectionBytes sections[PLAN_MAX_SECTIONS];
  uint32_t offsets[PLAN_MAX_SECTIONS];
  uint32_t section_count;
} Opening;

enum { MAJOR_AT = 8, MINOR_AT = 10, LEVEL_AT = 12, FLAGS_AT = 14, SIZE_AT = 16, COUNT_AT = 24, CHECKSUM_AT = 28, ID_AT = 32 };

static uint64_t fixed_at(const Opening *opening, size_t at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++) value |= (uint64_t)opening->bytes[at + i] << 8 * i;
  return value;
}

static Status check_format(const Opening *opening) {
  size_t known = opening->length < sizeof plan_magic ? opening->length : sizeof plan_magic;
  if (known == 0 || memcmp(opening->bytes, plan_magic, known) != 0) {
    return refuse(opening->error, FAULT_PLAN_MAGIC, "this is not a Narada plan");
  }
  if (opening->length < PLAN_HEADER_SIZE) {
    return refuse(opening->error, FAULT_PLAN_TRUNCATED, "the plan is cut off within its header: it has %zu bytes",
                  opening->length);
  }
  unsigned major = (unsigned)fixed_at(opening, MAJOR_AT, 2), level = (unsigned)fixed_at(opening, LEVEL_AT, 2);
  if (major > PLAN_MAJOR) {
    return refuse(opening->error, FAULT_PLAN_MAJOR,
                  "made by a newer Narada: format %u; this one reads %d; compile it again from its source", major,
                  PLAN_MAJOR);
  }
  if (major != PLAN_MAJOR)
    return refuse(opening->error, FAULT_PLAN_MAJOR, "there is no plan format %u; this Narada reads %d", major,
                  PLAN_MAJOR);
  if (level == 0 || level > PLAN_LEVEL) {
    return refuse(opening->error, FAULT_PLAN_LEVEL_UNKNOWN,
                  "the program is of language level %u; this Narada knows up to %d", level, PLAN_LEVEL);
  }
  if (fixed_at(opening, FLAGS_AT, 2) != 0)
    return refuse(opening->error, FAULT_PLAN_FLAGS, "the header has unknown flags");
  return STATUS_OK;
}

static Status check_size(const Opening *opening) {
  uint64_t size = fixed_at(opening, SIZE_AT, 8);
  if (size > PLAN_MAX_BYTES || opening->length > PLAN_MAX_BYTES) {
    return refuse(opening->error, FAULT_PLAN_TOO_BIG, "the plan is larger than the %d bytes that are possible",
                  PLAN_MAX_BYTES);
  }
  if (opening->length < size) {
    return refuse(opening->error, FAULT_PLAN_TRUNCATED, "the plan is cut off: it has %zu of %llu bytes",
                  opening->length, (unsigned long long)size);
  }
  if (opening->length > size) {
    return refuse(opening->error, FAULT_PLAN_SIZE, "the plan has %zu bytes and says %llu", opening->length,
                  (unsigned long long)size);
  }
  return STATUS_OK;
}

/* CRC-32 of the file with the four bytes of the checksum zero. */
static Status check_checksum(const Opening *opening) {
  uint8_t *copy = arena_alloc(opening->arena, opening->length);
  memcpy(copy, opening->bytes, opening->length);
  memset(copy + CHECKSUM_AT, 0, 4);
  uint32_t computed = crc32_of(copy, opening->length);
  arena_release(opening->arena, copy, opening->length);
  if (computed == (uint32_t)fixed_at(opening, CHECKSUM_AT, 4)) return STATUS_OK;
  return refuse(opening->error, FAULT_PLAN_CHECKSUM, "the plan was altered: its checksum is not that of its bytes");
}

static Status check_section(const Opening *opening, uint32_t i, uint64_t offset, uint64_t length, uint64_t expected) {
  const SectionBytes *section = &opening->sections[i];
  bool ours = section->id >= SECTION_META && section->id <= SECTION_SINK;
  bool named = ours || (section->id >= SECTION_DBUG && section->id <= SECTION_NOTE);
  if (i && section->id <= section[-1].id) {
    return refuse(opening->error, FAULT_PLAN_SECTION_ORDER, "it follows section %s (%u); the numbers must ascend",
                  section_name(section[-1].id), section[-1].id);
  }
  if (section->flags & ~(uint32_t)SECTION_CRITICAL)
    return refuse(opening->error, FAULT_PLAN_SECTION_FLAGS, "it has unknown flags 0x%x", section->flags);
  bool critical = (section->flags & SECTION_CRITICAL) != 0;
  if (named && critical != ours)
    return refuse(opening->error, FAULT_PLAN_SECTION_FLAGS, ours ? "it must be critical" : "it must not be critical");
  if (!named && critical)
    return refuse(opening->error, FAULT_PLAN_SECTION_UNKNOWN,
                  "this Narada does not know it, and it matters; use a newer one");
  if (offset != expected || length > opening->length - offset) {
    return refuse(opening->error, FAULT_PLAN_SECTION_PLACE,
                  "it claims %llu bytes at %llu; it belongs at %llu in a file of %zu bytes", (unsigned long long)length,
                  (unsigned long long)offset, (unsigned long long)expected, opening->length);
  }
  return STATUS_OK;
}

/* The bytes from `at` up to the next multiple of 8 are there and zero. */
static Status check_padding(const Opening *opening, uint64_t *at) {
  for (; *at % 8; ++*at) {
    if (*at >= opening->length)
      return refuse(opening->error, FAULT_PLAN_SECTION_PLACE, "the file ends within its padding");
    if (opening->bytes[*at])
      return refuse(opening->error, FAULT_PLAN_PADDING, "the padding behind it is not zero at byte %llu",
                    (unsigned long long)*at);
  }
  return STATUS_OK;
}

static Status read_directory(Opening *opening) {
  uint64_t count = fixed_at(opening, COUNT_AT, 4);
  if (count > PLAN_MAX_SECTIONS || count * SECTION_ENTRY_SIZE > opening->length - PLAN_HEADER_SIZE) {
    return refuse(opening->error, FAULT_PLAN_DIRECTORY, "byte %d: %llu sections do not fit", COUNT_AT,
                  (unsigned long long)count);
  }
  uint64_t expected = PLAN_HEADER_SIZE + count * SECTION_ENTRY_SIZE;
  for (uint32_t i = 0; i < count; i++) {
    size_t entry = PLAN_HEADER_SIZE + i * (size_t)SECTION_ENTRY_SIZE;
    uint64_t offset = fixed_at(opening, entry + 8, 8), length = fixed_at(opening, entry + 16, 8);
    SectionBytes *section = &opening->sections[i];
    *section =
        (SectionBytes){(uint32_t)fixed_at(opening, entry, 4), (uint32_t)fixed_at(opening, entry + 4, 4), {"", 0}};
    opening->section_count = i + 1;
    Status status = check_section(opening, i, offset, length, expected);
    if (status == STATUS_OK) {
      section->content = (Text){(const char *)opening->bytes + offset, (size_t)length};
      opening->offsets[i] = (uint32_t)offset;
      expected = offset + length;
      status = check_padding(opening, &expected);
    }
    if (status != STATUS_OK)
      return fail_context(opening->error, "byte %zu, section %s (%u)", entry, section_name(section->id), section->id);
  }
  if (expected != opening->length) {
    return refuse(opening->error, FAULT_PLAN_SECTION_PLACE, "the sections end at byte %llu of %zu",
                  (unsigned long long)expected, opening->length);
  }
  return STATUS_OK;
}

/* META to SINK are all there: since the numbers ascend, they are the first. */
static Status check_complete(const Opening *opening) {
  for (uint32_t id = SECTION_META; id <= SECTION_SINK; id++) {
    uint32_t i = id - SECTION_META;
    if (i >= opening->section_count || opening->sections[i].id != id) {
      return refuse(opening->error, FAULT_PLAN_SECTION_MISSING, "section %s (%u) is missing", section_name(id), id);
    }
  }
  return STATUS_OK;
}

static Status check_id(const Opening *opening, Plan *plan) {
  plan->id = sections_digest(opening->arena, opening->sections, opening->section_count);
  if (memcmp(plan->id.bytes, opening->bytes + ID_AT, SHA256_SIZE) == 0) return STATUS_OK;
  return refuse(opening->error, FAULT_PLAN_IDENTITY_DIFFERS, "byte %d: the plan id is not that of the plan's content",
                ID_AT);
}

/* What decoding passes over. */
static void keep_extras(const Opening *opening, Plan *plan) {
  plan->extras = arena_array(opening->arena, opening->section_count, sizeof *plan->extras);
  for (uint32_t i = 0; i < opening->section_count; i++) {
    uint32_t id = opening->sections[i].id;
    if (id <= SECTION_SINK || id == SECTION_DBUG || id == SECTION_DOCS) continue;
    plan->extras[plan->extra_count++] = (PlanExtra){id, opening->sections[i].content};
  }
}

Status plan_load_placed(Arena *arena, const void *bytes, size_t length, PlanPlace *fault, Plan **out, Error *error) {
  Opening opening = {.arena = arena, .bytes = bytes, .length = length, .error = error};
  Plan *plan = arena_alloc(arena, sizeof *plan);
  PlanPlaces places = {.fault = fault};
  Status status = check_format(&opening);
  if (status == STATUS_OK) status = check_size(&opening);
  if (status == STATUS_OK) status = check_checksum(&opening);
  if (status == STATUS_OK) status = read_directory(&opening);
  if (status == STATUS_OK) status = check_complete(&opening);
  if (status == STATUS_OK) status = check_id(&opening, plan);
  plan->level = status == STATUS_OK ? (uint16_t)fixed_at(&opening, LEVEL_AT, 2) : 0;
  plan->minor = status == STATUS_OK ? (uint16_t)fixed_at(&opening, MINOR_AT, 2) : 0;
  if (status == STATUS_OK) keep_extras(&opening, plan);
  for (uint32_t i = 0; i < opening.section_count && status == STATUS_OK; i++) {
    status = decode_section(plan, arena, &places, opening.sections[i].id, opening.sections[i].content,
                            opening.offsets[i], error);
  }
  if (status == STATUS_OK) status = bind_imports(plan, arena, &places, error);
  if (status == STATUS_OK) status = plan_verify(plan, arena, &places, error);
  if (status != STATUS_OK) return status;
  *out = plan;
  return STATUS_OK;
}

Status plan_load(Arena *arena, const void *bytes, size_t length, Plan **out, Error *error) {
  return plan_load_placed(arena, bytes, length, NULL, out, error);
}
