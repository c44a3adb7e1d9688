/* dump.h: every row of every table, as JSON, from one moment of the store. */
#ifndef NARADA_STORE_DUMP_H
#define NARADA_STORE_DUMP_H

#include "store/store.h"

/* Called for each table by name: once with an empty line before its first row, then for each row with its JSON object and a newline. */
typedef Status StoreDumpVisit(void *context, Text table, Text line, Error *error);

/* Tables by name, rows by key; what a program that writes meanwhile adds is not in it. A blob is {"hex":"..."}, a text that is not UTF-8 or holds NUL
 * {"text_hex":"..."}, an infinity the text "Infinity" or "-Infinity". Of a value longer than 128 KiB the pieces are listed: {"text":["...",...]}. load.h reads this. */
Status store_dump(Store *store, int64_t *schema, StoreDumpVisit *visit, void *context, Error *error);

#endif
