/* where_sql.h: the parts of a filter that SQLite can apply, as conditions on the tables of the store.
 *
 * The filter's code stays the definition: what SQLite leaves is filtered again by it. So a condition only has to let
 * through every row that the code keeps, and every row for which a value is missing, because the run reports those. */
#ifndef NARADA_CONNECTORS_LIBRARY_WHERE_SQL_H
#define NARADA_CONNECTORS_LIBRARY_WHERE_SQL_H

#include "connectors/library/library.h"

typedef enum WhereTable { WHERE_TRACKS, WHERE_CONTEXTS, WHERE_PLAYS, WHERE_TOTALS, WHERE_TABLE_COUNT } WhereTable;

typedef struct WhereSql {
  StoreCondition tables[WHERE_TABLE_COUNT]; /* an empty condition says nothing */
} WhereSql;

/* The code of the call's `where`, split at its outermost `and`s; a part becomes a condition if it reads one table only
 * and has a form that SQL can say. */
WhereSql where_sql(const StageCall *call);
/* The ids that the conditions leave (arena); `out` stays empty where there is no condition. */
Status library_bits_of_tracks(const StageCall *call, Store *store, const WhereSql *where, LibraryBits *out, Error *error);
Status library_bits_of_contexts(const StageCall *call, Store *store, const WhereSql *where, LibraryBits *out, Error *error);

#endif
