/* row_stage.h: rows on their way into the store, as a virtual table that INSERT ... SELECT reads. Private to
 * runtime/store.
 *
 * Rows are filled in, then handed over: a job (worker.h) stores those that were, while others are filled in. */
#ifndef NARADA_STORE_ROW_STAGE_H
#define NARADA_STORE_ROW_STAGE_H

#include "store/worker.h"

typedef struct RowStage RowStage;
/* The virtual table `name`; `columns` as in CREATE TABLE, borrowed. */
Status row_stage_open(Store *store, const char *name, const char *columns, RowStage **out, Error *error);
/* The cells of a row in the order of its columns; texts are copied. */
void row_stage_number(RowStage *stage, int64_t number);
void row_stage_text(RowStage *stage, Text text);
void row_stage_text_or_null(RowStage *stage, Text text); /* empty is NULL */
void row_stage_null(RowStage *stage);
/* Rows that were not handed over. */
size_t row_stage_count(const RowStage *stage);
/* Whether it is time to. */
bool row_stage_full(const RowStage *stage);
/* Has the job store them; it begins with row_stage_next(). Where there are none nothing happens. */
Status row_stage_hand_over(RowStage *stage, StoreJob *job, Error *error);
/* The virtual table has the rows that were handed over next. */
void row_stage_next(RowStage *stage);
/* After a rollback; no job is at work. */
void row_stage_clear(RowStage *stage);

#endif
