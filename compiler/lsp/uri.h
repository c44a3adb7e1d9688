/* uri.h: documents are named by URIs, files by paths. */
#ifndef NARADA_COMPILER_LSP_URI_H
#define NARADA_COMPILER_LSP_URI_H

#include "base/text.h"

/* The path of a file: URI on this machine; what is none stays as it is, as the name of a document without a file. Arena. */
Text uri_path(Arena *arena, Text uri);
/* The file: URI of an absolute path; empty for any other. Arena. */
Text uri_of_path(Arena *arena, Text path);

#endif
