/* import_time.h: the ways in which exports write a moment. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_TIME_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_TIME_H

#include "base/clock.h"

/* Seconds or milliseconds since 1970 (what is too far in the future for the one is the other), with or without decimals; 2024-03-05, with a blank or T and
 * 20:00, 20:00:00 or 20:00:00.000 behind it, and Z or an offset behind that; 5 Mar 2024, with or without a comma and 20:00 or 20:00:00 behind it. What says
 * no offset is UTC. False for anything else, and for what lies outside of the years 0001 to 9999. */
bool import_time_read(Text text, Instant *out);

#endif
