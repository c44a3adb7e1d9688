#include "cli/service_options.h"

static void tell(void *context, const char *line) {
  (void)context;
  text_print(stderr, text_of(line));
  fputc('\n', stderr);
}

Status services_of_options(Arena *arena, const Options *options, Instant now, bool quiet, Services **out, Error *error) {
  ServicesOptions services = {.credentials = options_value(options, "credentials"), .store_path = options_value(options, "store"), .now = now};
  services.http.loopback = options_have(options, "loopback");
  services.http.ca = options_value(options, "ca");
  services.http.record = options_value(options, "record");
  services.http.replay = options_value(options, "replay");
  services.http.seed = (uint64_t)now;
  services.http.notice = quiet ? NULL : tell;
  if (services.http.record && services.http.replay) return fail(error, STATUS_USAGE, "", "either --record or --replay");
  for (size_t i = 0; i < options->values.count; i++) {
    const OptionValue *value = &options->values.items[i];
    bool base = value->def && text_is(value->name, "base"), rate = value->def && text_is(value->name, "rate");
    Status status = STATUS_OK;
    if (base) status = http_set_base(&services.http, arena, text_of(value->value), error);
    if (rate) status = http_set_rate(&services.http, text_of(value->value), error);
    if (status != STATUS_OK) {
      fail_context(error, base ? "--base" : "--rate");
      return status;
    }
  }
  *out = services_new(arena, &services);
  return STATUS_OK;
}
