/* std_module.h: the library of stages and workflows that is part of the program: stdlib/NAME.nrd is `std.NAME`. */
#ifndef NARADA_COMPILER_STD_MODULE_H
#define NARADA_COMPILER_STD_MODULE_H

#include "base/text.h"

typedef struct StdModule {
  const char *name; /* without `std.` */
  const char *text; /* NUL-terminated */
  size_t length;
} StdModule;

/* Generated from stdlib/, by name. */
extern const StdModule std_modules[];
extern const size_t std_module_count;

/* Whether the word is `std.` and something: a program of the library, and no file. */
bool std_is_name(const char *word);
/* By the name without `std.`; NULL if there is none. */
const StdModule *std_module_find(Text name);
/* The name without `std.` that is nearest to a wrong one, or the empty text. */
Text std_module_nearest(Arena *arena, Text name);
/* "`std.a`, `std.b` and `std.c`"; arena. */
Text std_module_list(Arena *arena);

#endif
