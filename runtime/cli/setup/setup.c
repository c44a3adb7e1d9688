/* narada setup: connects Narada to the services, or lets go of them. */
#include "cli/setup/setup.h"

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/service_options.h"
#include "cli/store_option.h"
#include "connectors/services/accounts.h"

enum { TRIES = 3, LOCK_MS = 120000 };

static const OptionDef option_defs[] = {
    {"paste", 0, NULL, "the browser is on another machine: you copy the address it ends at"},
    {"redirect-uri", 0, "URI", "what is registered with your Spotify application; else http://127.0.0.1/callback"},
    {"forget", 0, NULL, "remove what is stored for SERVICE"},
    STORE_OPTION,
    SERVICE_OPTIONS,
    HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static Status (*const setups[SERVICE_COUNT])(Setup *, Error *) = {
    [SERVICE_SPOTIFY] = setup_spotify,
    [SERVICE_LASTFM] = setup_lastfm,
    [SERVICE_MUSICBRAINZ] = setup_musicbrainz,
    [SERVICE_LISTENBRAINZ] = setup_listenbrainz,
};

static void print_help(void) {
  puts(
      "narada setup connects Narada to Spotify, Last.fm, ListenBrainz and MusicBrainz: it says where to get what is needed, asks for it, tries it, and keeps\n"
      "it in files that only you can read. Nothing secret is shown while you type it. Without SERVICE it tells what is set up and offers the rest.\n\n"
      "usage: narada setup [SERVICE] [options]\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts(
      "\nWithout a terminal the answers are read from standard input, a line each in the order of the questions; an empty line keeps what is stored:\n"
      "  spotify       client id; with --paste then the address that the browser ends at\n"
      "  lastfm        API key, shared secret (empty, then the user's name: Narada only reads)\n"
      "  listenbrainz  user token\n"
      "  musicbrainz   contact\n\n"
      "Exit status: 0 done, 1 it does not work, 2 wrong usage or a wrong answer, 4 refused, 75 nobody came back from the browser, 77 the login is not accepted.");
}

void setup_say(const char *format, ...) {
  char line[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  text_print_lines(stdout, text_of(line));
  fflush(stdout);
}

/* ---- values ---- */

static Status stored_value(Setup *setup, const SetupQuestion *question, Text *out, Error *error) {
  Secret secret;
  bool found;
  Status status = services_secret(setup->services, question->service, question->name, &secret, &found, error);
  *out = secret_reveal(secret);
  return status;
}

static Status check_answer(const SetupQuestion *question, Text value, Error *error) {
  if (value.length == 0 && !question->may_lack) return fail(error, STATUS_USAGE, "", "nothing was given");
  for (size_t i = 0; i < value.length; i++)
    if ((unsigned char)value.bytes[i] < 0x20 || value.bytes[i] == 0x7f) return fail(error, STATUS_USAGE, "", "the answer holds a control character");
  return value.length && question->check ? question->check(value, error) : STATUS_OK;
}

Status setup_ask(Setup *setup, const SetupQuestion *question, Text *out, Error *error) {
  Text stored;
  Status status = stored_value(setup, question, &stored, error);
  const char *prompt = arena_format(setup->arena, "%s%s: ", question->question, stored.length ? " [Enter keeps the stored one]" : "");
  for (int i = 0; status == STATUS_OK; i++) {
    status = ask_line(setup->arena, prompt, question->hidden, out, error);
    if (status != STATUS_OK) return status;
    if (out->length == 0) *out = stored;
    status = check_answer(question, *out, error);
    if (status == STATUS_OK || !ask_terminal() || i + 1 == TRIES) break;
    setup_say("%s", error->message);
    status = STATUS_OK;
  }
  if (status != STATUS_OK) fail_context(error, "%s", question->question);
  return status;
}

/* What a command of the owner's gives stays with that command. */
static size_t without_unchanged(Setup *setup, Service service, const CredentialValue *values, size_t count, CredentialValue *out) {
  size_t changed = 0;
  for (size_t i = 0; i < count; i++) {
    Secret stored;
    bool found;
    if (services_secret(setup->services, service, values[i].name, &stored, &found, NULL) == STATUS_OK && text_equal(secret_reveal(stored), values[i].value)) continue;
    out[changed++] = values[i];
  }
  return changed;
}

Status setup_save(Setup *setup, Service service, const CredentialValue *values, size_t count, Error *error) {
  const char *account = services_account(setup->services, service);
  CredentialValue *changed = arena_array(setup->arena, count, sizeof *changed);
  Status status = credentials_lock(setup->credentials, service, account, LOCK_MS, error);
  if (status != STATUS_OK) return status;
  count = without_unchanged(setup, service, values, count, changed);
  if (count) status = credentials_save(setup->credentials, service, account, changed, count, error);
  credentials_unlock(setup->credentials);
  return status;
}

/* ---- the command ---- */

static Status forget(Setup *setup, Service service, Error *error) {
  const char *account = services_account(setup->services, service), *name = service_def(service)->doc;
  Account known;
  Status status = account_read(setup->services, service, &known, error);
  if (status != STATUS_OK) return status;
  if (known.state == ACCOUNT_NONE) {
    setup_say("Nothing is stored for %s.", name);
    return STATUS_OK;
  }
  status = credentials_lock(setup->credentials, service, account, LOCK_MS, error);
  if (status == STATUS_OK && service == SERVICE_SPOTIFY) {
    SpotifyRegime *regime;
    status = services_regime(setup->services, &regime, error);
    if (status == STATUS_OK) status = spotify_regime_forget(regime, error);
  }
  if (status == STATUS_OK) status = credentials_forget(setup->credentials, service, account, error);
  credentials_unlock(setup->credentials);
  if (status != STATUS_OK) return status;
  setup_say("What was stored for %s is removed.", name);
  if (service == SERVICE_SPOTIFY) setup_say("Spotify itself goes on to list the application as allowed until you remove it: %s", place_url(PLACE_SPOTIFY_ALLOWED));
  if (service == SERVICE_LASTFM) setup_say("Last.fm itself goes on to list the application as allowed until you remove it: %s", place_url(PLACE_LASTFM_ALLOWED));
  return STATUS_OK;
}

static Status set_up(Setup *setup, Service service, Error *error) {
  Status status = setups[service](setup, error);
  if (status == STATUS_OK) setup_say("Kept in %s, in files for you alone.", credentials_folder(setup->credentials));
  return status;
}

static Status overview(Setup *setup, Error *error) {
  Status status = STATUS_OK;
  bool lacking[SERVICE_COUNT];
  for (int i = 0; i < SERVICE_COUNT && status == STATUS_OK; i++) {
    Account account;
    status = account_read(setup->services, (Service)i, &account, error);
    if (status != STATUS_OK) return status;
    lacking[i] = account.state == ACCOUNT_NONE || account.state == ACCOUNT_REFUSED;
    setup_say("%-13s %s", service_def((Service)i)->doc, account.says.bytes);
  }
  for (int i = 0; i < SERVICE_COUNT && status == STATUS_OK && ask_terminal(); i++) {
    bool yes = false;
    if (lacking[i]) status = ask_yes(setup->arena, arena_format(setup->arena, "Set up %s now?", service_def((Service)i)->doc), &yes, error);
    if (status == STATUS_OK && yes) status = set_up(setup, (Service)i, error);
  }
  return status;
}

static Status choose(Arena *arena, const char *word, Service *out, Error *error) {
  Text names[SERVICE_COUNT];
  TextBuilder list = {.arena = arena};
  *out = service_named(text_of(word));
  if (*out != SERVICE_COUNT) return STATUS_OK;
  for (int i = 0; i < SERVICE_COUNT; i++) {
    names[i] = text_of(service_def((Service)i)->name);
    text_append_format(&list, "%s%s", i ? ", " : "", names[i].bytes);
  }
  size_t near = text_nearest(text_of(word), names, SERVICE_COUNT);
  if (near != SIZE_MAX) return fail(error, STATUS_USAGE, "", "no service `%s`; did you mean `%s`?", word, names[near].bytes);
  return fail(error, STATUS_USAGE, "", "no service `%s`; there are %s", word, text_built(&list).bytes);
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Setup setup = {.arena = arena};
  Service service = SERVICE_COUNT;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  status = option_operands(&options, 1, error);
  if (status == STATUS_OK && options.operands.count) status = choose(arena, options.operands.items[0], &service, error);
  if (status != STATUS_OK) return status;
  setup.paste = options_have(&options, "paste");
  setup.redirect = options_value(&options, "redirect-uri");
  if (options_have(&options, "forget") && service == SERVICE_COUNT) return fail(error, STATUS_USAGE, "", "--forget: which service? narada setup --forget SERVICE");
  if ((setup.paste || setup.redirect) && service != SERVICE_SPOTIFY) return fail(error, STATUS_USAGE, "", "--paste and --redirect-uri go with `narada setup spotify`");
  status = services_of_options(arena, &options, clock_now(), false, &setup.services, error);
  if (status == STATUS_OK) status = services_credentials(setup.services, &setup.credentials, error);
  if (status != STATUS_OK) return status;
  services_hurry(setup.services); /* somebody waits for the answer */
  if (service == SERVICE_COUNT) return overview(&setup, error);
  return options_have(&options, "forget") ? forget(&setup, service, error) : set_up(&setup, service, error);
}

const Command command_setup = {
    .name = "setup",
    .summary = "connects Narada to Spotify, Last.fm, ListenBrainz and MusicBrainz",
    .run = run,
    .help = print_help,
};
