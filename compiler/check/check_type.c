#include "compiler/check/check_int.h"

Text text_list(Arena *arena, const Text *items, size_t count, size_t most) {
  TextBuilder list = {.arena = arena};
  size_t shown = count < most ? count : most;
  for (size_t i = 0; i < shown; i++)
    text_append_format(&list, "%s" TEXT_FORMAT, i ? ", " : "", TEXT_ARG(items[i]));
  if (shown < count) text_append_format(&list, " and %zu more", count - shown);
  return text_built(&list);
}

Type check_type_name(Checker *checker, const TypeName *name) {
  if (!name) return TYPE_OF(MISSING);
  bool is_list = text_is(name->name, "list"), is_range = text_is(name->name, "range");
  if ((is_list || is_range) && name->element) {
    Type element = check_type_name(checker, name->element);
    if (type_base(element) == BASE_MISSING) return element;
    Type type = TYPE_MAKE(type_base(element), is_list ? FORM_LIST : FORM_RANGE);
    bool fits = type_form(element) == FORM_ONE && type_is_valid(type) &&
                (is_list || type_base(element) == BASE_INT || type_base(element) == BASE_FLOAT || type_base(element) == BASE_DATE ||
                 type_base(element) == BASE_TIME);
    if (fits) return type;
    diag_report(checker->diags, DIAG_UNKNOWN_TYPE, name->span, "there is no %s of " TEXT_FORMAT, is_list ? "list" : "range",
                TEXT_ARG(name->element->name));
    return TYPE_OF(MISSING);
  }
  BaseType base = type_base_named(name->name);
  if (base != BASE_COUNT && base != BASE_MISSING && !name->element) return TYPE_MAKE(base, FORM_ONE);
  Text known[BASE_COUNT + 2];
  size_t count = 0;
  for (int i = BASE_MISSING + 1; i < BASE_COUNT; i++) known[count++] = type_name(checker->arena, TYPE_MAKE(i, FORM_ONE));
  known[count++] = TEXT_LITERAL("list[...]");
  known[count++] = TEXT_LITERAL("range[...]");
  Diag *diag;
  if (is_list || is_range) {
    diag = diag_report(checker->diags, DIAG_UNKNOWN_TYPE, name->span, "`" TEXT_FORMAT "` needs a type in brackets", TEXT_ARG(name->name));
    diag_hint(checker->diags, diag, "for example `" TEXT_FORMAT "[%s]`", TEXT_ARG(name->name), is_list ? "text" : "date");
  } else {
    diag = diag_report(checker->diags, DIAG_UNKNOWN_TYPE, name->span, "no type `" TEXT_FORMAT "`", TEXT_ARG(name->name));
    size_t near = text_nearest(name->name, known, count);
    if (near != SIZE_MAX) {
      diag_hint(checker->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(known[near]));
      diag_fix(checker->diags, diag, known[near]);
    }
  }
  diag_note(checker->diags, diag, "the types are " TEXT_FORMAT, TEXT_ARG(text_list(checker->arena, known, count, count)));
  return TYPE_OF(MISSING);
}
