#include "store/worker.h"

#include <pthread.h>

struct StoreWorker {
  Store *store;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  StoreJob *job; /* NULL = none is at work */
  bool stop;
  /* Of the writer: */
  bool busy; /* a job was begun and not waited for */
  Error failure;
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
    while (!worker->job && !worker->stop) pthread_cond_wait(&worker->changed, &worker->mutex);
    if (!worker->job) break;
    pthread_mutex_unlock(&worker->mutex);
    Error error = {0};
    Status status = worker->job(worker->store, &error);
    pthread_mutex_lock(&worker->mutex);
    if (status != STATUS_OK) worker->failure = error;
    worker->job = NULL;
    pthread_cond_broadcast(&worker->changed);
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
  pthread_cond_init(&worker->changed, NULL);
  if (pthread_create(&worker->thread, NULL, work, worker) == 0) store->worker = worker;
  return store->worker;
}

static void wait_for_job(StoreWorker *worker) {
  if (!worker->busy) return;
  pthread_mutex_lock(&worker->mutex);
  while (worker->job) pthread_cond_wait(&worker->changed, &worker->mutex);
  pthread_mutex_unlock(&worker->mutex);
  worker->busy = false;
}

Status store_join(Store *store, Error *error) {
  StoreWorker *worker = store->worker;
  if (!worker || is_worker) return STATUS_OK;
  wait_for_job(worker);
  const Error *failure = &worker->failure;
  return failure->status == STATUS_OK ? STATUS_OK : fail(error, failure->status, failure->code, "%s", failure->message);
}

/* Whoever reads row by row must find the connection as he left it. */
static bool is_being_read(const Store *store) {
  sqlite3_stmt *each = sqlite3_next_stmt(store->db, NULL);
  while (each && !sqlite3_stmt_busy(each)) each = sqlite3_next_stmt(store->db, each);
  return each != NULL;
}

Status store_work(Store *store, StoreJob *job, Error *error) {
  Status status = store_join(store, error);
  if (status != STATUS_OK) return status;
  StoreWorker *worker = is_being_read(store) ? NULL : worker_of(store);
  if (!worker) return job(store, error);
  pthread_mutex_lock(&worker->mutex);
  worker->job = job;
  pthread_cond_broadcast(&worker->changed);
  pthread_mutex_unlock(&worker->mutex);
  worker->busy = true;
  return STATUS_OK;
}

void store_work_forget(Store *store) {
  if (!store->worker) return;
  wait_for_job(store->worker);
  store->worker->failure = (Error){0};
}

void store_work_end(Store *store) {
  StoreWorker *worker = store->worker;
  if (!worker) return;
  wait_for_job(worker);
  pthread_mutex_lock(&worker->mutex);
  worker->stop = true;
  pthread_cond_broadcast(&worker->changed);
  pthread_mutex_unlock(&worker->mutex);
  pthread_join(worker->thread, NULL);
  pthread_cond_destroy(&worker->changed);
  pthread_mutex_destroy(&worker->mutex);
  store->worker = NULL;
}
