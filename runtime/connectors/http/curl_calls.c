#include "connectors/http/curl_calls.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#define CALL(name, result, parameters) \
  _Static_assert(_Generic(&name, result(*) parameters : 1, default : 0), #name " has another type in this libcurl");
CURL_CALLS
#undef CALL

/* libcurl keeps state of the process, so it is loaded once and never unloaded. */
static CurlCalls calls;
static Error failure;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static Status lacks(const char *what) {
  return fail(&failure, STATUS_FAILED, "", "this libcurl (%s) is too old or too small: it has no %s; install libcurl 7.85 or newer", NARADA_CURL_SONAME, what);
}

/* C has no cast from an object pointer to a function pointer; POSIX has them of one size. */
static bool find(const char *name, void *function, size_t size) {
  void *symbol = dlsym(calls.library, name);
  if (symbol) memcpy(function, &symbol, size);
  return symbol != NULL;
}

static Status load_all(void) {
  calls.library = dlopen(NARADA_CURL_SONAME, RTLD_NOW | RTLD_LOCAL);
  if (!calls.library)
    return fail(&failure, STATUS_FAILED, "", "%s cannot be loaded, and services are spoken to through it: install libcurl (Debian: apt-get install libcurl4)",
                NARADA_CURL_SONAME);
#define CALL(name, result, parameters) \
  if (!find(#name, &calls.name, sizeof calls.name)) return lacks(#name);
  CURL_CALLS
#undef CALL
  if (calls.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return fail(&failure, STATUS_FAILED, "", "%s does not start", NARADA_CURL_SONAME);
  const curl_version_info_data *about = calls.curl_version_info(CURLVERSION_NOW);
  if (about->version_num < 0x075500) return lacks("CURLOPT_PROTOCOLS_STR");
  if (!(about->features & CURL_VERSION_SSL)) return lacks("TLS");
  return STATUS_OK;
}

static void load(void) {
  load_all();
}

Status curl_calls_load(const CurlCalls **out, Error *error) {
  *out = &calls;
  pthread_once(&once, load);
  if (failure.status && error) *error = failure;
  return failure.status;
}
