#include "compiler/workflow/smarter_int.h"

#include <string.h>

static const struct {
  const char *name;
  SmarterCategory category;
  const char *reason;
} types[SMARTER_TYPE_COUNT] = {
#define COMPONENT(id, name, category, lost) {name, SMARTER_##category, lost},
#include "smarter.def"
};

static const struct {
  const char *name;
  SmarterType type;
} aliases[] = {
#define ALIAS(name, id) {name, SMARTER_##id},
#include "smarter.def"
};

const SmarterInput smarter_inputs[] = {
#define ONE  false
#define MANY true
#define INPUT(id, key, port, many) {SMARTER_##id, key, PORT_##port, many},
#include "smarter.def"
#undef ONE
#undef MANY
};
const size_t smarter_input_count = sizeof smarter_inputs / sizeof *smarter_inputs;

const SmarterSetting smarter_settings[] = {
#define SETTING(id, key, need) {SMARTER_##id, key, need},
#include "smarter.def"
};
const size_t smarter_setting_count = sizeof smarter_settings / sizeof *smarter_settings;

static const SmarterAttribute attributes[] = {
#define ATTRIBUTE(name, column, kind) {name, column, ATTRIBUTE_##kind},
#include "smarter.def"
};
enum { ATTRIBUTES = sizeof attributes / sizeof *attributes, ALIASES = sizeof aliases / sizeof *aliases };

SmarterType smarter_type_find(Text name) {
  for (int type = 0; type < SMARTER_TYPE_COUNT; type++)
    if (text_is(name, types[type].name)) return (SmarterType)type;
  for (size_t i = 0; i < ALIASES; i++)
    if (text_is(name, aliases[i].name)) return aliases[i].type;
  return SMARTER_TYPE_COUNT;
}

Text smarter_type_nearest(Text name) {
  Text names[SMARTER_TYPE_COUNT];
  for (int type = 0; type < SMARTER_TYPE_COUNT; type++) names[type] = text_of(types[type].name);
  size_t near = text_nearest(name, names, SMARTER_TYPE_COUNT);
  return near == SIZE_MAX ? (Text){"", 0} : names[near];
}

const char *smarter_type_name(SmarterType type) {
  return types[type].name;
}

SmarterCategory smarter_category(SmarterType type) {
  return types[type].category;
}

const char *smarter_reason(SmarterType type) {
  return types[type].reason;
}

/* The audio features are one: nobody gives any of them. */
const SmarterAttribute *smarter_attribute(Text name) {
  static const SmarterAttribute audio = {"audio", "", ATTRIBUTE_AMOUNT};
  for (size_t i = 0; i < ATTRIBUTES; i++)
    if (text_is(name, attributes[i].name)) return &attributes[i];
  return name.length > 6 && memcmp(name.bytes, "audio.", 6) == 0 ? &audio : NULL;
}

Text smarter_attribute_nearest(Text name) {
  Text names[ATTRIBUTES];
  for (size_t i = 0; i < ATTRIBUTES; i++) names[i] = text_of(attributes[i].name);
  size_t near = text_nearest(name, names, ATTRIBUTES);
  return near == SIZE_MAX ? (Text){"", 0} : names[near];
}
