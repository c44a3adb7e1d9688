/* Any bytes behind a `{` are a workflow, or messages that render; what is said as a program compiles without a mistake of ours, and as a workflow of tasks it is
 * exported, or told why not. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/policy/policy.h"
#include "compiler/report/report.h"
#include "compiler/workflow/export.h"
#include "compiler/workflow/workflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* As `naradac check` looks at a file that it found: under a policy that allows nothing, and told in every way. */
static void check(Arena *arena, Text text, FILE *out) {
  for (int format = 0; format < REPORT_FORMAT_COUNT; format++) {
    SourceSet sources = {.arena = arena};
    DiagList diags = {.arena = arena, .sources = &sources};
    Compiled compiled;
    Error error = {0};
    Policy policy = {.few_reads = true, .few_writes = true};
    Report *report = report_new(arena, (ReportFormat)format, out, true);
    compile_check_plan(arena, &sources, source_add(&sources, TEXT_LITERAL("fuzz.json"), text), &diags, &compiled, &error);
    if (compiled.plan) policy_check(&policy, &compiled, &diags);
    diag_sort(&diags);
    report_diags(report, &diags);
    report_end(report);
  }
}

static void export_again(Arena *arena, SourceSet *sources, uint32_t source, FILE *out) {
  DiagList lints = {.arena = arena, .sources = sources}, diags = lints;
  Text json;
  Graph *graph = (Graph *)compile_check(arena, sources, source, &lints);
  if (!graph || lints.errors) return;
  if (!workflow_export(arena, graph, TEXT_LITERAL("fuzz"), false, &diags, &json)) {
    diag_render(&diags, out, true);
    if (diags.errors == 0) abort();
    return;
  }
  DiagList again = {.arena = arena, .sources = sources};
  uint32_t second = source_add(sources, TEXT_LITERAL("again.json"), json), program;
  if (!workflow_read(arena, sources, second, &again, &program)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  FILE *out = fopen("/dev/null", "w");
  Arena *arena = arena_new(0);
  if (out && arena && length <= SOURCE_MAX_BYTES) {
    SourceSet sources = {.arena = arena};
    DiagList diags = {.arena = arena, .sources = &sources};
    uint32_t source = source_add(&sources, TEXT_LITERAL("fuzz.json"), (Text){(const char *)bytes, length});
    if (workflow_is(&sources, source)) {
      Compiled compiled;
      Error error = {0};
      Status status = compile_source(arena, &sources, source, &diags, &compiled, &error);
      diag_render(&diags, out, true);
      workflow_seems(arena, (Text){(const char *)bytes, length});
      check(arena, (Text){(const char *)bytes, length}, out);
      bool ours = strcmp(error.code, "N9001") == 0;
      for (size_t i = 0; i < diags.count; i++) ours = ours || diags.items[i]->code == DIAG_INTERNAL;
      if (ours) {
        diag_render(&diags, stderr, false);
        abort();
      }
      if (status == STATUS_OK) export_again(arena, &sources, source, out);
    }
  }
  arena_free(arena);
  if (out) fclose(out);
  return 0;
}
