/* Credentials: who may read them, how they are replaced, commands, the lock; and what calls and logins prove themselves with. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/folder.h"
#include "base/input.h"
#include "connectors/http/credentials.h"
#include "connectors/http/signing.h"

#include <cmocka.h>

#define CANARY "canary-9f3b-secret"

typedef struct Place {
  Arena *arena;
  char root[64], folder[96], file[128];
  Error error;
} Place;

static int set_up(void **state) {
  Place *place = calloc(1, sizeof *place);
  place->arena = arena_new(0);
  snprintf(place->root, sizeof place->root, "/tmp/narada-credentials-XXXXXX");
  if (!mkdtemp(place->root)) return -1;
  snprintf(place->folder, sizeof place->folder, "%s/a/credentials", place->root);
  snprintf(place->file, sizeof place->file, "%s/lastfm-default", place->folder);
  *state = place;
  return 0;
}

static int tear_down(void **state) {
  Place *place = *state;
  char command[128];
  arena_free(place->arena);
  snprintf(command, sizeof command, "rm -rf '%s'", place->root);
  int result = system(command);
  free(place);
  return result;
}

static Credentials *open_credentials(Place *place) {
  Credentials *credentials;
  assert_int_equal(credentials_open(place->arena, place->folder, &credentials, &place->error), STATUS_OK);
  return credentials;
}

static Status save_one(Place *place, const char *name, const char *value) {
  return credentials_save(open_credentials(place), SERVICE_LASTFM, "", &(CredentialValue){name, text_of(value)}, 1, &place->error);
}

/* What is stored, "(none)" if nothing. */
static const char *stored(Place *place, const char *name) {
  Secret secret;
  bool found;
  assert_int_equal(credentials_get(open_credentials(place), SERVICE_LASTFM, "", name, &secret, &found, &place->error), STATUS_OK);
  return found ? text_copy(place->arena, secret_reveal(secret)).bytes : "(none)";
}

static unsigned mode_of(const char *path) {
  struct stat about;
  assert_int_equal(lstat(path, &about), 0);
  return about.st_mode & 0777;
}

static void what_is_saved_is_found_by_its_owner_alone(void **state) {
  Place *place = *state;
  mode_t before = umask(0);
  assert_string_equal(stored(place, "session"), "(none)");
  assert_int_equal(save_one(place, "session", CANARY), STATUS_OK);
  assert_int_equal(save_one(place, "api_key", "k = 1 # ! not a comment"), STATUS_OK);
  umask(before);
  assert_int_equal(mode_of(place->folder), 0700);
  assert_int_equal(mode_of(place->file), 0600);
  assert_string_equal(stored(place, "session"), CANARY);
  assert_string_equal(stored(place, "api_key"), "k = 1 # ! not a comment");
  assert_int_equal(save_one(place, "session", ""), STATUS_OK);
  assert_string_equal(stored(place, "session"), "(none)");
  assert_string_equal(stored(place, "api_key"), "k = 1 # ! not a comment");
  assert_int_equal(credentials_forget(open_credentials(place), SERVICE_LASTFM, "", &place->error), STATUS_OK);
  assert_string_equal(stored(place, "api_key"), "(none)");
  assert_int_equal(credentials_forget(open_credentials(place), SERVICE_LASTFM, "", &place->error), STATUS_OK);
}

static void what_is_wider_is_refused(void **state) {
  Place *place = *state;
  Credentials *credentials;
  Secret secret;
  bool found;
  assert_int_equal(save_one(place, "session", CANARY), STATUS_OK);
  chmod(place->file, 0640);
  assert_int_equal(credentials_get(open_credentials(place), SERVICE_LASTFM, "", "session", &secret, &found, &place->error), STATUS_REFUSED);
  assert_non_null(strstr(place->error.message, "(mode 640)"));
  assert_non_null(strstr(place->error.message, "chmod 600 '"));
  assert_null(strstr(place->error.message, CANARY));
  assert_int_equal(save_one(place, "session", "other"), STATUS_REFUSED);
  chmod(place->file, 0600);
  chmod(place->folder, 0755);
  assert_int_equal(credentials_open(place->arena, place->folder, &credentials, &place->error), STATUS_REFUSED);
  assert_non_null(strstr(place->error.message, "chmod 700 '"));
  chmod(place->folder, 0700);
  assert_string_equal(stored(place, "session"), CANARY);
  assert_int_equal(rename(place->file, arena_format(place->arena, "%s/x", place->root)), 0);
  assert_int_equal(symlink("../../x", place->file), 0);
  assert_int_equal(credentials_get(open_credentials(place), SERVICE_LASTFM, "", "session", &secret, &found, &place->error), STATUS_REFUSED);
}

static void accounts_have_files_of_their_own(void **state) {
  Place *place = *state;
  Credentials *credentials = open_credentials(place);
  static const char *const accounts[] = {"", "me", "../../../etc/passwd", ".hidden", "J\xc3\xb3ga", "a/b"};
  Secret secret;
  bool found;
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(credentials_save(credentials, SERVICE_SPOTIFY, accounts[i], &(CredentialValue){"refresh_token", text_of(accounts[i][0] ? accounts[i] : "none")}, 1, &place->error),
                     STATUS_OK);
  for (size_t i = 0; i < 6; i++) {
    assert_int_equal(credentials_get(credentials, SERVICE_SPOTIFY, accounts[i], "refresh_token", &secret, &found, &place->error), STATUS_OK);
    assert_true(found && text_is(secret_reveal(secret), accounts[i][0] ? accounts[i] : "none"));
  }
  PathList paths = {0};
  assert_int_equal(folder_list(place->arena, place->folder, &paths, &place->error), STATUS_OK);
  assert_int_equal(paths.count, 6);
  char *longest = arena_alloc(place->arena, 152);
  memset(longest, 'x', 151);
  assert_int_equal(credentials_forget(credentials, SERVICE_SPOTIFY, longest, &place->error), STATUS_USAGE);
}

static void wrong_values_change_nothing(void **state) {
  Place *place = *state;
  assert_int_equal(save_one(place, "session", "old"), STATUS_OK);
  assert_int_equal(save_one(place, "session", "new\nline"), STATUS_USAGE);
  assert_null(strstr(place->error.message, "new"));
  assert_int_equal(save_one(place, "Session", "new"), STATUS_FAILED);
  char *large = arena_alloc(place->arena, 70000);
  memset(large, 'x', 69999);
  assert_int_equal(save_one(place, "session", large), STATUS_USAGE);
  assert_string_equal(stored(place, "session"), "old");
}

static void write_file(Place *place, const char *text) {
  assert_int_equal(save_one(place, "x", "y"), STATUS_OK);
  FILE *file = fopen(place->file, "w");
  fputs(text, file);
  fclose(file);
}

static void a_file_may_be_written_by_hand(void **state) {
  Place *place = *state;
  Secret secret;
  bool found;
  write_file(place, "# mine\n\n  session =  " CANARY "  \r\napi_key=b=c");
  assert_string_equal(stored(place, "session"), CANARY);
  assert_string_equal(stored(place, "api_key"), "b=c");
  write_file(place, "session = a\n" CANARY "\n");
  assert_int_equal(credentials_get(open_credentials(place), SERVICE_LASTFM, "", "session", &secret, &found, &place->error), STATUS_FAILED);
  assert_non_null(strstr(place->error.message, "lastfm-default:2: is neither"));
  assert_null(strstr(place->error.message, CANARY));
}

static void a_command_gives_the_value(void **state) {
  Place *place = *state;
  Secret secret;
  bool found;
  write_file(place, "session ! printf '%s\\nsecond line\\n' " CANARY "\nfails ! echo " CANARY "; exit 3\nempty ! true\nmuch ! yes " CANARY "\n");
  assert_string_equal(stored(place, "session"), CANARY);
  static const char *const names[] = {"fails", "empty", "much"};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(credentials_get(open_credentials(place), SERVICE_LASTFM, "", names[i], &secret, &found, &place->error), STATUS_FAILED);
    assert_null(strstr(place->error.message, CANARY));
    assert_non_null(strstr(place->error.message, names[i]));
  }
  /* What is saved beside it leaves the command in place. */
  assert_int_equal(save_one(place, "api_key", "k"), STATUS_OK);
  assert_string_equal(stored(place, "session"), CANARY);
}

/* Killed at any moment, a saving leaves the old file or the new one. */
static void a_killed_saving_leaves_one_whole_file(void **state) {
  Place *place = *state;
  assert_int_equal(save_one(place, "session", "value-0"), STATUS_OK);
  int whole = 0;
  for (int round = 0; round < 40; round++) {
    pid_t child = fork();
    if (child == 0) {
      for (int i = 0;; i++) save_one(place, "session", i & 1 ? "value-1" : "value-0");
    }
    usleep((useconds_t)(200 + 137 * round));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    const char *value = stored(place, "session");
    whole += strcmp(value, "value-0") == 0 || strcmp(value, "value-1") == 0;
  }
  assert_int_equal(whole, 40);
}

static void one_process_renews_at_a_time(void **state) {
  Place *place = *state;
  Credentials *first = open_credentials(place), *second = open_credentials(place);
  assert_int_equal(credentials_lock(first, SERVICE_SPOTIFY, "me", 0, &place->error), STATUS_OK);
  assert_int_equal(credentials_lock(second, SERVICE_SPOTIFY, "me", 60, &place->error), STATUS_BUSY);
  assert_int_equal(credentials_lock(second, SERVICE_SPOTIFY, "other", 0, &place->error), STATUS_OK);
  credentials_unlock(first);
  assert_int_equal(credentials_lock(second, SERVICE_SPOTIFY, "me", 0, &place->error), STATUS_OK);
}

static void lastfm_signs_as_its_documentation_does(void **state) {
  Place *place = *state;
  Text secret = TEXT_LITERAL("YOUR_SECRET");
  HttpParam session[] = {{"token", TEXT_LITERAL("YOUR_REQUESTED_TOKEN")}, {"api_key", TEXT_LITERAL("YOUR_API_KEY")}};
  Text signature = lastfm_signature(place->arena, "method=auth.getSession&format=json", session, 2, secret);
  assert_string_equal(signature.bytes, "94539006de89b3c6b3c030bb1e52b9c4");
  /* artist[10] goes before artist[1]: by bytes, not by numbers. */
  static const char *const names[] = {"0", "1", "2", "10", "11"};
  HttpParam params[17] = {{"api_key", TEXT_LITERAL("YOUR_API_KEY")}, {"sk", TEXT_LITERAL("YOUR_SESSION_KEY")}};
  size_t count = 2;
  for (int i = 0; i < 5; i++) {
    params[count++] = (HttpParam){arena_format(place->arena, "artist[%s]", names[i]), i == 0 ? TEXT_LITERAL("AC/DC") : TEXT_LITERAL("Bj\xc3\xb6rk")};
    params[count++] = (HttpParam){arena_format(place->arena, "track[%s]", names[i]), TEXT_LITERAL("J\xc3\xb3ga & x=1")};
    params[count++] = (HttpParam){arena_format(place->arena, "timestamp[%s]", names[i]), text_of(arena_format(place->arena, "%d", 1700000000 + atoi(names[i])))};
  }
  signature = lastfm_signature(place->arena, endpoint_def(ENDPOINT_LASTFM_SCROBBLE)->fixed, params, count, secret);
  assert_string_equal(signature.bytes, "ad28bcbb3c7b49d7f4029be7c3d2ec2d");
  char hex[MD5_HEX + 1];
  md5_hex("", 0, hex);
  assert_string_equal(hex, "d41d8cd98f00b204e9800998ecf8427e");
}

/* RFC 7636, appendix B. */
static void pkce_answers_as_its_specification_does(void **state) {
  Place *place = *state;
  static const uint8_t random[OAUTH_RANDOM] = {116, 24,  223, 180, 151, 153, 224, 37,  79,  250, 96,  125, 216, 173, 187, 186,
                                               22,  212, 37,  77,  105, 214, 191, 240, 91,  88,  5,   88,  83,  132, 141, 121};
  Text verifier = pkce_verifier(place->arena, random);
  assert_string_equal(verifier.bytes, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  assert_int_equal(verifier.length, OAUTH_TEXT);
  assert_string_equal(pkce_challenge(place->arena, verifier).bytes, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  assert_string_equal(base64url(place->arena, "\xff\xfe", 2).bytes, "__4");
  assert_string_equal(base64url(place->arena, "f", 1).bytes, "Zg");
  assert_int_equal(base64url(place->arena, "", 0).length, 0);
}

static void only_our_own_login_is_listened_to(void **state) {
  Place *place = *state;
  OAuthReturn back;
  Text mine = TEXT_LITERAL("state-1");
  assert_true(oauth_read_return(place->arena, TEXT_LITERAL("http://127.0.0.1:8765/callback?code=a%2Bb&state=state-1#_"), mine, &back));
  assert_string_equal(back.code.bytes, "a+b");
  assert_int_equal(back.error.length, 0);
  assert_true(oauth_read_return(place->arena, TEXT_LITERAL("state=state-1&error=access_denied"), mine, &back));
  assert_string_equal(back.error.bytes, "access_denied");
  assert_int_equal(back.code.length, 0);
  static const char *const foreign[] = {"", "code=a", "code=a&state=", "code=a&state=state-2", "code=a&state=state-1x", "code=a&code=b&state=state-1", "code=a&state=state-2&state=state-1"};
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) assert_false(oauth_read_return(place->arena, text_of(foreign[i]), mine, &back));
  assert_false(oauth_read_return(place->arena, TEXT_LITERAL("code=a&state="), TEXT_LITERAL(""), &back));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_saved_is_found_by_its_owner_alone),
      TEST(what_is_wider_is_refused),
      TEST(accounts_have_files_of_their_own),
      TEST(wrong_values_change_nothing),
      TEST(a_file_may_be_written_by_hand),
      TEST(a_command_gives_the_value),
      TEST(a_killed_saving_leaves_one_whole_file),
      TEST(one_process_renews_at_a_time),
      TEST(lastfm_signs_as_its_documentation_does),
      TEST(pkce_answers_as_its_specification_does),
      TEST(only_our_own_login_is_listened_to),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
