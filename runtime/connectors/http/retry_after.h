/* retry_after.h: how long a service asks to wait (RFC 9110, 10.2.3), and the dates of HTTP. */
#ifndef NARADA_HTTP_RETRY_AFTER_H
#define NARADA_HTTP_RETRY_AFTER_H

#include "base/clock.h"

/* A quota is counted by the day; what asks for more than two is a mistake, and is taken for two. */
#define RETRY_AFTER_MOST (INT64_C(48) * 3600 * 1000)

/* Milliseconds from `now`, 0 to RETRY_AFTER_MOST, of a number of seconds or of a date; -1 for what is neither. A date is reckoned from `date`, the reply's own
 * Date header, where that is one: the two clocks need not agree. */
int64_t retry_after(Text value, Text date, Instant now);
/* "Sun, 06 Nov 1994 08:49:37 GMT" and the two older forms of RFC 9110, 5.6.7. */
bool http_date(Text value, Instant *out);

#endif
