#include "plan/type.h"

#include "plan/opcode.h"

static const char *const base_names[BASE_COUNT] = {
#define TYPE(base, name, doc) name,
#include "types.def"
#undef TYPE
};

const char *type_base_name(BaseType base) {
  return base_names[base];
}

BaseType type_base(Type type) {
  return (BaseType)(type & 0x0F);
}

TypeForm type_form(Type type) {
  return (TypeForm)(type >> 4 & 3);
}

bool type_is_optional(Type type) {
  return (type & TYPE_OPTIONAL) != 0;
}

Type type_required(Type type) {
  return (Type)(type & ~TYPE_OPTIONAL);
}

bool type_is_valid(Type type) {
  return (type & 0x40) == 0 && (int)type_base(type) < BASE_COUNT && type_form(type) <= FORM_RANGE;
}

bool type_is_text(Type type) {
  BaseType base = type_base(type);
  return type_form(type) == FORM_ONE && (base == BASE_TEXT || base == BASE_PATH || base == BASE_PLAYLIST);
}

Text type_name(Arena *arena, Type type) {
  if (!type_is_valid(type)) return text_of(arena_format(arena, "type 0x%02x", type));
  const char *base = base_names[type_base(type)];
  const char *mark = type_is_optional(type) ? "?" : "";
  switch (type_form(type)) {
    case FORM_LIST:
      return text_of(arena_format(arena, "list[%s]%s", base, mark));
    case FORM_RANGE:
      return text_of(arena_format(arena, "range[%s]%s", base, mark));
    case FORM_ONE:
      break;
  }
  return *mark ? text_of(arena_format(arena, "%s?", base)) : text_of(base);
}

BaseType type_base_named(Text name) {
  for (int base = 0; base < BASE_COUNT; base++) {
    if (text_is(name, base_names[base])) return (BaseType)base;
  }
  return BASE_COUNT;
}

const char *row_kind_name(RowKind kind) {
  static const char *const names[ROWS_KIND_COUNT] = {"tracks", "plays", "playlists", "rows"};
  return names[kind];
}

bool type_fits_letter(Type type, char letter) {
  Type is = type_represented(type);
  switch (letter) {
    case '*':
      return true;
    case 'l':
      return type_form(type) == FORM_LIST;
    case 'r':
      return type_form(type) == FORM_RANGE;
    default:
      return is == type_required(type_of_letter(letter));
  }
}

Type type_of_letter(char letter) {
  switch (letter) {
    case 'b':
      return TYPE_OF(BOOL);
    case 'i':
      return TYPE_OF(INT);
    case 'f':
      return TYPE_OF(FLOAT);
    case 'x':
      return TYPE_OF(TEXT);
    case 't':
      return TYPE_OF(TIME);
    case 'd':
      return TYPE_OF(DURATION);
    case 'y':
      return TYPE_OF(DATE);
    case 'l':
      return TYPE_LIST_OF(TEXT);
    default:
      if (letter >= 'A' && letter <= 'Z') return (Type)(type_of_letter((char)(letter - 'A' + 'a')) | TYPE_OPTIONAL);
      return TYPE_OF(MISSING);
  }
}

Type type_represented(Type type) {
  BaseType base = type_base(type);
  if (base == BASE_PERCENT) base = BASE_FLOAT;
  if (base == BASE_PATH || base == BASE_PLAYLIST) base = BASE_TEXT;
  return TYPE_MAKE(base, type_form(type));
}

bool type_is_value(Type type) {
  if (!type_is_valid(type)) return false;
  BaseType base = type_base(type);
  switch (type_form(type)) {
    case FORM_ONE:
      return base != BASE_MISSING;
    case FORM_LIST:
      return base != BASE_MISSING && base != BASE_PERCENT && base != BASE_PATH && base != BASE_PLAYLIST;
    case FORM_RANGE:
      return base == BASE_INT || base == BASE_FLOAT || base == BASE_DATE || base == BASE_TIME;
  }
  return false;
}

bool type_is_comparable(Type type) {
  return type_form(type) == FORM_ONE && type_is_value(type);
}
