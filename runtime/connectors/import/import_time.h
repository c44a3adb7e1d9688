/* import_time.h: the ways in which exports write a moment. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_TIME_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_TIME_H

#include "base/clock.h"

/* Seconds or milliseconds since 1970 (what is too far in the future for the one is the other), with or without decimals; a date as 2024-03-05, 2024/3/5, 5 Mar 2024,
 * 05.03.2024 or March 5, 2024, a weekday before it or not; behind it, after a blank, a comma or T, a clock as 20:00, 20:00:00, 20:00:00.000 or 8:00 PM, and behind that Z, UTC,
 * GMT or an offset. What says no offset is UTC. False for anything else, also for 05/03/2024, which is a day in March or in May; and for what lies outside of the
 * years 0001 to 9999. */
bool import_time_read(Text text, Instant *out);
/* The same where what says no offset is of `zone` (NULL = UTC), the one in use: of a time that came twice the first, of one that did not come the one after it. */
bool import_time_read_in(Text text, const Zone *zone, Instant *out);
/* Whether it is surely meant as a moment, be it readable or not: no length (3:45, 215) and no other word. */
bool import_time_seems(Text text);
/* 05/03/2024 20:00: its day and month, in an order that it does not tell, and what stands behind the date. */
typedef struct SlashedDate {
  int first, second, year;
  Text behind;
} SlashedDate;
bool import_time_slashed(Text text, SlashedDate *out);

#endif
