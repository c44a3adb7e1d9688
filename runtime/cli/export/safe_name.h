/* safe_name.h: names of files made of names that people gave. */
#ifndef NARADA_CLI_SAFE_NAME_H
#define NARADA_CLI_SAFE_NAME_H

#include "base/map.h"
#include "base/text.h"

/* The names that are taken, compared as file systems do that know no case and compose characters. */
typedef struct SafeNames SafeNames;
SafeNames *safe_names_new(Arena *arena);

/* A name, without extension, that any file system takes and no name of before equals: what separates folders, means something to a shell's or a system's own
 * rules (Windows' too) or shows nothing becomes `_`, one that is taken gets " (2)", " (3)", ...; never empty, at most SAFE_NAME_MAX bytes. Arena. */
enum { SAFE_NAME_MAX = 120 };
Text safe_name(SafeNames *names, Text name);

#endif
