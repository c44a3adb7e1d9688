#include "compiler/command/workflow_command.h"

#include <stdio.h>
#include <string.h>

#include "base/input.h"
#include "cli/options.h"
#include "compiler/compile.h"
#include "compiler/workflow/export.h"
#include "compiler/workflow/workflow.h"

static Status write_out(Arena *arena, Text text, const char *out, Error *error) {
  Output *output;
  if (!out) {
    fwrite(text.bytes, 1, text.length, stdout);
    return STATUS_OK;
  }
  Status status = output_create(arena, out, &output, error);
  if (status == STATUS_OK) status = output_write(output, text, error);
  return status == STATUS_OK ? output_commit(output, error) : status;
}

/* All messages, and the failure they are. */
static Status told(DiagList *diags, const char *path, Error *error) {
  diag_sort(diags);
  diag_render(diags, stderr, cli_colour(stderr));
  return diags->errors ? fail(error, STATUS_USAGE, "", "%s: %zu error%s", path, diags->errors, diags->errors == 1 ? "" : "s") : STATUS_OK;
}

Status workflow_import_file(Arena *arena, const char *path, const char *out, Error *error) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  uint32_t source, program;
  Status status = source_read(&sources, path, &source, error);
  if (status != STATUS_OK) return status;
  if (!workflow_is(&sources, source)) return fail(error, STATUS_USAGE, "", "%s is no JSON workflow", path);
  bool read = workflow_read(arena, &sources, source, &diags, &program);
  status = told(&diags, path, error);
  return read && status == STATUS_OK ? write_out(arena, sources.items[program].text, out, error) : status;
}

/* Without folders and the ending; "workflow" for standard input. */
static Text stem_of(const char *path) {
  Text stem = text_of(path);
  for (size_t i = stem.length; i-- > 0;) {
    if (stem.bytes[i] != '/') continue;
    stem = (Text){stem.bytes + i + 1, stem.length - i - 1};
    break;
  }
  if (stem.length > 4 && memcmp(stem.bytes, "std.", 4) == 0) stem = (Text){stem.bytes + 4, stem.length - 4};
  for (size_t i = stem.length; i-- > 1;)
    if (stem.bytes[i] == '.') return (Text){stem.bytes, i};
  return text_is(stem, "-") ? TEXT_LITERAL("workflow") : stem;
}

Status workflow_export_file(Arena *arena, const char *path, const char *out, bool defaults, Error *error) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources}, lints = diags;
  uint32_t source;
  Text json;
  Status status = source_read(&sources, path, &source, error);
  if (status != STATUS_OK) return status;
  /* What `check` warns of is not about the workflow, and stays unsaid here. */
  Graph *graph = (Graph *)compile_check(arena, &sources, source, &lints);
  if (!graph || lints.errors) return told(&lints, path, error);
  workflow_export(arena, graph, stem_of(path), defaults, &diags, &json);
  status = told(&diags, path, error);
  return status == STATUS_OK ? write_out(arena, json, out, error) : status;
}
