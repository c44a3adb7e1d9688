/* machine_limits.h: where all programs of a user on this machine count the calls to services that look at the network address alone. */
#ifndef NARADA_CONNECTORS_SERVICES_MACHINE_LIMITS_H
#define NARADA_CONNECTORS_SERVICES_MACHINE_LIMITS_H

#include "base/arena.h"

/* A file in $XDG_RUNTIME_DIR, else in $XDG_DATA_HOME/narada, else in ~/.local/share/narada, whose folder is made; NULL where there is no such place. Arena. */
const char *machine_limits_path(Arena *arena);

#endif
