/* worker.h: a thread of the store's own, which does one job while the writer goes on. Private to runtime/store.
 *
 * The connection belongs to the job until it ends: store_use(), store_step() and store_exec() wait for it. A job ends with its transaction at the
 * latest. What it failed with is told to all that wait from then on, until the rollback. */
#ifndef NARADA_STORE_WORKER_H
#define NARADA_STORE_WORKER_H

#include "store/store_int.h"

/* Uses neither the store's arena nor anything that the writer changes meanwhile. */
typedef Status StoreJob(Store *store, Error *error);

/* Begins `job` once the one before has ended. Where there can be no thread, or a statement is being stepped through, it is done at once. */
Status store_work(Store *store, StoreJob *job, Error *error);
/* Waits for the job at work, if any. In the job itself it does nothing. */
Status store_join(Store *store, Error *error);
/* Whether this is the thread of a job. */
bool store_is_worker(void);
/* Waits, and forgets what the job failed with: the transaction it belonged to is over. */
void store_work_forget(Store *store);
/* Ends the thread. */
void store_work_end(Store *store);

#endif
