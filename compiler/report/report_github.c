/* Annotations of GitHub Actions: workflow commands, one a line. */
#include "compiler/report/report_int.h"

/* What would end a line, and in a property what would end that, goes as % and its two hexadecimal digits. */
static void append_escaped(TextBuilder *out, Text text, bool property) {
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
      text_append_format(out, "%%%02X", (unsigned)(unsigned char)c);
    else
      text_append_char(out, c);
  }
}

static void begin(TextBuilder *out, Severity severity, Text path) {
  static const char *const commands[] = {"error", "warning", "notice"};
  text_append_format(out, "::%s file=", commands[severity]);
  append_escaped(out, text_escaped(out->arena, path), true);
}

/* Each line of the message is safe for a log that people look at in a terminal. */
static void end(Report *report, TextBuilder *out, Arena *scratch, Text message) {
  TextBuilder lines = {.arena = scratch};
  for (size_t at = 0; at <= message.length;) {
    size_t stop = at;
    while (stop < message.length && message.bytes[stop] != '\n') stop++;
    if (at) text_append_char(&lines, '\n');
    text_append(&lines, text_escaped(scratch, (Text){message.bytes + at, stop - at}));
    at = stop + 1;
  }
  text_append(out, TEXT_LITERAL("::"));
  append_escaped(out, text_built(&lines), false);
  text_append_char(out, '\n');
  fwrite(out->bytes, 1, out->length, report->out);
}

void report_github_message(Report *report, Arena *scratch, const DiagList *diags, const Diag *diag) {
  const DiagInfo *info = diag_info(diag->code);
  ReportRegion region = report_region(report, diags->sources, diag->span);
  TextBuilder out = {.arena = scratch};
  begin(&out, info->severity, report_path(diags->sources, diag->span));
  text_append_format(&out, ",line=%u,col=%u,endLine=%u", region.start.line, region.start.column, region.end.line);
  if (region.end.line == region.start.line) text_append_format(&out, ",endColumn=%u", region.end.column); /* they take it on one line only */
  text_append_format(&out, ",title=%s", info->code);
  TextBuilder text = {.arena = scratch};
  text_append(&text, report_text(scratch, diags, diag, true));
  Text pointer = source_pointer(diags->sources, diag->span);
  if (pointer.length) text_append_format(&text, "\nat " TEXT_FORMAT, TEXT_ARG(pointer));
  end(report, &out, scratch, text_built(&text));
}

void report_github_file(Report *report, Arena *scratch, Text path, Severity severity, Text message) {
  TextBuilder out = {.arena = scratch};
  begin(&out, severity, path);
  text_append(&out, TEXT_LITERAL(",title=naradac"));
  end(report, &out, scratch, message);
}
