/* opcode.h (prefix OPCODE_, since the compiler's operators are OP_): the instructions of expression code, and how
 * opcodes.def and functions.def spell types. */
#ifndef NARADA_PLAN_OPCODE_H
#define NARADA_PLAN_OPCODE_H

#include "plan/type.h"

typedef enum Opcode {
#define OPCODE(id, name, immediates, pops, pushes, doc) OPCODE_##id,
#include "opcodes.def"
#undef OPCODE
  OPCODE_COUNT
} Opcode;

/* Every opcode has at most one immediate; the strings are spelled as opcodes.def says. */
typedef struct OpcodeDef {
  const char *name;
  const char *immediates;
  const char *pops; /* the last letter is the top of the stack */
  const char *pushes;
  const char *doc;
} OpcodeDef;
const OpcodeDef *opcode_def(Opcode opcode);
/* The opcode called `name`, or OPCODE_COUNT. */
Opcode opcode_find(Text name);

/* "bool", "int", ... */
const char *type_base_name(BaseType base);
/* Whether a value of `type`, optional or not, is what `letter` asks for: b i f x t d y one value, l any list, r any
 * range, * anything. */
bool type_fits_letter(Type type, char letter);
/* The type a letter names: b bool, i int, f float, x text, t time, d duration, y date, l list[text]; with TYPE_OPTIONAL
 * for a capital. */
Type type_of_letter(char letter);
/* The type as the engine represents it, without the optional bit: percent as float, path and playlist as text. */
Type type_represented(Type type);
/* A type that a constant, a parameter or a value on the stack can have: not `missing`, lists of bool int float text
 * date time duration, ranges of int float date time. Ignores the optional bit. */
bool type_is_value(Type type);
/* One value with an order: bool int float percent text path playlist date time duration. */
bool type_is_comparable(Type type);

#endif
