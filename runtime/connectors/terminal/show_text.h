/* show_text.h: values as a person reads them in a table.
 *
 *   text       as it is; what could act on a terminal is escaped      list      joined by ", "
 *   int        1234                                                   float     up to six significant digits
 *   percent    12.5%                                                  bool      yes, no
 *   time       2024-03-05 20:00, in the run's zone                    date      2024-03-05, 2024-03, 2024
 *   duration   3:33, from an hour on 1:02:33; with calendar months as the language writes it, 1y6mo
 *   missing    – (an en dash) */
#ifndef NARADA_CONNECTORS_TERMINAL_SHOW_TEXT_H
#define NARADA_CONNECTORS_TERMINAL_SHOW_TEXT_H

#include "engine/run.h"

/* Arena, NUL-terminated. */
Text show_value(Run *run, const Column *column, size_t row);
bool show_aligns_right(Type type);
/* Whether a cell of the type still tells something when cut. */
bool show_may_shrink(Type type);

#endif
