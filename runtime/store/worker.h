/* worker.h: a thread of the store's own, which does jobs, one after the other, while the writer goes on. Private to runtime/store.
 *
 * The connection belongs to the jobs until the last of them ends: store_use(), store_step() and store_exec() wait for it. They end with their
 * transaction at the latest. What one fails with is told to all that wait from then on, until the rollback; those after it are not done. */
#ifndef NARADA_STORE_WORKER_H
#define NARADA_STORE_WORKER_H

#include "store/store_int.h"

/* Uses neither the store's arena nor anything that the writer changes meanwhile. */
typedef Status StoreJob(Store *store, Error *error);

/* A job and all before it. */
typedef uint64_t StoreTicket;
/* Gives the worker a job. Where there can be no thread, or a statement is being stepped through, it is done at once. */
Status store_work(Store *store, StoreJob *job, StoreTicket *out, Error *error);
/* The same for a job that goes on with the statement that an earlier one began to step through. */
Status store_work_on(Store *store, StoreJob *job, StoreTicket *out, Error *error);
/* Waits until the jobs up to the ticket are done; 0 = none. */
Status store_wait(Store *store, StoreTicket ticket, Error *error);
/* Waits for all jobs. In a job itself it does nothing. */
Status store_join(Store *store, Error *error);
/* Whether this is the thread of a job. */
bool store_is_worker(void);
/* Waits, and forgets what a job failed with: the transaction it belonged to is over. */
void store_work_forget(Store *store);
/* Ends the thread. */
void store_work_end(Store *store);

#endif
