/* curl_calls.h: libcurl, loaded when the first call is made: linked, it would cost every start of the programs 4 ms. */
#ifndef NARADA_HTTP_CURL_CALLS_H
#define NARADA_HTTP_CURL_CALLS_H

#define CURL_DISABLE_TYPECHECK /* its macros take the functions' own names */
#include <curl/curl.h>

#include "base/error.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* What is used of libcurl: CALL(function, result, parameters). Each type is compared with the header's. */
#define CURL_CALLS                                                                                    \
  CALL(curl_global_init, CURLcode, (long))                                                            \
  CALL(curl_version_info, curl_version_info_data *, (CURLversion))                                    \
  CALL(curl_easy_init, CURL *, (void))                                                                \
  CALL(curl_easy_cleanup, void, (CURL *))                                                             \
  CALL(curl_easy_reset, void, (CURL *))                                                               \
  CALL(curl_easy_setopt, CURLcode, (CURL *, CURLoption, ...))                                         \
  CALL(curl_easy_getinfo, CURLcode, (CURL *, CURLINFO, ...))                                          \
  CALL(curl_easy_strerror, const char *, (CURLcode))                                                  \
  CALL(curl_slist_append, struct curl_slist *, (struct curl_slist *, const char *))                   \
  CALL(curl_slist_free_all, void, (struct curl_slist *))                                              \
  CALL(curl_multi_init, CURLM *, (void))                                                              \
  CALL(curl_multi_cleanup, CURLMcode, (CURLM *))                                                      \
  CALL(curl_multi_setopt, CURLMcode, (CURLM *, CURLMoption, ...))                                     \
  CALL(curl_multi_add_handle, CURLMcode, (CURLM *, CURL *))                                           \
  CALL(curl_multi_remove_handle, CURLMcode, (CURLM *, CURL *))                                        \
  CALL(curl_multi_perform, CURLMcode, (CURLM *, int *))                                               \
  CALL(curl_multi_poll, CURLMcode, (CURLM *, struct curl_waitfd *, unsigned int, int, int *))         \
  CALL(curl_multi_info_read, CURLMsg *, (CURLM *, int *))                                             \
  CALL(curl_multi_strerror, const char *, (CURLMcode))

typedef struct CurlCalls {
  void *library;
#define CALL(name, result, parameters) result(*name) parameters;
  CURL_CALLS
#undef CALL
} CurlCalls;

/* Loads the library, once for the process; it stays. Fails with a message that says what to install. */
Status curl_calls_load(const CurlCalls **out, Error *error);

#endif
