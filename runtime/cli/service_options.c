#include "cli/service_options.h"

#include <string.h>
#include <unistd.h>

#include "cli/service_progress.h"

static void tell(void *context, const char *line) {
  (void)context;
  service_progress_clear();
  text_print(stderr, text_of(line));
  fputc('\n', stderr);
}

static Status set_account(Arena *arena, Text assignment, ServicesOptions *services, Error *error) {
  for (int i = 0; i < SERVICE_COUNT; i++) {
    Text name = text_of(service_def((Service)i)->name);
    if (assignment.length < name.length + 1 || memcmp(assignment.bytes, name.bytes, name.length) != 0 || assignment.bytes[name.length] != '=') continue;
    services->accounts[i] = text_copy(arena, (Text){assignment.bytes + name.length + 1, assignment.length - name.length - 1}).bytes;
    return STATUS_OK;
  }
  return fail(error, STATUS_USAGE, "", "an account is given as SERVICE=NAME, as in %s=ada", service_def(SERVICE_LASTFM)->name);
}

Status services_of_options(Arena *arena, const Options *options, Instant now, bool quiet, Services **out, Error *error) {
  ServicesOptions services = {.credentials = options_value(options, "credentials"), .store_path = options_value(options, "store"), .now = now};
  services.http.loopback = options_have(options, "loopback");
  services.http.ca = options_value(options, "ca");
  services.http.record = options_value(options, "record");
  services.http.replay = options_value(options, "replay");
  services.http.seed = (uint64_t)now;
  services.http.notice = quiet ? NULL : tell;
  services.http.progress = quiet || !isatty(STDERR_FILENO) ? NULL : service_progress_tell;
  if (services.http.record && services.http.replay) return fail(error, STATUS_USAGE, "", "either --record or --replay");
  for (size_t i = 0; i < options->values.count; i++) {
    const OptionValue *value = &options->values.items[i];
    bool account = value->def && text_is(value->name, "account");
    bool base = value->def && text_is(value->name, "base"), rate = value->def && text_is(value->name, "rate");
    Status status = STATUS_OK;
    if (base) status = http_set_base(&services.http, arena, text_of(value->value), error);
    if (account) status = set_account(arena, text_of(value->value), &services, error);
    if (rate) status = http_set_rate(&services.http, text_of(value->value), error);
    if (status != STATUS_OK) {
      fail_context(error, base ? "--base" : rate ? "--rate" : "--account");
      return status;
    }
  }
  *out = services_new(arena, &services);
  return STATUS_OK;
}
