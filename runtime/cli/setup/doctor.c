/* narada doctor: tries everything that is set up, and says what is wrong and what to do about it. */
#include "cli/setup/doctor.h"

#include <inttypes.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/service_options.h"
#include "cli/store_option.h"
#include "store/upkeep/backup.h"
#include "store/summary.h"

static const OptionDef option_defs[] = {
    STORE_OPTION, {"offline", 0, NULL, "ask no service"}, SERVICE_OPTIONS, {"json", 0, NULL, "as JSON"}, HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static const char *const kind_names[] = {"ok", "none", "note", "problem"};

static void print_help(void) {
  puts(
      "narada doctor looks at the store and the credentials, tries each service that is set up by a call or two, and compares this machine's clock with theirs.\n"
      "It tells what is wrong, what that means and what to do; it changes nothing but what it finds out about your Spotify application.\n\n"
      "usage: narada doctor [options]\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 nothing is wrong, 1 something is, 2 wrong usage.");
}

void doctor_finds(Doctor *doctor, FindingKind kind, const char *about, const char *next, const char *format, ...) {
  char line[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  vec_push(doctor->arena, &doctor->findings, ((Finding){kind, about, text_copy(doctor->arena, text_of(line)), next}));
}

/* ---- what is on this machine ---- */

static void look_at_summary(Doctor *doctor, Store *store, const char *path) {
  StoreSummary summary;
  Error error;
  if (store_summary(store, doctor->arena, &summary, &error)) {
    doctor_finds(doctor, FINDING_PROBLEM, "store", "narada verify", "%s", error.message);
    return;
  }
  doctor_finds(doctor, FINDING_OK, "store", NULL, "%s: %s, %s, schema %d", path, words_of_many(doctor->arena, summary.plays, "play"), words_of_bytes(doctor->arena, summary.bytes),
               summary.schema);
  if (summary.open_writes)
    doctor_finds(doctor, FINDING_NOTE, "store", "narada runs", "%s for services still to be done", words_of_many(doctor->arena, summary.open_writes, "change"));
  const char *const *backups;
  size_t count;
  if (summary.plays && backup_list(doctor->arena, path, &backups, &count, &error) == STATUS_OK && count == 0)
    doctor_finds(doctor, FINDING_NOTE, "store", "narada backup", "there is no backup yet");
}

static void look_at_store(Doctor *doctor, const Options *options) {
  Text path;
  Store *store;
  Error error;
  Status status = store_default_path(doctor->arena, options_value(options, "store"), &path, &error);
  if (status == STATUS_OK && !store_exists(path.bytes)) {
    doctor_finds(doctor, FINDING_NONE, "store", "narada import PATH", "%s: there is no store yet", path.bytes);
    return;
  }
  if (status == STATUS_OK) status = store_of_options(doctor->arena, options, STORE_READ, &store, &error);
  if (status != STATUS_OK) {
    doctor_finds(doctor, FINDING_PROBLEM, "store", status == STATUS_BUSY ? "try again in a moment" : "narada verify", "%s", error.message);
    return;
  }
  look_at_summary(doctor, store, store_path(store));
  store_close(store, &error);
}

static bool look_at_credentials(Doctor *doctor) {
  Credentials *credentials;
  Error error;
  if (services_credentials(doctor->services, &credentials, &error) == STATUS_OK) {
    doctor_finds(doctor, FINDING_OK, "credentials", NULL, "%s: a folder for you alone", credentials_folder(credentials));
    return true;
  }
  doctor_finds(doctor, FINDING_PROBLEM, "credentials", NULL, "%s", error.message);
  return false;
}

/* ---- telling ---- */

static void print(const Doctor *doctor) {
  static const char *const marks[] = {"ok", "-", "note", "PROBLEM"};
  for (size_t i = 0; i < doctor->findings.count; i++) {
    const Finding *finding = &doctor->findings.items[i];
    printf("%-8s %-13s ", marks[finding->kind], finding->about);
    text_print(stdout, finding->says);
    putchar('\n');
    if (finding->next) printf("%23snext: %s\n", "", finding->next);
  }
}

static void print_json(const Doctor *doctor, int problems) {
  TextBuilder json = {.arena = doctor->arena};
  text_append(&json, TEXT_LITERAL("{\"findings\":["));
  for (size_t i = 0; i < doctor->findings.count; i++) {
    const Finding *finding = &doctor->findings.items[i];
    text_append_format(&json, "%s{\"kind\":\"%s\",\"about\":", i ? "," : "", kind_names[finding->kind]);
    json_append_string(&json, text_of(finding->about));
    text_append(&json, TEXT_LITERAL(",\"says\":"));
    json_append_string(&json, finding->says);
    text_append(&json, TEXT_LITERAL(",\"next\":"));
    if (finding->next) json_append_string(&json, text_of(finding->next));
    else text_append(&json, TEXT_LITERAL("null"));
    text_append_char(&json, '}');
  }
  text_append_format(&json, "],\"problems\":%d}\n", problems);
  fwrite(json.bytes, 1, json.length, stdout);
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Doctor doctor = {.arena = arena, .now = clock_now()};
  int problems = 0;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  status = option_operands(&options, 0, error);
  if (status == STATUS_OK) status = services_of_options(arena, &options, doctor.now, true, &doctor.services, error);
  if (status != STATUS_OK) return status;
  doctor.offline = options_have(&options, "offline");
  services_hurry(doctor.services);
  look_at_store(&doctor, &options);
  if (look_at_credentials(&doctor)) doctor_services(&doctor);
  for (size_t i = 0; i < doctor.findings.count; i++) problems += doctor.findings.items[i].kind == FINDING_PROBLEM;
  if (options_have(&options, "json")) print_json(&doctor, problems);
  else print(&doctor);
  return problems ? STATUS_FAILED : STATUS_OK;
}

const Command command_doctor = {
    .name = "doctor",
    .summary = "tries everything that is set up, and says what is wrong and what to do",
    .run = run,
    .help = print_help,
};
