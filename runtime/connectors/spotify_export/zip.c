#include "connectors/spotify_export/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

/* What is used of libarchive: CALL(function, result, parameters). Each type is compared with the header's below. */
#define ARCHIVE_CALLS                                                              \
  CALL(archive_read_new, struct archive *, (void))                                 \
  CALL(archive_read_free, int, (struct archive *))                                 \
  CALL(archive_read_support_format_zip, int, (struct archive *))                   \
  CALL(archive_read_open_fd, int, (struct archive *, int, size_t))                 \
  CALL(archive_read_next_header, int, (struct archive *, struct archive_entry **)) \
  CALL(archive_read_data, la_ssize_t, (struct archive *, void *, size_t))          \
  CALL(archive_error_string, const char *, (struct archive *))                     \
  CALL(archive_entry_pathname, const char *, (struct archive_entry *))             \
  CALL(archive_entry_pathname_utf8, const char *, (struct archive_entry *))        \
  CALL(archive_entry_symlink, const char *, (struct archive_entry *))              \
  CALL(archive_entry_hardlink, const char *, (struct archive_entry *))             \
  CALL(archive_entry_filetype, __LA_MODE_T, (struct archive_entry *))              \
  CALL(archive_entry_is_data_encrypted, int, (struct archive_entry *))

#define CALL(name, result, parameters)                                                                      \
  _Static_assert(_Generic(&name, result(*) parameters : 1, default : 0), #name " has another type in this " \
                                                                               "libarchive");
ARCHIVE_CALLS
#undef CALL

typedef struct ArchiveCalls {
#define CALL(name, result, parameters) result(*name) parameters;
  ARCHIVE_CALLS
#undef CALL
} ArchiveCalls;

struct Zip {
  ArchiveCalls calls;
  void *library;
  struct archive *archive;
  int file;
  const char *path;
  uint64_t allowed; /* bytes that the contents may have */
  uint64_t unpacked;
  uint32_t entries;
  locale_t utf8; /* libarchive gives names in the thread's locale; 0 = the machine has none in UTF-8 */
  Input input;
};

bool zip_is(const char *path) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
    return false; /* who writes to a pipe would take this for its reader */
  }
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return false;
  }
  unsigned char magic[4] = {0};
  bool is = read(file, magic, sizeof magic) == (ssize_t)sizeof magic && magic[0] == 'P' && magic[1] == 'K' &&
            ((magic[2] == 3 && magic[3] == 4) || (magic[2] == 5 && magic[3] == 6));
  close(file);
  return is;
}

void zip_close(Zip *zip) {
  if (zip->archive) {
    zip->calls.archive_read_free(zip->archive);
    zip->archive = NULL;
  }
  if (zip->file >= 0) {
    close(zip->file);
    zip->file = -1;
  }
  if (zip->library) {
    dlclose(zip->library);
    zip->library = NULL;
  }
  if (zip->utf8) {
    freelocale(zip->utf8);
    zip->utf8 = (locale_t)0;
  }
}

static void close_deferred(void *object) {
  zip_close(object);
}

static Status load_library(Zip *zip, Error *error) {
  zip->library = dlopen(NARADA_ARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!zip->library) {
    return fail(error, STATUS_FAILED, "",
                "%s is a zip, and reading it needs libarchive (%s), which is not installed; install it (Debian: "
                "libarchive13, Homebrew: "
                "libarchive) or unpack the zip and give the folder",
                zip->path, NARADA_ARCHIVE_SONAME);
  }
#define CALL(name, result, parameters)                                                                                 \
  {                                                                                                                    \
    void *symbol = dlsym(zip->library, #name);                                                                         \
    if (!symbol) {                                                                                                     \
      return fail(error, STATUS_FAILED, "", "%s has no %s; unpack the zip and give the folder", NARADA_ARCHIVE_SONAME, \
                  #name);                                                                                              \
    }                                                                                                                  \
    memcpy(&zip->calls.name, &symbol, sizeof symbol);                                                                  \
  }
  ARCHIVE_CALLS
#undef CALL
  return STATUS_OK;
}

static Status broken(const Zip *zip, Error *error) {
  const char *detail = zip->calls.archive_error_string(zip->archive);
  return fail(error, STATUS_FAILED, "", "%s cannot be read as a zip: %s", zip->path, detail ? detail : "it is damaged");
}

/* The end of a zip lists what is in it, and a comment of up to 64 KiB may stand behind the list. What was cut off has no end. */
static bool has_end(int file, uint64_t size) {
  enum { RECORD = 22, COMMENT = UINT16_MAX };
  unsigned char tail[RECORD + COMMENT];
  size_t length = size < sizeof tail ? (size_t)size : sizeof tail;
  size_t got = 0;
  for (ssize_t count; got < length; got += (size_t)count) {
    count = pread(file, tail + got, length - got, (off_t)(size - length + got));
    if (count <= 0) return true; /* whatever it is, it is told when it is read */
  }
  for (size_t at = length < RECORD ? 0 : length - RECORD + 1; length >= RECORD && at-- > 0;) {
    if (memcmp(tail + at, "PK\5\6", 4) == 0) return true;
  }
  return false;
}

Status zip_open(Arena *arena, const char *path, Zip **out, Error *error) {
  Zip *zip = arena_alloc(arena, sizeof *zip);
  zip->file = -1;
  zip->path = path;
  arena_defer(arena, close_deferred, zip);
  Status status = load_library(zip, error);
  if (status != STATUS_OK) {
    return status;
  }
  zip->file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (zip->file < 0 || fstat(zip->file, &about) != 0) {
    return fail(error, STATUS_FAILED, "", "%s cannot be opened: %s", path, strerror(errno));
  }
  uint64_t size = about.st_size > 0 ? (uint64_t)about.st_size : 0;
  if (!has_end(zip->file, size)) {
    return fail(error, STATUS_FAILED, "", "%s is not whole: its end is missing, as of a download that broke off; get it again", path);
  }
  zip->allowed = size * ZIP_MAX_RATIO < ZIP_FREE_BYTES ? ZIP_FREE_BYTES : size * ZIP_MAX_RATIO;
  if (zip->allowed > ZIP_MAX_BYTES) {
    zip->allowed = ZIP_MAX_BYTES;
  }
  static const char *const locales[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};
  for (size_t i = 0; i < sizeof locales / sizeof *locales && !zip->utf8; i++) {
    zip->utf8 = newlocale(LC_CTYPE_MASK, locales[i], (locale_t)0);
  }
  zip->archive = zip->calls.archive_read_new();
  if (!zip->archive) {
    return fail(error, STATUS_FAILED, "", "%s cannot be read: memory is out", path);
  }
  if (zip->calls.archive_read_support_format_zip(zip->archive) != ARCHIVE_OK ||
      zip->calls.archive_read_open_fd(zip->archive, zip->file, 64 << 10) != ARCHIVE_OK) {
    return broken(zip, error);
  }
  *out = zip;
  return STATUS_OK;
}

static bool leads_outside(const char *name) {
  if (name[0] == '/' || name[0] == '\\' || (name[0] != '\0' && name[1] == ':')) {
    return true;
  }
  for (const char *part = name; *part;) {
    size_t length = strcspn(part, "/\\");
    if (length == 2 && part[0] == '.' && part[1] == '.') {
      return true;
    }
    part += length;
    part += *part != '\0';
  }
  return false;
}

static Status check_entry(Zip *zip, struct archive_entry *entry, const char *name, Error *error) {
  if (++zip->entries > ZIP_MAX_ENTRIES) {
    return fail(error, STATUS_FAILED, "", "%s has more than %d entries, which no export of Spotify has", zip->path,
                ZIP_MAX_ENTRIES);
  }
  if (leads_outside(name)) {
    return fail(error, STATUS_FAILED, "", "%s is refused: its entry \"%s\" leads outside of the zip", zip->path, name);
  }
  if (zip->calls.archive_entry_filetype(entry) == AE_IFLNK || zip->calls.archive_entry_symlink(entry) ||
      zip->calls.archive_entry_hardlink(entry)) {
    return fail(error, STATUS_FAILED, "", "%s is refused: its entry \"%s\" is a link", zip->path, name);
  }
  if (zip->calls.archive_entry_is_data_encrypted(entry) == 1) {
    return fail(error, STATUS_FAILED, "", "%s is locked by a password; unpack it and give the folder", zip->path);
  }
  return STATUS_OK;
}

static Status next_entry(Zip *zip, Text *name, bool *found, Error *error) {
  for (;;) {
    struct archive_entry *entry;
    int result = zip->calls.archive_read_next_header(zip->archive, &entry);
    if (result == ARCHIVE_EOF) {
      return STATUS_OK;
    }
    /* A warning is about a name that the locale cannot show. */
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
      return broken(zip, error);
    }
    const char *path = zip->calls.archive_entry_pathname_utf8(entry);
    if (!path) {
      path = zip->calls.archive_entry_pathname(entry);
    }
    if (!path) {
      path = "";
    }
    Status status = check_entry(zip, entry, path, error);
    if (status != STATUS_OK) {
      return status;
    }
    size_t length = strlen(path);
    if (zip->calls.archive_entry_filetype(entry) == AE_IFREG && length > 0 && path[length - 1] != '/') {
      *name = (Text){path, length};
      *found = true;
      return STATUS_OK;
    }
  }
}

Status zip_next(Zip *zip, Text *name, bool *found, Error *error) {
  *found = false;
  locale_t before = zip->utf8 ? uselocale(zip->utf8) : (locale_t)0;
  Status status = next_entry(zip, name, found, error);
  if (before) {
    uselocale(before);
  }
  return status;
}

static Status read_entry(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Zip *zip = input->context;
  la_ssize_t count = zip->calls.archive_read_data(zip->archive, buffer, size);
  if (count < 0) {
    const char *detail = zip->calls.archive_error_string(zip->archive);
    return fail(error, STATUS_FAILED, "", "%s cannot be unpacked: %s", input->name, detail ? detail : "it is damaged");
  }
  zip->unpacked += (uint64_t)count;
  if (zip->unpacked > zip->allowed) {
    return fail(
        error, STATUS_FAILED, "",
        "%s is refused: it unpacks to more than %llu bytes (the limit is %d times the zip's size, at most 4 GiB)",
        zip->path, (unsigned long long)zip->allowed, ZIP_MAX_RATIO);
  }
  *got = (size_t)count;
  return STATUS_OK;
}

Input *zip_input(Zip *zip, const char *name) {
  zip->input = (Input){.read = read_entry, .context = zip, .name = name};
  return &zip->input;
}
