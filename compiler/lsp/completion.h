/* completion.h: what the files that complete share. */
#ifndef NARADA_COMPILER_LSP_COMPLETION_H
#define NARADA_COMPILER_LSP_COMPLETION_H

#include "compiler/lsp/complete_place.h"
#include "compiler/lsp/features.h"

/* Kinds of items, of the protocol. */
enum {
  ITEM_FUNCTION = 3,
  ITEM_FIELD = 5,
  ITEM_VARIABLE = 6,
  ITEM_MODULE = 9,
  ITEM_PROPERTY = 10,
  ITEM_VALUE = 12,
  ITEM_KEYWORD = 14,
  ITEM_ENUM_MEMBER = 20,
  ITEM_STRUCT = 22
};

typedef struct Items {
  Request *request;
  const CompletePlace *place;
  TextBuilder *out;
  bool any;
} Items;

/* ---- complete_item.c ---- */
/* `label` and what follows it; `detail` and `doc` may be empty. */
void completion_offer(Items *items, Text label, const char *behind, int kind, Text detail, Text doc);
/* Something that is written otherwise than it is called. */
void completion_offer_as(Items *items, Text label, Text written, int kind, Text detail, Text doc);

/* ---- complete_place.c ---- */
/* The parameter of the stage whose value is written; NULL if that is not known. */
const ParamDef *complete_param(const CompletePlace *place);
/* Nothing of the value is written yet but the word itself. */
bool complete_begins_value(const CompletePlace *place);

/* ---- complete_playlist.c ---- */
/* The playlists of the library, each between the two; nothing where there is no store. */
void offer_playlists(Items *items, const char *before, const char *behind);
/* Within the quotes of a text. */
void offer_in_text(Items *items, bool closed);

#endif
