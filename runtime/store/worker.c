#include "store/worker.h"

#include <pthread.h>

enum { JOBS = 64 };

struct StoreWorker {
  Store *store;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t given, done;
  StoreJob *jobs[JOBS]; /* by ticket */
  StoreTicket last_given, last_done;
  bool stop;
  Error failure;
  /* Of the writer: */
  StoreTicket waited_for; /* and all before it */
};

static _Thread_local bool is_worker;

bool store_is_worker(void) {
  return is_worker;
}

static void *work(void *context) {
  StoreWorker *worker = context;
  is_worker = true;
  pthread_mutex_lock(&worker->mutex);
  for (;;) {
    while (worker->last_done == worker->last_given && !worker->stop) pthread_cond_wait(&worker->given, &worker->mutex);
    if (worker->last_done == worker->last_given) break;
    StoreJob *job = worker->failure.status == STATUS_OK ? worker->jobs[(worker->last_done + 1) % JOBS] : NULL;
    pthread_mutex_unlock(&worker->mutex);
    Error error = {0};
    Status status = job ? job(worker->store, &error) : STATUS_OK;
    pthread_mutex_lock(&worker->mutex);
    if (status != STATUS_OK) worker->failure = error;
    worker->last_done++;
    pthread_cond_signal(&worker->done);
  }
  pthread_mutex_unlock(&worker->mutex);
  return NULL;
}

/* NULL if the system gives no thread. */
static StoreWorker *worker_of(Store *store) {
  if (store->worker) return store->worker;
  StoreWorker *worker = arena_alloc(store->arena, sizeof *worker);
  worker->store = store;
  pthread_mutex_init(&worker->mutex, NULL);
  pthread_cond_init(&worker->given, NULL);
  pthread_cond_init(&worker->done, NULL);
  if (pthread_create(&worker->thread, NULL, work, worker) == 0) store->worker = worker;
  return store->worker;
}

static void wait_until(StoreWorker *worker, StoreTicket ticket) {
  if (worker->waited_for >= ticket) return;
  pthread_mutex_lock(&worker->mutex);
  while (worker->last_done < ticket) pthread_cond_wait(&worker->done, &worker->mutex);
  worker->waited_for = worker->last_done;
  pthread_mutex_unlock(&worker->mutex);
}

static bool is_idle(const StoreWorker *worker) {
  return worker->waited_for == worker->last_given;
}

static Status tell_failure(StoreWorker *worker, Error *error) {
  bool idle = is_idle(worker); /* else the failure is the thread's */
  if (!idle) pthread_mutex_lock(&worker->mutex);
  const Error *failure = &worker->failure;
  Status status = failure->status == STATUS_OK ? STATUS_OK : fail(error, failure->status, failure->code, "%s", failure->message);
  if (!idle) pthread_mutex_unlock(&worker->mutex);
  return status;
}

Status store_wait(Store *store, StoreTicket ticket, Error *error) {
  StoreWorker *worker = store->worker;
  if (!worker || is_worker) return STATUS_OK;
  wait_until(worker, ticket);
  return tell_failure(worker, error);
}

Status store_join(Store *store, Error *error) {
  return store->worker && !is_worker ? store_wait(store, store->worker->last_given, error) : STATUS_OK;
}

/* Whoever reads row by row must find the connection as he left it. */
static bool is_being_read(const Store *store) {
  sqlite3_stmt *each = sqlite3_next_stmt(store->db, NULL);
  while (each && !sqlite3_stmt_busy(each)) each = sqlite3_next_stmt(store->db, each);
  return each != NULL;
}

/* `worker` NULL: at once. */
static Status give(StoreWorker *worker, Store *store, StoreJob *job, StoreTicket *out, Error *error) {
  *out = 0;
  if (!worker) return job(store, error);
  if (worker->last_given >= JOBS) wait_until(worker, worker->last_given + 1 - JOBS);
  pthread_mutex_lock(&worker->mutex);
  *out = ++worker->last_given;
  worker->jobs[*out % JOBS] = job;
  pthread_cond_signal(&worker->given);
  pthread_mutex_unlock(&worker->mutex);
  return STATUS_OK;
}

Status store_work(Store *store, StoreJob *job, StoreTicket *out, Error *error) {
  /* Where jobs are at work nobody reads: he would have waited for them. */
  bool idle = !store->worker || is_idle(store->worker);
  return give(idle && is_being_read(store) ? NULL : worker_of(store), store, job, out, error);
}

Status store_work_on(Store *store, StoreJob *job, StoreTicket *out, Error *error) {
  return give(store->worker, store, job, out, error);
}

void store_work_forget(Store *store) {
  StoreWorker *worker = store->worker;
  if (!worker) return;
  wait_until(worker, worker->last_given);
  worker->failure = (Error){0};
}

void store_work_end(Store *store) {
  StoreWorker *worker = store->worker;
  if (!worker) return;
  pthread_mutex_lock(&worker->mutex);
  worker->stop = true;
  pthread_cond_signal(&worker->given);
  pthread_mutex_unlock(&worker->mutex);
  pthread_join(worker->thread, NULL);
  pthread_cond_destroy(&worker->given);
  pthread_cond_destroy(&worker->done);
  pthread_mutex_destroy(&worker->mutex);
  store->worker = NULL;
}
