/* pages: reads a list of 5,000 in 100 pages from a server on this machine that takes 80 ms for each, and compares with the model of round trips,
 * RTT * (1 + ceil((pages - 1) / k)), and with asking for one page after another. Then the processor time of a page beside that of libcurl alone, with the same
 * server, the same eight connections and nothing done with what comes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "connectors/http/curl_calls.h"
#include "connectors/http/pager.h"
#include "fake_server.h"

enum { RTT_MS = 80, PAGE = 50, ROWS = 5000, ROW_BYTES = 1200, MANY = 2000, WIDTH = 8 };

typedef struct Skip {
  int64_t passed;
} Skip;

static int64_t skip_now(void *context) {
  return http_system_clock().now(NULL) + ((Skip *)context)->passed;
}

static int64_t skip_ticks(void *context) {
  return http_system_clock().ticks(NULL) + ((Skip *)context)->passed;
}

/* Limits are not what is measured. */
static void skip_wait(void *context, int64_t ms) {
  ((Skip *)context)->passed += ms;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of this thread alone: the server's threads are not the client's. */
static double processor(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static Status token(void *context, Base base, Text refused, Text *out, Error *error) {
  (void)context, (void)base, (void)refused, (void)error;
  *out = TEXT_LITERAL("t");
  return STATUS_OK;
}

static Status count_page(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  (void)rows, (void)position, (void)error;
  *(size_t *)context += count;
  return STATUS_OK;
}

static Http *open_client(Arena *arena, const char *url, int at_once, Skip *skip) {
  HttpOptions options = {.loopback = true, .at_once = at_once, .token = token, .user_agent = "narada-bench"};
  options.bases[BASE_SPOTIFY_API] = url;
  options.clock = (HttpClock){skip_now, skip_ticks, skip_wait, skip};
  Http *http;
  Error error;
  if (http_open(arena, &options, &http, &error)) {
    fprintf(stderr, "%s\n", error.message);
    exit(1);
  }
  return http;
}

static double read_list(const char *url, int at_once) {
  Arena *arena = arena_new(0);
  Skip skip = {0};
  Http *http = open_client(arena, url, at_once, &skip);
  size_t rows = 0;
  Text path = TEXT_LITERAL("p");
  PagesRequest request = {.request = {.endpoint = ENDPOINT_SPOTIFY_PLAYLIST_ITEMS, .path = &path, .path_count = 1}, .page = count_page, .context = &rows};
  Error error = {0};
  double start = seconds();
  Pager *pager = pages_start(http, arena, &request);
  Status status = http_run(http, &error);
  double took = seconds() - start;
  const PagesResult *result = pages_result(pager);
  if (status || !result->complete || rows != ROWS) {
    fprintf(stderr, "not read whole: %s%s\n", error.message, result ? result->error.message : "");
    exit(1);
  }
  arena_free(arena);
  return took;
}

/* ---- the processor time of a page ---- */

typedef struct Bare {
  CURL *easy;
  char *bytes;
  size_t length;
} Bare;

static size_t keep_bytes(char *bytes, size_t size, size_t count, void *context) {
  Bare *bare = context;
  memcpy(bare->bytes + bare->length, bytes, size * count);
  bare->length += size * count;
  return size * count;
}

static double bare_libcurl(const char *url) {
  const CurlCalls *curl;
  Error error;
  if (curl_calls_load(&curl, &error)) exit(1);
  CURLM *multi = curl->curl_multi_init();
  Bare bare[WIDTH];
  char address[128];
  snprintf(address, sizeof address, "%s/me/tracks?limit=50", url);
  for (int i = 0; i < WIDTH; i++) {
    bare[i] = (Bare){curl->curl_easy_init(), malloc(1 << 20), 0};
    curl->curl_easy_setopt(bare[i].easy, CURLOPT_URL, address);
    curl->curl_easy_setopt(bare[i].easy, CURLOPT_NOSIGNAL, 1L);
    curl->curl_easy_setopt(bare[i].easy, CURLOPT_BUFFERSIZE, 64L << 10);
    curl->curl_easy_setopt(bare[i].easy, CURLOPT_WRITEFUNCTION, keep_bytes);
    curl->curl_easy_setopt(bare[i].easy, CURLOPT_WRITEDATA, &bare[i]);
  }
  double start = processor();
  for (int done = 0; done < MANY; done += WIDTH) {
    int running = WIDTH, left;
    for (int i = 0; i < WIDTH; i++) {
      bare[i].length = 0;
      curl->curl_multi_add_handle(multi, bare[i].easy);
    }
    for (curl->curl_multi_perform(multi, &running); running; curl->curl_multi_perform(multi, &running)) curl->curl_multi_poll(multi, NULL, 0, 1000, NULL);
    while (curl->curl_multi_info_read(multi, &left)) continue;
    for (int i = 0; i < WIDTH; i++) curl->curl_multi_remove_handle(multi, bare[i].easy);
  }
  double took = processor() - start;
  for (int i = 0; i < WIDTH; i++) {
    curl->curl_easy_cleanup(bare[i].easy);
    free(bare[i].bytes);
  }
  curl->curl_multi_cleanup(multi);
  return took;
}

static void ask_many(const char *url, double *transport, double *parsing, size_t *bytes) {
  Arena *arena = arena_new(0);
  Skip skip = {0};
  Http *http = open_client(arena, url, WIDTH, &skip);
  HttpCall *calls[WIDTH];
  Error error;
  *transport = *parsing = 0;
  *bytes = 0;
  for (int i = 0; i < MANY; i += WIDTH) {
    double start = processor();
    HttpParam limit = {"limit", TEXT_LITERAL("50")};
    HttpRequest request = {.endpoint = ENDPOINT_SPOTIFY_SAVED_TRACKS, .params = &limit, .param_count = 1};
    for (int j = 0; j < WIDTH; j++) calls[j] = http_submit(http, &request);
    if (http_run(http, &error)) exit(1);
    double middle = processor();
    for (int j = 0; j < WIDTH; j++) {
      Arena *page = arena_new(0);
      JsonDoc doc;
      *bytes += http_reply(calls[j])->body.length;
      if (http_json(calls[j], page, &doc, &error)) exit(1);
      arena_free(page);
    }
    *parsing += processor() - middle;
    for (int j = 0; j < WIDTH; j++) http_release(http, calls[j]);
    *transport += middle - start;
  }
  arena_free(arena);
}

/* The least of some tries each, taken in turn: what else the machine does falls on both. */
static void report_many(const char *url) {
  double bare = 1e9, transport = 1e9, parsing = 1e9;
  size_t bytes = 0;
  for (int i = 0; i < 5; i++) {
    double calling, reading, alone = bare_libcurl(url);
    ask_many(url, &calling, &reading, &bytes);
    if (alone < bare) bare = alone;
    if (calling < transport) transport = calling;
    if (reading < parsing) parsing = reading;
  }
  printf("processor time of a page of %zu bytes: libcurl alone %.0f us, our call %.0f us (%.2f times), reading its JSON strictly %.0f us (%.0f MB/s)\n", bytes / MANY,
         bare / MANY * 1e6, transport / MANY * 1e6, transport / bare, parsing / MANY * 1e6, (double)bytes / parsing / 1e6);
}

/* pages [cpu]: with `cpu` the processor time alone */
int main(int argc, char **argv) {
  FakeServer *server = fake_server_start();
  char url[64], rule[200];
  snprintf(url, sizeof url, "http://127.0.0.1:%d", fake_server_port(server));
  snprintf(rule, sizeof rule, "serve GET /playlists/p/items always delay=%d list=%d pad=%d", RTT_MS, ROWS, ROW_BYTES);
  fake_server_serve(server, rule);
  snprintf(rule, sizeof rule, "serve GET /me/tracks always list=%d pad=%d", ROWS, ROW_BYTES);
  fake_server_serve(server, rule);
  if (argc > 1 && strcmp(argv[1], "cpu") == 0) {
    report_many(url);
    fake_server_stop(server);
    return 0;
  }
  int pages = ROWS / PAGE;
  double serial = read_list(url, 1);
  printf("%d pages at %d ms a request\n   k  seconds  model  ratio  serial/this\n", pages, RTT_MS);
  static const int widths[] = {1, 2, 4, 8, 16};
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    int k = widths[i];
    double best = 1e9, model = RTT_MS / 1e3 * (1 + (pages - 1 + k - 1) / k);
    for (int run = 0; run < 3; run++) {
      double took = k == 1 ? serial : read_list(url, k);
      if (took < best) best = took;
      if (k == 1) break;
    }
    printf("%4d  %7.3f  %5.3f  %5.3f  %.1f\n", k, best, model, best / model, serial / best);
  }
  report_many(url);
  fake_server_stop(server);
  return 0;
}
