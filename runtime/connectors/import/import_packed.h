/* import_packed.h: whether a file is packed in a way that it must be unpacked before it can be read. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_PACKED_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_PACKED_H

#include "base/text.h"

/* By its first bytes: "gzip"; NULL = it is not. Of a zip only in a zip: `name` tells it from documents of offices, which are zips too. */
const char *import_packed(Text head, Text name);

#endif
