#include "connectors/spotify/account.h"

#include <inttypes.h>

#include "connectors/http/pager.h"
#include "connectors/services/service_reading.h"
#include "connectors/services/services_int.h"
#include "connectors/spotify/profile.h"
#include "connectors/spotify/references.h"

typedef struct SpotifyAccount {
  Services *services;
  Text user; /* "" = not known yet */
  bool listed;
  VEC(SpotifyPlaylist) playlists;
} SpotifyAccount;

static SpotifyAccount *account_of(Services *services) {
  if (!services->spotify_account) {
    services->spotify_account = arena_alloc(services->arena, sizeof *services->spotify_account);
    services->spotify_account->services = services;
  }
  return services->spotify_account;
}

Status spotify_user(Services *services, Text *out, Error *error) {
  SpotifyAccount *account = account_of(services);
  Status status = STATUS_OK;
  if (!account->user.length) {
    Secret user;
    bool found = false;
    status = services_secret(services, SERVICE_SPOTIFY, "user_id", &user, &found, error);
    if (status == STATUS_OK && found) account->user = text_copy(services->arena, secret_reveal(user));
    SpotifyProfile profile = {0};
    Http *http;
    if (status == STATUS_OK) status = services_http(services, &http, error);
    if (status == STATUS_OK && !account->user.length) status = spotify_profile(services->arena, http, NULL, (Text){"", 0}, &profile, error);
    if (status == STATUS_OK && !account->user.length) account->user = profile.user_id;
  }
  *out = account->user;
  return status;
}

/* ---- playlists ---- */

static int64_t size_of(const JsonNode *node) {
  int64_t size;
  const JsonNode *items = json_get(node, "items");
  if (!items || items->kind != JSON_OBJECT) items = json_get(node, "tracks");
  return json_whole(json_get(items, "total"), &size) && size >= 0 ? size : -1;
}

static Status take_playlists(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  SpotifyAccount *account = context;
  Arena *arena = account->services->arena;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    const JsonNode *node = &rows[i], *owner = json_get(node, "owner"), *together = json_get(node, "collaborative");
    Text id = json_get_text(node, "id");
    if (!id.length) continue;
    SpotifyPlaylist playlist = {.id = text_copy(arena, id),
                                .name = text_copy(arena, json_get_text(node, "name")),
                                .description = text_copy(arena, json_get_text(node, "description")),
                                .owner = text_copy(arena, json_get_text(owner, "id")),
                                .owner_name = text_copy(arena, json_get_text(owner, "display_name")),
                                .size = size_of(node)};
    playlist.own = text_equal(playlist.owner, account->user);
    playlist.writable = playlist.own || (together && together->kind == JSON_TRUE);
    vec_push(arena, &account->playlists, playlist);
  }
  return STATUS_OK;
}

static void forget(void *context) {
  SpotifyAccount *account = context;
  account->playlists.count = 0;
}

void spotify_playlists_forget(Services *services) {
  account_of(services)->listed = false;
}

Status spotify_playlists(Services *services, SpotifyPlaylists *out, Error *error) {
  SpotifyAccount *account = account_of(services);
  Http *http;
  Text user;
  Status status = services_http(services, &http, error);
  if (status == STATUS_OK) status = spotify_user(services, &user, error);
  if (status == STATUS_OK && !account->listed) {
    forget(account);
    Pager *pager = pages_start(http, services->arena, &(PagesRequest){.request = {.endpoint = ENDPOINT_SPOTIFY_MY_PLAYLISTS}, .page = take_playlists, .again = forget, .context = account});
    status = pages_wait(pager, error);
    if (status == STATUS_OK) status = service_pages_judge(pager, error);
    account->listed = status == STATUS_OK;
  }
  *out = (SpotifyPlaylists){account->playlists.items, account->playlists.count};
  return status;
}

/* ---- by name ---- */

typedef bool SameName(Arena *arena, Text a, Text b);

static bool same_exactly(Arena *arena, Text a, Text b) {
  (void)arena;
  return text_equal(a, b);
}

static bool same_folded(Arena *arena, Text a, Text b) {
  return text_equal(text_fold(arena, a), text_fold(arena, b));
}

/* The candidates that are called so, in the order of the library. */
static size_t named(Arena *arena, SpotifyPlaylists all, Text name, bool others, SameName *same, const SpotifyPlaylist **out) {
  size_t count = 0;
  for (size_t i = 0; i < all.count; i++)
    if (all.items[i].writable != others && same(arena, all.items[i].name, name)) out[count++] = &all.items[i];
  return count;
}

static Status several(Arena *arena, Text name, const SpotifyPlaylist **found, size_t count, Error *error) {
  TextBuilder list = {.arena = arena};
  for (size_t i = 0; i < count && i < 5; i++) {
    text_append_format(&list, "%s" TEXT_FORMAT, i ? ", " : "", TEXT_ARG(found[i]->id));
    if (found[i]->size >= 0) text_append_format(&list, " (%" PRId64 " %s)", found[i]->size, found[i]->size == 1 ? "entry" : "entries");
  }
  if (count > 5) text_append(&list, TEXT_LITERAL(", ..."));
  return fail(error, STATUS_USAGE, "", "%zu playlists on Spotify are called \"" TEXT_FORMAT "\"; say which by its id: " TEXT_FORMAT, count, TEXT_ARG(text_escaped(arena, name)),
              TEXT_ARG(text_built(&list)));
}

static void say_nearest(Arena *arena, SpotifyPlaylists all, Text name, bool write, Error *error) {
  Text *names = arena_array(arena, all.count, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; i < all.count; i++)
    if (!write || all.items[i].writable) names[count++] = all.items[i].name;
  size_t nearest = text_nearest(name, names, count);
  Text shown = text_escaped(arena, name);
  if (nearest == SIZE_MAX)
    fail(error, STATUS_FAILED, "", "no playlist in your library on Spotify is called \"" TEXT_FORMAT "\"; others' can be given by their link", TEXT_ARG(shown));
  else
    fail(error, STATUS_FAILED, "", "no playlist in your library on Spotify is called \"" TEXT_FORMAT "\"; did you mean \"" TEXT_FORMAT "\"?", TEXT_ARG(shown),
         TEXT_ARG(text_escaped(arena, names[nearest])));
}

Status spotify_find_playlist(Services *services, Text given, bool write, SpotifyPlaylist *out, bool *found, Error *error) {
  SpotifyReference reference;
  SpotifyPlaylists all;
  *out = (SpotifyPlaylist){.size = -1};
  *found = false;
  if (!given.length) return fail(error, STATUS_USAGE, "", "a playlist needs a name, a link or an id; this one is empty");
  Status status = spotify_reference(given, "playlist", &reference, error);
  if (status != STATUS_OK) return status;
  *found = reference.id.length > 0;
  out->id = reference.id;
  if (*found) return STATUS_OK;
  status = spotify_playlists(services, &all, error);
  if (status != STATUS_OK) return status;
  Arena *arena = services_arena(services);
  const SpotifyPlaylist **candidates = arena_array(arena, all.count, sizeof(SpotifyPlaylist *));
  for (int way = 0; way < (write ? 2 : 4); way++) {
    size_t count = named(arena, all, given, way >= 2, way % 2 ? same_folded : same_exactly, candidates);
    if (count > 1) return several(arena, given, candidates, count, error);
    if (count == 0) continue;
    *out = *candidates[0];
    *found = true;
    return STATUS_OK;
  }
  say_nearest(arena, all, given, write, error);
  return STATUS_OK;
}
