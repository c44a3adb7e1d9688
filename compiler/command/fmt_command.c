#include "compiler/command/fmt_command.h"

#include <string.h>
#include <unistd.h>

#include "base/input.h"
#include "cli/options.h"
#include "compiler/format/fix.h"
#include "compiler/format/format.h"
#include "compiler/format/line_diff.h"

enum { RESULT_PROBLEMS = 1, RESULT_NO_FILE = 3 };

static int worse(int a, int b) {
  return a > b ? a : b;
}

static int failed(int result, Status status, const Error *error) {
  cli_report("naradac", status, error);
  return result;
}

/* A program goes out as it is, but not to a terminal that its bytes could act on. */
static void write_out(Text text) {
  if (isatty(STDOUT_FILENO))
    text_print_lines(stdout, text);
  else
    fwrite(text.bytes, 1, text.length, stdout);
}

static int write_file(Arena *arena, const char *path, Text text) {
  Error error = {0};
  Output *output;
  Status status = output_create(arena, path, &output, &error);
  if (status == STATUS_OK) status = output_write(output, text, &error);
  if (status == STATUS_OK) status = output_commit(output, &error);
  return status == STATUS_OK ? 0 : failed(RESULT_NO_FILE, status, &error);
}

/* For a message: one line of it, and not too much of that. */
static Text shown(Arena *arena, Text text) {
  if (text_is(text, "\n")) return TEXT_LITERAL("a new line");
  if (text_is(text, " ")) return TEXT_LITERAL("a blank");
  enum { SHOWN_BYTES = 60 };
  TextBuilder out = {.arena = arena};
  const char *line_end = text.length ? memchr(text.bytes, '\n', text.length) : NULL;
  size_t length = line_end ? (size_t)(line_end - text.bytes) : text.length;
  if (length > SHOWN_BYTES) {
    length = SHOWN_BYTES;
    while (length > 0 && ((unsigned char)text.bytes[length] & 0xC0) == 0x80) length--;
  }
  text_append_char(&out, '`');
  text_append(&out, text_escaped(arena, (Text){text.bytes, length}));
  if (length < text.length) text_append(&out, TEXT_LITERAL("…"));
  text_append_char(&out, '`');
  return text_built(&out);
}

static void tell_change(Arena *arena, Text path, const FixChange *change) {
  Text before = change->code == DIAG_INVISIBLE_CHARACTER ? TEXT_LITERAL("an invisible character") : shown(arena, change->before), after = shown(arena, change->after);
  text_print(stderr, path);
  fprintf(stderr, ":%u: %s: ", change->line, diag_info(change->code)->code);
  if (change->before.length == 0)
    fprintf(stderr, TEXT_FORMAT " added\n", TEXT_ARG(after));
  else if (change->after.length == 0)
    fprintf(stderr, TEXT_FORMAT " removed\n", TEXT_ARG(before));
  else
    fprintf(stderr, TEXT_FORMAT " becomes " TEXT_FORMAT "\n", TEXT_ARG(before), TEXT_ARG(after));
}

/* The mended text; tells what was mended and how much is left. */
static int mend(Arena *arena, const Source *source, Text *text) {
  FixResult fixed = fix_text(arena, source->path, source->text);
  for (size_t i = 0; i < fixed.changes.count; i++) tell_change(arena, source->path, &fixed.changes.items[i]);
  *text = fixed.text;
  return fixed.errors ? RESULT_PROBLEMS : 0;
}

/* The new text, which is `*text` as it was if that does not parse. */
static int format(Arena *arena, Text path, Text *text) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  Error error = {0};
  Text formatted;
  Status status = format_source(arena, &sources, source_add(&sources, path, *text), &diags, &formatted, &error);
  if (status == STATUS_OK) {
    *text = formatted;
    return 0;
  }
  diag_sort(&diags);
  diag_render(&diags, stderr, cli_colour(stderr));
  return failed(RESULT_PROBLEMS, STATUS_FAILED, &error);
}

static int deliver(Arena *arena, const char *path, const Source *source, Text text, FmtOptions options) {
  bool changed = !text_equal(text, source->text);
  bool standard = strcmp(path, "-") == 0;
  if (!options.check && !options.diff) {
    if (standard) write_out(text);
    return standard || !changed ? 0 : write_file(arena, path, text);
  }
  if (!changed) return 0;
  if (options.diff) {
    write_out(line_diff(arena, source->path, source->text, text));
  } else {
    text_print(stdout, source->path);
    putchar('\n');
  }
  return options.check ? RESULT_PROBLEMS : 0;
}

static int format_file(Arena *arena, const char *path, FmtOptions options) {
  SourceSet sources = {.arena = arena};
  Error error = {0};
  uint32_t index;
  Status status = source_read(&sources, path, &index, &error);
  if (status != STATUS_OK) return failed(RESULT_NO_FILE, status, &error);
  const Source *source = &sources.items[index];
  Text text = source->text;
  int mended = options.fix ? mend(arena, source, &text) : 0;
  int formatted = format(arena, source->path, &text);
  if (mended && !formatted) {
    text_print(stderr, source->path);
    fputs(": has mistakes that only a person can mend; `naradac check` tells them\n", stderr);
  }
  bool keeps_on = options.fix && strcmp(path, "-") == 0; /* what was given to be mended comes out, mended or not */
  if (formatted && !keeps_on && text_equal(text, source->text)) return formatted;
  return worse(worse(mended, formatted), deliver(arena, path, source, text, options));
}

void fmt_files(Arena *arena, const char *const *paths, size_t count, FmtOptions options, int *result) {
  *result = 0;
  if (count == 0) *result = format_file(arena, "-", options);
  for (size_t i = 0; i < count; i++) *result = worse(*result, format_file(arena, paths[i], options));
}
