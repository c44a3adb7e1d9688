/* text_form.h: how the lines of a plan's text are made of fields. One table, which disasm.c writes by and asm.c reads by.
 *
 * One item a line, in the order and with the numbers of the file; a line that belongs to the item above is indented by
 * two blanks. Items are named by a letter and their number: s string, c constant, i import, r schema, p parameter, n
 * node, k code, d sink (destination). Texts are JSON strings; a float is its 64 bits in hexadecimal; what follows a `;`
 * between two words is a comment and says nothing new.
 *
 *   plan [64 digits]             format 1 0               level 1
 *   section META                 catalogue [64 digits]    source 64 digits          module "lib/x.nrd" 64 digits
 *   section STRS                 s0 "title"
 *   section CONS                 c0 int 5                 c1 list[int] c0 c0        c2 range[date] c3 none
 *   section IMPT                 i0 stage s0 [16 digits]
 *   section ROWS                 r0 tracks                  col s0 i1 text? none | const c0 | param p0
 *   section PARM                 p0 s0 int c0|none s1|none
 *   section EFCT                 effect read file s0      determinism pure
 *   section NODE                 n0 i0 r0 plain|inserted    in n0                     arg 0 const c0 [desc] [as s1] [of k0]
 *   section SUBG                 section CODE             k0 r0|none bool 2           0000 const c1
 *   section SINK                 d0 n0 d1|none
 *   section DBUG                 name "x.nrd"             span n0 3 1
 *   section DOCS                 doc "text"
 *   section SRCE, NOTE, 99       bytes 0a0b... (any number of such lines)
 *
 * What stands in [ ] after `plan`, `catalogue` and a name follows from the rest and from this Narada; a text that was
 * written by hand leaves it out. In code an instruction leads with its place in hexadecimal, and a jump names the place
 * where it lands. */
#ifndef NARADA_PLAN_TEXT_FORM_H
#define NARADA_PLAN_TEXT_FORM_H

#include "plan/plan.h"

typedef enum TextFieldKind {
  TEXT_REFERENCE, /* s3 */
  TEXT_OPTIONAL,  /* s3, or none */
  TEXT_NUMBER,    /* decimal, as large as the member */
  TEXT_SIGNATURE, /* 16 hexadecimal digits; left out it is this Narada's */
  TEXT_TYPE,      /* list[text]? */
  TEXT_WORD,      /* one of the words */
  TEXT_CHOICE,    /* one of the words, then a reference by the letter of that word: '#' a plain number, '-' nothing */
  TEXT_FLAG,      /* the word if the member is true, else nothing */
  TEXT_TAIL,      /* the word and a reference, or nothing for PLAN_NONE */
} TextFieldKind;

typedef struct TextWords {
  const char *const *items;
  unsigned count;
  const char *what; /* "kind of import" */
} TextWords;

typedef struct TextField {
  TextFieldKind kind;
  size_t offset, size;   /* of the member in its struct */
  size_t second_offset;  /* TEXT_CHOICE: the uint32_t that the reference goes to */
  const char *letters;   /* of references; TEXT_CHOICE: one for each word */
  const TextWords *words;
  const char *word;      /* TEXT_FLAG, TEXT_TAIL */
} TextField;

enum { TEXT_FORM_MAX = 6 };

/* The fields of a line behind its name, in order; a field of size 0 ends them. */
typedef struct TextForm {
  TextField fields[TEXT_FORM_MAX];
} TextForm;

extern const TextForm text_form_import, text_form_column, text_form_schema, text_form_param, text_form_effect,
    text_form_node, text_form_arg, text_form_code, text_form_sink, text_form_span;
extern const TextWords text_words_determinism;

/* The letter of a section's items, 0 where they have none. */
char text_letter(PlanSection section);
/* The letter by which an opcode's operand is named, by opcodes.def's letter of its immediate: 'c' for a constant, 'p', 'i' for a
 * function; 0 for what is no reference. */
char text_operand_letter(char immediate);

uint64_t text_member(const void *item, size_t offset, size_t size);
void text_member_set(void *item, size_t offset, size_t size, uint64_t value);

#endif
