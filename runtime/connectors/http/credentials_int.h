/* credentials_int.h: what the files of the credentials share. */
#ifndef NARADA_HTTP_CREDENTIALS_INT_H
#define NARADA_HTTP_CREDENTIALS_INT_H

#include "connectors/http/credentials.h"

enum { COMMAND_MS = 30000, COMMAND_MOST = 8 << 10 };

void wipe(void *bytes, size_t length); /* also where the compiler sees no use of it */
/* The first line that the command of the owner's prints. Messages hold nothing of it. */
Status secret_of_command(Arena *arena, const char *command, Secret *out, Error *error);

#endif
