/* asm_text.h: the words of a plan's text, one after another, and what is wrong where. Private to the assembler. */
#ifndef NARADA_PLAN_ASM_TEXT_H
#define NARADA_PLAN_ASM_TEXT_H

#include "plan/plan_int.h"
#include "plan/text_form.h"

/* After the first fault everything that reads gives nothing and leaves the message as it is. */
typedef struct AsmText {
  Arena *arena;
  const char *name; /* for messages */
  Text text;
  Error *error;
  Status status;
  uint32_t line;     /* number of the current line, from 1 */
  size_t start, end; /* of the current line, without its newline */
  size_t at;         /* what is read next */
  bool inner;        /* the line is indented: it belongs to the item above */
  bool over;         /* there are no more lines */
} AsmText;

/* To the first line that is neither empty nor a comment. */
void asm_begin(AsmText *from);
/* Nothing but a comment may be left on the line; goes to the next. */
void asm_end_line(AsmText *from);
/* A fault at byte `at` of the text. */
void asm_fault(AsmText *from, size_t at, PlanFault fault, const char *format, ...) NARADA_PRINTF(4, 5);
/* A fault of a line that was read before, in column 1; the message is already in `error`. */
Status asm_fault_line(AsmText *from, uint32_t line);

/* Whether something is left on the line before a comment; sets `at` to it. */
bool asm_more(AsmText *from);
/* The next word up to a blank; `what` says what belongs here if there is none. */
Text asm_word(AsmText *from, const char *what);
/* Takes the next word if it is `word`. */
bool asm_take(AsmText *from, const char *word);
/* A text in double quotes with the escapes of JSON; valid UTF-8 without NUL (arena). */
Text asm_quoted(AsmText *from, const char *what);
uint64_t asm_number(AsmText *from, uint64_t most, const char *what);
int64_t asm_signed(AsmText *from, int64_t least, int64_t most, const char *what);
/* Exactly `digits` hexadecimal digits; with `digits` 0 one to eight of them. */
uint64_t asm_hex(AsmText *from, unsigned digits, const char *what);
Digest asm_digest(AsmText *from, const char *what);
uint32_t asm_reference(AsmText *from, char letter, bool optional);
Type asm_type(AsmText *from);
unsigned asm_choice(AsmText *from, const TextWords *words);
/* The fields of a line, into `item`. */
void asm_fields(AsmText *from, const TextForm *form, void *item);

#endif
