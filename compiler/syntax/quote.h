/* quote.h: texts as programs write them between double quotes. */
#ifndef NARADA_COMPILER_QUOTE_H
#define NARADA_COMPILER_QUOTE_H

#include "base/text.h"

/* One byte of a text in UTF-8, escaped if it must be. */
void quote_append_char(TextBuilder *out, char c);
/* All of it, without the quotes around it. */
void quote_append(TextBuilder *out, Text text);

#endif
