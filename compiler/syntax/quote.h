/* quote.h: texts as programs write them between double quotes. */
#ifndef NARADA_COMPILER_QUOTE_H
#define NARADA_COMPILER_QUOTE_H

#include "base/text.h"

/* The first character of `rest`, escaped if it must be: what ends a text or begins a hole, and what would act on a terminal or turn the text around it.
 * Returns its length in bytes; `rest` is not empty. */
size_t quote_append_next(TextBuilder *out, Text rest);
/* All of it, without the quotes around it. */
void quote_append(TextBuilder *out, Text text);

#endif
