/* Fuzzes what reads foreign text for the client of web services: replies, pauses, addresses, returns of a login and the requests that bring them, and the removal of secrets, which must leave no
 * value of a secret key in JSON that was valid. The first byte chooses, the rest is the text. */
#include <stdlib.h>
#include <string.h>

#include "connectors/http/cassette.h"
#include "connectors/http/loopback.h"
#include "connectors/http/retry_after.h"
#include "connectors/http/signing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT = 64 << 20 };

typedef struct Trial {
  Arena *arena;
  uint8_t choice;
  Text text;
} Trial;

static bool is_scalar(const JsonNode *node) {
  return node->kind == JSON_STRING || node->kind == JSON_INTEGER || node->kind == JSON_NUMBER;
}

static void no_secret_in(const JsonNode *node) {
  for (uint32_t i = 0; i < node->count; i++) {
    if (node->keys && secret_name(node->keys[i], SECRET_GIVEN) && is_scalar(&node->items[i]) && !text_is(node->items[i].text, "(secret)")) abort();
    no_secret_in(&node->items[i]);
  }
}

static void try_json(const Trial *trial) {
  JsonDoc doc, redacted;
  if (json_doc_read(trial->arena, trial->text, "reply", &doc, NULL)) return;
  Text without = redact_json(trial->arena, trial->text, SECRET_GIVEN);
  if (json_doc_read(trial->arena, without, "reply", &redacted, NULL)) abort();
  no_secret_in(redacted.root);
  for (int service = 0; service < SERVICE_COUNT; service++) {
    service_code((Service)service, trial->arena, &doc);
    service_message((Service)service, &doc);
  }
}

static Status try_text(void *context, Error *error) {
  const Trial *trial = context;
  OAuthReturn back;
  Text query;
  int64_t wait;
  switch (trial->choice % 6) {
    case 0: try_json(trial); break;
    case 1:
      wait = retry_after(trial->text, TEXT_LITERAL(""), 0);
      if (wait < -1 || wait > RETRY_AFTER_MOST) abort();
      break;
    case 2: url_check_base(trial->text, trial->choice & 8, "spotify.api", error); break;
    case 3: oauth_read_return(trial->arena, trial->text, TEXT_LITERAL("state"), &back); break;
    case 4:
      if (loopback_read(trial->text, "127.0.0.1:81", "/callback", &query) == 200) oauth_read_return(trial->arena, query, TEXT_LITERAL("state"), &back);
      break;
    default: redact_params(trial->arena, redact_json(trial->arena, trial->text, SECRET_SENT)); break;
  }
  return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Trial trial = {.arena = arena_new(MEMORY_LIMIT), .choice = size ? data[0] : 0};
  Error error;
  if (!trial.arena) return 0;
  trial.text = (Text){(const char *)data + (size > 0), size > 0 ? size - 1 : 0};
  arena_protect(trial.arena, try_text, &trial, &error);
  arena_free(trial.arena);
  return 0;
}
