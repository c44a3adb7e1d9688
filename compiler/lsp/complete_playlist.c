/* Names of playlists, from the store of whoever writes. It is only read, and nobody waits for it. */
#include "compiler/lsp/completion.h"
#include "compiler/syntax/quote.h"
#include "store/store.h"

enum { MOST_PLAYLISTS = 1000 };

void offer_playlists(Items *items, const char *before, const char *behind) {
  Arena *arena = items->request->arena;
  Error error = {0};
  Text path, *names;
  size_t count;
  if (items->place->stage != STAGEID_FROM_LIBRARY_PLAYLIST && items->place->stage != STAGEID_TO_LIBRARY_PLAYLIST) return;
  if (store_default_path(arena, NULL, &path, &error) != STATUS_OK) return;
  store_peek_playlists(arena, path.bytes, MOST_PLAYLISTS, &names, &count);
  for (size_t i = 0; i < count; i++) {
    TextBuilder written = {.arena = arena};
    text_append(&written, text_of(before));
    quote_append(&written, names[i]);
    text_append(&written, text_of(behind));
    completion_offer_as(items, names[i], text_built(&written), ITEM_VALUE, TEXT_LITERAL("a playlist of your library"), TEXT_LITERAL(""));
  }
}

void offer_in_text(Items *items, bool closed) {
  const ParamDef *param = complete_param(items->place);
  if (param && param->kind == PARAM_PLAYLIST && complete_begins_value(items->place)) offer_playlists(items, "", closed ? "" : "\"");
}
