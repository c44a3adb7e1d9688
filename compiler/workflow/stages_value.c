/* Values of a config as literals of the language. */
#include "compiler/workflow/stages_int.h"

#include "base/clock.h"

void append_ms(TextBuilder *text, int64_t ms) {
  static const struct {
    int64_t ms;
    const char *unit;
  } units[] = {{3600000, "h"}, {60000, "min"}, {1000, "s"}, {1, "ms"}};
  size_t i = 0;
  while (ms % units[i].ms != 0 || (ms == 0 && units[i].ms > 1)) i++;
  text_append_format(text, "%" PRId64 "%s", ms / units[i].ms, units[i].unit);
}

/* ISO 8601 by agreement: a blank may stand for the T. */
static Text with_t(Arena *arena, Text text) {
  if (text.length <= 10 || text.bytes[10] != ' ') return text;
  char *bytes = arena_copy(arena, text.bytes, text.length + 1);
  bytes[10] = 'T';
  return (Text){bytes, text.length};
}

Text stages_instant(Stages *stages, const char *key) {
  Arena *arena = stages->workflow->arena;
  Text text = with_t(arena, config_text(stages->workflow, stages->task, key, true));
  if (!text.length) return text;
  Date date;
  if (date_parse(text, &date, NULL) != STATUS_OK) {
    Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "\"" TEXT_FORMAT "\" is not a date", TEXT_ARG(text));
    diag_hint(stages->workflow->diags, diag, "such as 2024-01-31 or 2024-01-31T12:00:00Z");
    return (Text){"", 0};
  }
  if (date.precision <= DATE_DAY) return text_of(arena_format(arena, "@%04d-%02d-%02d", date.year, date.month, date.day));
  Zone zone = {"UTC"}; /* those programs take a time without an offset for UTC */
  date.has_offset = true;
  return text_of(arena_format(arena, "@" TEXT_FORMAT, TEXT_ARG(instant_format(arena, date_range(date, zone).lo))));
}
