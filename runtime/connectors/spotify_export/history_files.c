#include "connectors/spotify_export/history_files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "connectors/spotify_export/history.h"
#include "connectors/spotify_export/zip.h"

#define WHERE_TO_ASK "ask Spotify for the \"Extended streaming history\" at https://www.spotify.com/account/privacy"

static Text base_name(Text path) {
  size_t at = path.length;
  while (at > 0 && path.bytes[at - 1] != '/') at--;
  return (Text){path.bytes + at, path.length - at};
}

static bool begins_with(Text text, const char *prefix) {
  size_t length = strlen(prefix);
  return text.length >= length && strncasecmp(text.bytes, prefix, length) == 0;
}

static bool is_json(Text name) {
  return name.length >= 5 && strncasecmp(name.bytes + name.length - 5, ".json", 5) == 0;
}

bool history_file_named(Text path) {
  Text name = base_name(path);
  return is_json(name) && (begins_with(name, "Streaming_History_") || begins_with(name, "endsong"));
}

/* StreamingHistory0.json, StreamingHistory_music_0.json: the account data, which lacks what an import needs. */
static bool account_file_named(Text path) {
  Text name = base_name(path);
  return is_json(name) && begins_with(name, "StreamingHistory");
}

/* What was seen on the way, for the message when nothing fits. */
typedef struct Search {
  Arena *arena;
  const HistoryOptions *options;
  HistoryFiles *files;
  size_t skipped;
  Text account; /* a file of the account data; empty = none */
  HistoryFiles noted; /* in the zip or folder at hand, beside its files: zips and folders that are not read */
} Search;

static Status too_many(const char *path, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s holds more than %d files of a streaming history", path, HISTORY_MAX_FILES);
}

static Status is_skipped(Search *search, const char *path, bool *out, Error *error) {
  *out = false;
  if (!search->options->choose) return STATUS_OK;
  Status status = search->options->choose(search->options->context, path, out, error);
  if (*out) search->skipped++;
  return status;
}

static Status nothing_found(const Search *search, const char *path, const char *what, Error *error) {
  if (search->account.length > 0) {
    return fail(error, STATUS_FAILED, "",
                "%s holds account data (" TEXT_FORMAT "), not the extended streaming history; " WHERE_TO_ASK, path,
                TEXT_ARG(base_name(search->account)));
  }
  if (search->noted.count > 0) {
    const HistoryFile *noted = &search->noted.items[0];
    return fail(error, STATUS_FAILED, "", "%s %s holds no extended streaming history; " TEXT_FORMAT " %s", what, path, TEXT_ARG(text_escaped(search->arena, noted->name)), noted->problem);
  }
  return fail(
      error, STATUS_FAILED, "",
      "%s %s holds no extended streaming history: no Streaming_History_*.json and no endsong*.json; " WHERE_TO_ASK,
      what, path);
}

static bool is_zip_name(Text name) {
  return name.length >= 4 && strncasecmp(name.bytes + name.length - 4, ".zip", 4) == 0;
}

static void note(Search *search, const char *name, const char *path, const char *problem) {
  vec_push(search->arena, &search->noted, (HistoryFile){.name = text_of(name), .path = path, .problem = problem});
}

/* Who has a history and zips beside it wants to know that those were not read; but a caller who says which entries count, tells of the others itself. */
static void add_noted(Search *search) {
  for (size_t i = 0; i < search->noted.count && !search->options->has_history; i++) vec_push(search->arena, search->files, search->noted.items[i]);
  search->noted.count = 0;
}

static Status add_zip(Search *search, const char *path, Error *error) {
  Zip *zip;
  bool skip;
  Status status = is_skipped(search, path, &skip, error);
  if (status != STATUS_OK || skip) {
    return status;
  }
  status = zip_open(search->arena, path, &zip, error);
  size_t before = search->files->count;
  for (size_t number = 1; status == STATUS_OK; number++) {
    Text entry;
    bool found;
    if ((status = zip_next(zip, &entry, &found, error)) != STATUS_OK || !found) {
      break;
    }
    const HistoryOptions *options = search->options;
    if (options->has_history ? options->has_history(options->of, path, number) : history_file_named(entry)) {
      const char *name = arena_format(search->arena, "%s/" TEXT_FORMAT, path, TEXT_ARG(entry));
      vec_push(search->arena, search->files, (HistoryFile){.name = text_of(name), .path = path, .entry = number});
    } else if (account_file_named(entry) && search->account.length == 0) {
      search->account = text_copy(search->arena, entry);
    } else if (is_zip_name(entry)) {
      note(search, arena_format(search->arena, "%s/" TEXT_FORMAT, path, TEXT_ARG(entry)), path, "is a zip in the zip; unpack it and import it by itself");
    }
  }
  if (status == STATUS_OK) {
    zip_close(zip);
    if (search->files->count == before) {
      return nothing_found(search, path, "the zip", error);
    }
    add_noted(search);
  }
  return status;
}

/* The number before `.json`, and before a copy's `(1)`: Spotify numbers the files of an export in the order of time. -1
 * = none. */
static int64_t running_number(Text name) {
  size_t end = name.length - 5;
  if (end > 2 && name.bytes[end - 1] == ')') {
    while (end > 0 && name.bytes[end - 1] != '(') end--;
    while (end > 0 && (name.bytes[end - 1] == '(' || name.bytes[end - 1] == ' ')) end--;
  }
  size_t start = end;
  while (start > 0 && end - start < 9 && name.bytes[start - 1] >= '0' && name.bytes[start - 1] <= '9') start--;
  int64_t number = start == end ? -1 : 0;
  for (size_t i = start; i < end; i++) {
    number = number * 10 + (name.bytes[i] - '0');
  }
  return number;
}

/* The part of a name before its first digit: audio and video files are numbered each for themselves. */
static Text series(Text name) {
  size_t length = 0;
  while (length < name.length && !(name.bytes[length] >= '0' && name.bytes[length] <= '9')) length++;
  return (Text){name.bytes, length};
}

/* A folder's files together, in the order of time as far as names tell it: plays that come in order are stored fastest.
 */
static int by_name(const void *a, const void *b) {
  Text left = ((const HistoryFile *)a)->name, right = ((const HistoryFile *)b)->name;
  Text left_base = base_name(left), right_base = base_name(right);
  int order = text_compare((Text){left.bytes, left.length - left_base.length},
                           (Text){right.bytes, right.length - right_base.length});
  if (order == 0) {
    order = text_compare(series(left_base), series(right_base));
  }
  if (order == 0) {
    int64_t left_number = running_number(left_base), right_number = running_number(right_base);
    order = left_number < right_number ? -1 : left_number > right_number;
  }
  return order ? order : text_compare(left, right);
}

static int by_path(const void *a, const void *b) {
  return text_compare(((const HistoryFile *)a)->name, ((const HistoryFile *)b)->name);
}

typedef struct Folder {
  DIR *open;
} Folder;

static void close_folder(void *object) {
  Folder *folder = object;
  if (folder->open) {
    closedir(folder->open);
    folder->open = NULL;
  }
}

static Status walk(Search *search, const char *path, int depth, Error *error);

static Status visit(Search *search, const char *path, int depth, Error *error) {
  struct stat status;
  if (lstat(path, &status) != 0) {
    return STATUS_OK; /* gone since the folder was read */
  }
  if (S_ISDIR(status.st_mode)) {
    return walk(search, path, depth + 1, error);
  }
  Text name = text_of(path);
  if (history_file_named(name)) {
    if (search->files->count >= HISTORY_MAX_FILES) {
      return too_many(path, error);
    }
    bool skip;
    Status result = is_skipped(search, path, &skip, error);
    if (result != STATUS_OK || skip) {
      return result;
    }
    vec_push(search->arena, search->files, (HistoryFile){.name = name, .path = path});
  } else if (account_file_named(name) && search->account.length == 0) {
    search->account = name;
  } else if (is_zip_name(name) && zip_is(path)) {
    note(search, path, path, "is a zip in the folder; import it by itself");
  }
  return STATUS_OK;
}

/* Links to folders are not followed, so a walk ends. */
static Status walk(Search *search, const char *path, int depth, Error *error) {
  if (depth > HISTORY_MAX_FOLDER_DEPTH) {
    note(search, path, path, arena_format(search->arena, "lies more than %d folders deep and was not looked into", HISTORY_MAX_FOLDER_DEPTH));
    return STATUS_OK;
  }
  Folder *folder = arena_alloc(search->arena, sizeof *folder);
  arena_defer(search->arena, close_folder, folder);
  folder->open = opendir(path);
  if (!folder->open && depth > 0) {
    note(search, path, path, arena_format(search->arena, "is a folder that cannot be read: %s", strerror(errno)));
    return STATUS_OK;
  }
  if (!folder->open) {
    return fail(error, STATUS_FAILED, "", "the folder %s cannot be read: %s", path, strerror(errno));
  }
  size_t length = strlen(path);
  const char *slash = length > 0 && path[length - 1] == '/' ? "" : "/";
  VEC(const char *) names = {0};
  for (struct dirent *entry; (entry = readdir(folder->open));) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      vec_push(search->arena, &names, arena_format(search->arena, "%s%s%s", path, slash, entry->d_name));
    }
  }
  close_folder(folder);
  Status status = STATUS_OK;
  for (size_t i = 0; i < names.count && status == STATUS_OK; i++) {
    status = visit(search, names.items[i], depth, error);
  }
  return status;
}

static Status add_folder(Search *search, const char *path, Error *error) {
  size_t before = search->files->count, skipped = search->skipped;
  Status status = walk(search, path, 0, error);
  if (status != STATUS_OK) {
    return status;
  }
  if (search->files->count == before) {
    return search->skipped > skipped ? STATUS_OK : nothing_found(search, path, "the folder", error);
  }
  qsort(search->files->items + before, search->files->count - before, sizeof *search->files->items, by_name);
  if (search->noted.count) qsort(search->noted.items, search->noted.count, sizeof *search->noted.items, by_path);
  add_noted(search);
  return STATUS_OK;
}

Status history_files_add(Arena *arena, const char *path, const HistoryOptions *options, HistoryFiles *files, Error *error) {
  Search search = {.arena = arena, .options = options, .files = files};
  struct stat status;
  if (stat(path, &status) != 0) {
    return fail(error, STATUS_FAILED, "", "%s cannot be opened: %s", path, strerror(errno));
  }
  path = arena_copy(arena, path, strlen(path));
  if (S_ISDIR(status.st_mode)) {
    return add_folder(&search, path, error);
  }
  if (zip_is(path)) {
    return add_zip(&search, path, error);
  }
  if (files->count >= HISTORY_MAX_FILES) {
    return too_many(path, error);
  }
  bool skip;
  Status result = is_skipped(&search, path, &skip, error);
  if (result == STATUS_OK && !skip) {
    Input *input = options->opened ? options->opened(options->of, path) : NULL;
    vec_push(arena, files, (HistoryFile){.name = text_of(path), .path = path, .input = input});
  }
  return result;
}
