/* type.h: the types of values, shared by the language, the plan and the engine. */
#ifndef NARADA_PLAN_TYPE_H
#define NARADA_PLAN_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef enum BaseType {
#define TYPE(base, name, doc) BASE_##base,
#include "types.def"
#undef TYPE
  BASE_COUNT
} BaseType;

typedef enum TypeForm { FORM_ONE, FORM_LIST, FORM_RANGE } TypeForm;

/* One byte, as it stands in a plan:  7: optional | 6: zero | 5-4: form | 3-0: base
 * A range is half-open in the engine and inclusive in the language. PATH and PLAYLIST are texts to the engine. */
typedef uint8_t Type;
enum { TYPE_OPTIONAL = 0x80 };
#define TYPE_MAKE(base, form) ((Type)((base) | (form) << 4))
#define TYPE_OF(base) TYPE_MAKE(BASE_##base, FORM_ONE)
#define TYPE_LIST_OF(base) TYPE_MAKE(BASE_##base, FORM_LIST)
#define TYPE_RANGE_OF(base) TYPE_MAKE(BASE_##base, FORM_RANGE)

BaseType type_base(Type type);
TypeForm type_form(Type type);
bool type_is_optional(Type type);
Type type_required(Type type); /* without the optional bit */
bool type_is_valid(Type type); /* every bit pattern that TYPE_MAKE can give, with or without TYPE_OPTIONAL */
bool type_is_text(Type type);  /* text, path or playlist, FORM_ONE */
/* "int", "list[text]", "range[date]", with "?" when optional; static storage or `arena`. */
Text type_name(Arena *arena, Type type);
/* The base type called `name`, or BASE_COUNT. */
BaseType type_base_named(Text name);

/* The kinds of rows. */
typedef enum RowKind { ROWS_TRACK, ROWS_PLAY, ROWS_PLAYLIST, ROWS_ANY, ROWS_KIND_COUNT } RowKind; /* ANY: anonymous, from `tally` */
const char *row_kind_name(RowKind kind); /* "tracks", "plays", "playlists", "rows" */

#endif
