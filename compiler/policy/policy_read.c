/* Policies as they are written on a command line. */
#include <string.h>

#include "compiler/policy/policy.h"

Policy policy_open(void) {
  return (Policy){.most_calls = COST_UNKNOWN};
}

bool policy_is_open(const Policy *policy) {
  return !policy->few_reads && !policy->few_writes && policy->most_calls == COST_UNKNOWN;
}

static ConnectorId connector_named(Text name) {
  ConnectorId id = 0;
  while (id < CONNECTOR_COUNT && !text_is(name, connector_def(id)->name)) id++;
  return id;
}

static Status no_connector(Arena *arena, const char *word, Text name, Error *error) {
  Text names[CONNECTOR_COUNT];
  TextBuilder list = {.arena = arena};
  for (int i = 0; i < CONNECTOR_COUNT; i++) {
    names[i] = text_of(connector_def((ConnectorId)i)->name);
    text_append_format(&list, "%s" TEXT_FORMAT, i == 0 ? "" : i + 1 == CONNECTOR_COUNT ? " and " : ", ", TEXT_ARG(names[i]));
  }
  size_t near = text_nearest(name, names, CONNECTOR_COUNT);
  if (near != SIZE_MAX) return fail(error, STATUS_USAGE, "", "--allow %s: nothing is called `" TEXT_FORMAT "`; did you mean `" TEXT_FORMAT "`?", word, TEXT_ARG(name), TEXT_ARG(names[near]));
  return fail(error, STATUS_USAGE, "", "--allow %s: nothing is called `" TEXT_FORMAT "`; there are " TEXT_FORMAT, word, TEXT_ARG(name), TEXT_ARG(text_built(&list)));
}

Status policy_allow(Arena *arena, Policy *policy, const char *word, Error *error) {
  const char *colon = strchr(word, ':'), *second = colon ? strchr(colon + 1, ':') : NULL;
  Text effect = {word, colon ? (size_t)(colon - word) : strlen(word)};
  bool write = text_is(effect, "write");
  if (!colon || (!write && !text_is(effect, "read")))
    return fail(error, STATUS_USAGE, "", "--allow %s: wanted `read:` or `write:` and what, as write:spotify or write:library:Radar", word);
  Text name = {colon + 1, second ? (size_t)(second - colon - 1) : strlen(colon + 1)};
  Permission permission = {.effect = write ? EFFECT_WRITE : EFFECT_READ, .connector = connector_named(name), .resource = text_of(second ? second + 1 : "")};
  if (permission.connector == CONNECTOR_COUNT) return no_connector(arena, word, name, error);
  if (second && !second[1]) return fail(error, STATUS_USAGE, "", "--allow %s: the name behind the second colon is missing; without that colon all of " TEXT_FORMAT " is allowed", word, TEXT_ARG(name));
  *(write ? &policy->few_writes : &policy->few_reads) = true;
  vec_push(arena, &policy->permitted, permission);
  return STATUS_OK;
}

Status policy_limit_calls(Policy *policy, const char *word, Error *error) {
  uint64_t number = 0;
  bool good = word[0] != '\0' && strlen(word) <= 18;
  for (const char *at = word; good && *at; at++) {
    good = *at >= '0' && *at <= '9';
    number = 10 * number + (uint64_t)(*at - '0');
  }
  if (!good) return fail(error, STATUS_USAGE, "", "--max-calls %s: wanted a whole number, as 100, or 0 for none", word);
  policy->most_calls = number;
  return STATUS_OK;
}
