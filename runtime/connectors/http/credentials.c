#include "connectors/http/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "base/vec.h"
#include "connectors/http/credentials_int.h"

enum { FILE_MOST = 64 << 10, ACCOUNT_MOST = 150, LOCK_STEP_MS = 50, NAMES_MOST = 64 };

struct Credentials {
  Arena *arena;
  const char *folder;
  int lock; /* -1: not taken */
};

/* A line of a file. */
typedef struct Entry {
  Text name, value;
  bool command;
} Entry;

typedef VEC(Entry) Entries;

Text secret_reveal(Secret secret) {
  return secret.hidden;
}

void wipe(void *bytes, size_t length) {
  volatile unsigned char *at = bytes;
  while (length--) *at++ = 0;
}

typedef struct Wiped {
  char *bytes;
  size_t length;
} Wiped;

static void wipe_later(void *object) {
  Wiped *wiped = object;
  wipe(wiped->bytes, wiped->length);
  free(wiped->bytes);
}

char *secret_buffer(Arena *arena, size_t size) {
  Wiped *wiped = arena_alloc(arena, sizeof *wiped);
  char *bytes = calloc(1, size);
  if (!bytes) arena_alloc(arena, SIZE_MAX / 2); /* out of memory in the arena's own way */
  *wiped = (Wiped){bytes, size};
  arena_defer(arena, wipe_later, wiped);
  return bytes;
}

/* Sanitizers look into their own process, which this would forbid. */
static void guard_process(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

Status credentials_default_folder(Arena *arena, Text *out, Error *error) {
  const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  if (data && data[0] == '/') *out = text_of(arena_format(arena, "%s/narada/credentials", data));
  else if (home && home[0]) *out = text_of(arena_format(arena, "%s/.local/share/narada/credentials", home));
  else return fail(error, STATUS_USAGE, "", "no place for credentials: HOME is not set");
  return STATUS_OK;
}

/* STATUS_REFUSED unless it is ours alone. */
static Status check_mode(const struct stat *about, const char *path, const char *mode, Error *error) {
  if (about->st_uid != geteuid())
    return fail(error, STATUS_REFUSED, "", "%s: belongs to another user; credentials are kept only where you alone can read them", path);
  if (about->st_mode & (S_IRWXG | S_IRWXO))
    return fail(error, STATUS_REFUSED, "", "%s: can be read or written by others (mode %03o); credentials in it may be known to them. Run: chmod %s '%s'", path,
                (unsigned)(about->st_mode & 0777), mode, path);
  return STATUS_OK;
}

static Status check_folder(const Credentials *credentials, bool *there, Error *error) {
  struct stat about;
  *there = lstat(credentials->folder, &about) == 0;
  if (!*there) return errno == ENOENT ? STATUS_OK : fail(error, STATUS_FAILED, "", "%s: cannot be looked at: %s", credentials->folder, strerror(errno));
  if (!S_ISDIR(about.st_mode)) return fail(error, STATUS_REFUSED, "", "%s: is not a folder", credentials->folder);
  return check_mode(&about, credentials->folder, "700", error);
}

static void release(void *object) {
  credentials_unlock(object);
}

Status credentials_open(Arena *arena, const char *folder, Credentials **out, Error *error) {
  Credentials *credentials = arena_alloc(arena, sizeof *credentials);
  *credentials = (Credentials){arena, arena_copy(arena, folder, strlen(folder)), -1};
  *out = credentials;
  arena_defer(arena, release, credentials);
  guard_process();
  bool there;
  return check_folder(credentials, &there, error);
}

const char *credentials_folder(const Credentials *credentials) {
  return credentials->folder;
}

/* Above the folder, what a new user lacks is made as any program would; the folder itself is ours alone from its first moment. */
static Status make_folder(const Credentials *credentials, Error *error) {
  char *path = arena_copy(credentials->arena, credentials->folder, strlen(credentials->folder));
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return fail(error, STATUS_FAILED, "", "%s: cannot be made: %s", path, strerror(errno));
    *slash = '/';
  }
  if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) return fail(error, STATUS_FAILED, "", "%s: cannot be made: %s", path, strerror(errno));
  bool there;
  return check_folder(credentials, &there, error);
}

/* An account is called as its service likes; in a file's name every unusual byte is written %XX. */
static Status path_of(const Credentials *credentials, Service service, const char *account, const char *end, const char **out, Error *error) {
  TextBuilder b = {.arena = credentials->arena};
  size_t length = strlen(account);
  if (length > ACCOUNT_MOST) return fail(error, STATUS_USAGE, "", "the name of an account is longer than %d bytes", ACCOUNT_MOST);
  text_append_format(&b, "%s/%s-", credentials->folder, service_def(service)->name);
  if (length == 0) text_append(&b, TEXT_LITERAL("default"));
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)account[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (plain) text_append_char(&b, (char)c);
    else text_append_format(&b, "%%%02X", c);
  }
  text_append(&b, text_of(end));
  *out = text_built(&b).bytes;
  return STATUS_OK;
}

static Status read_bytes(int file, const char *path, char *bytes, size_t size, Error *error) {
  for (size_t used = 0; used < size;) {
    ssize_t got = read(file, bytes + used, size - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(error, STATUS_FAILED, "", "%s: cannot be read: %s", path, strerror(errno));
    if (got == 0) break;
    used += (size_t)got;
  }
  return STATUS_OK;
}

/* The file's text in a buffer that is wiped; empty if there is no file. */
static Status read_file(const Credentials *credentials, const char *path, Text *out, Error *error) {
  *out = TEXT_LITERAL("");
  bool there;
  Status status = check_folder(credentials, &there, error);
  if (status || !there) return status;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0 && errno == ENOENT) return STATUS_OK;
  if (file < 0) return fail(error, errno == ELOOP ? STATUS_REFUSED : STATUS_FAILED, "", "%s: cannot be read: %s", path, strerror(errno));
  struct stat about;
  if (fstat(file, &about) != 0) status = fail(error, STATUS_FAILED, "", "%s: cannot be looked at: %s", path, strerror(errno));
  if (!status && (!S_ISREG(about.st_mode) || about.st_size > FILE_MOST)) status = fail(error, STATUS_REFUSED, "", "%s: is not a file of credentials", path);
  if (!status) status = check_mode(&about, path, "600", error);
  if (!status) {
    char *bytes = secret_buffer(credentials->arena, (size_t)about.st_size + 1);
    status = read_bytes(file, path, bytes, (size_t)about.st_size, error);
    *out = text_of(bytes);
  }
  close(file);
  return status;
}

static Text trimmed(Text text) {
  while (text.length && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) text.bytes++, text.length--;
  while (text.length && strchr(" \t\r", text.bytes[text.length - 1])) text.length--;
  return text;
}

static bool is_name(Text name) {
  for (size_t i = 0; i < name.length; i++)
    if ((name.bytes[i] < 'a' || name.bytes[i] > 'z') && name.bytes[i] != '_') return false;
  return name.length > 0;
}

/* Messages name the line and never its text: it may be a secret in the wrong place. */
static Status parse(const Credentials *credentials, const char *path, Text text, Entries *out, Error *error) {
  int line = 0;
  for (size_t at = 0; at < text.length; line++) {
    const char *newline = memchr(text.bytes + at, '\n', text.length - at);
    size_t end = newline ? (size_t)(newline - text.bytes) : text.length;
    Text whole = trimmed((Text){text.bytes + at, end - at});
    at = end + 1;
    if (whole.length == 0 || whole.bytes[0] == '#') continue;
    size_t mark = 0;
    while (mark < whole.length && whole.bytes[mark] != '=' && whole.bytes[mark] != '!') mark++;
    Entry entry = {trimmed((Text){whole.bytes, mark}), {0}, mark < whole.length && whole.bytes[mark] == '!'};
    if (mark == whole.length || !is_name(entry.name))
      return fail(error, STATUS_FAILED, "", "%s:%d: is neither `name = value` nor `name ! command`", path, line + 1);
    entry.value = trimmed((Text){whole.bytes + mark + 1, whole.length - mark - 1});
    vec_push(credentials->arena, out, entry);
  }
  return STATUS_OK;
}

static Status read_entries(const Credentials *credentials, Service service, const char *account, const char **path, Entries *out, Error *error) {
  Text text;
  Status status = path_of(credentials, service, account, "", path, error);
  if (!status) status = read_file(credentials, *path, &text, error);
  return status ? status : parse(credentials, *path, text, out, error);
}

static Status reveal(const Credentials *credentials, const char *path, const Entry *entry, Secret *out, Error *error) {
  out->hidden = entry->value;
  if (!entry->command) return STATUS_OK;
  Status status = secret_of_command(credentials->arena, text_copy(credentials->arena, entry->value).bytes, out, error);
  if (status) fail_context(error, "%s: the command for `" TEXT_FORMAT "`", path, TEXT_ARG(entry->name));
  return status;
}

static const Entry *entry_named(const Entries *entries, const char *name) {
  for (size_t i = 0; i < entries->count; i++)
    if (text_is(entries->items[i].name, name)) return &entries->items[i];
  return NULL;
}

Status credentials_get(Credentials *credentials, Service service, const char *account, const char *name, Secret *out, bool *found, Error *error) {
  Entries entries = {0};
  const char *path;
  *found = false;
  *out = (Secret){TEXT_LITERAL("")};
  Status status = read_entries(credentials, service, account, &path, &entries, error);
  const Entry *entry = status ? NULL : entry_named(&entries, name);
  *found = entry != NULL;
  return entry ? reveal(credentials, path, entry, out, error) : status;
}

Status credentials_read(Credentials *credentials, Service service, const char *account, const char *const *names, size_t count, Secret *out, Error *error) {
  Entries entries = {0};
  const char *path;
  Status status = read_entries(credentials, service, account, &path, &entries, error);
  for (size_t i = 0; i < count; i++) {
    const Entry *entry = status ? NULL : entry_named(&entries, names[i]);
    out[i] = (Secret){TEXT_LITERAL("")};
    if (entry) status = reveal(credentials, path, entry, &out[i], error);
  }
  return status;
}

static bool write_bytes(int file, const char *bytes, size_t length) {
  while (length) {
    ssize_t count = write(file, bytes, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    length -= (size_t)count;
  }
  return true;
}

static void sync_folder(const char *folder) {
  int file = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (file < 0) return;
  fsync(file); /* some file systems cannot; the file is whole then too */
  close(file);
}

/* The lock of the account is not asked for: who saves without it is the last to win, and the file is whole in any case. */
static Status replace_file(const Credentials *credentials, const char *path, Text text, Error *error) {
  const char *temporary = arena_format(credentials->arena, "%s.new-%ld", path, (long)getpid());
  unlink(temporary); /* left by a process that had our number and died */
  int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s", path, strerror(errno));
  bool good = write_bytes(file, text.bytes, text.length) && fsync(file) == 0;
  int reason = errno;
  if (close(file) != 0 && good) good = false, reason = errno;
  if (good && rename(temporary, path) != 0) good = false, reason = errno;
  if (!good) {
    unlink(temporary);
    return fail(error, STATUS_FAILED, "", "%s: cannot be written: %s; it is as it was", path, strerror(reason));
  }
  sync_folder(credentials->folder);
  return STATUS_OK;
}

static Status check_value(const CredentialValue *value, Error *error) {
  if (!is_name(text_of(value->name))) return fail(error, STATUS_FAILED, "", "`%s` is no name of a credential", value->name);
  for (size_t i = 0; i < value->value.length; i++)
    if ((unsigned char)value->value.bytes[i] < 0x20 || value->value.bytes[i] == 0x7f)
      return fail(error, STATUS_USAGE, "", "the value of `%s` holds a control character; paste it without line breaks", value->name);
  return STATUS_OK;
}

static const CredentialValue *value_named(const CredentialValue *values, size_t count, Text name) {
  for (size_t i = 0; i < count; i++)
    if (text_is(name, values[i].name)) return &values[i];
  return NULL;
}

static size_t put(char *out, Text name, const char *mark, Text value) {
  size_t used = 0;
  memcpy(out, name.bytes, name.length);
  used += name.length;
  memcpy(out + used, mark, 3);
  used += 3;
  memcpy(out + used, value.bytes, value.length);
  used += value.length;
  out[used] = '\n';
  return used + 1;
}

Status credentials_save(Credentials *credentials, Service service, const char *account, const CredentialValue *values, size_t count, Error *error) {
  Entries entries = {0};
  const char *path;
  Status status = STATUS_OK;
  size_t room = 0, used = 0;
  for (size_t i = 0; !status && i < count; i++) status = check_value(&values[i], error);
  if (!status) status = make_folder(credentials, error);
  if (!status) status = read_entries(credentials, service, account, &path, &entries, error);
  if (status) return status;
  for (size_t i = 0; i < entries.count; i++) room += entries.items[i].name.length + entries.items[i].value.length + 4;
  for (size_t i = 0; i < count; i++) room += strlen(values[i].name) + values[i].value.length + 4;
  if (room > FILE_MOST) return fail(error, STATUS_USAGE, "", "%s: would be larger than %d bytes", path, FILE_MOST);
  char *text = secret_buffer(credentials->arena, room + 1);
  for (size_t i = 0; i < entries.count; i++) {
    const Entry *entry = &entries.items[i];
    if (!value_named(values, count, entry->name)) used += put(text + used, entry->name, entry->command ? " ! " : " = ", entry->value);
  }
  for (size_t i = 0; i < count; i++)
    if (values[i].value.length) used += put(text + used, text_of(values[i].name), " = ", values[i].value);
  return replace_file(credentials, path, (Text){text, used}, error);
}

Status credentials_forget(Credentials *credentials, Service service, const char *account, Error *error) {
  const char *path;
  bool there;
  Status status = path_of(credentials, service, account, "", &path, error);
  if (!status) status = check_folder(credentials, &there, error);
  if (status || !there) return status;
  if (unlink(path) != 0 && errno != ENOENT) return fail(error, STATUS_FAILED, "", "%s: cannot be removed: %s", path, strerror(errno));
  sync_folder(credentials->folder);
  return STATUS_OK;
}

Status credentials_lock(Credentials *credentials, Service service, const char *account, int64_t wait_ms, Error *error) {
  const char *path;
  Status status = make_folder(credentials, error);
  if (!status) status = path_of(credentials, service, account, ".lock", &path, error);
  if (status) return status;
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) return fail(error, STATUS_FAILED, "", "%s: cannot be opened for writing: %s", path, strerror(errno));
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    int reason = errno;
    if (reason == EINTR) continue;
    if (reason == EWOULDBLOCK && wait_ms > 0) {
      nanosleep(&(struct timespec){0, LOCK_STEP_MS * 1000000L}, NULL);
      wait_ms -= LOCK_STEP_MS;
      continue;
    }
    close(file);
    if (reason == EWOULDBLOCK)
      return fail(error, STATUS_BUSY, "", "another program is renewing the login of %s; try again in a moment", service_def(service)->doc);
    return fail(error, STATUS_FAILED, "", "%s: the file system gives no lock: %s; keep credentials on a local disk", path, strerror(reason));
  }
  credentials_unlock(credentials);
  credentials->lock = file;
  return STATUS_OK;
}

void credentials_unlock(Credentials *credentials) {
  if (credentials->lock >= 0) close(credentials->lock);
  credentials->lock = -1;
}
