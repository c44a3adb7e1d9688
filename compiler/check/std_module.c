#include "compiler/check/std_module.h"

#include <string.h>

bool std_is_name(const char *word) {
  return strncmp(word, "std.", 4) == 0 && word[4];
}

const StdModule *std_module_find(Text name) {
  for (size_t i = 0; i < std_module_count; i++)
    if (text_is(name, std_modules[i].name)) return &std_modules[i];
  return NULL;
}

Text std_module_nearest(Arena *arena, Text name) {
  Text *names = arena_array(arena, std_module_count + 1, sizeof *names);
  for (size_t i = 0; i < std_module_count; i++) names[i] = text_of(std_modules[i].name);
  size_t near = text_nearest(name, names, std_module_count);
  return near == SIZE_MAX ? TEXT_LITERAL("") : names[near];
}

Text std_module_list(Arena *arena) {
  TextBuilder list = {.arena = arena};
  for (size_t i = 0; i < std_module_count; i++)
    text_append_format(&list, "%s`std.%s`", i == 0 ? "" : i + 1 == std_module_count ? " and " : ", ", std_modules[i].name);
  return text_built(&list);
}
