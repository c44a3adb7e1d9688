#include "plan/plan_int.h"

#include <string.h>

enum { SLOTS = 4 * PLAN_MAX_COLUMNS };

void column_table_reset(ColumnTable *table, const PlanColumn *columns) {
  table->columns = columns;
  memset(table->slots, 0, sizeof table->slots);
}

static bool is_same(const PlanColumn *column, PlanString name, PlanWindow window) {
  if (column->name != name || column->window.kind != window.kind) return false;
  return window.kind == WINDOW_NONE || column->window.index == window.index;
}

/* Where the column is, or the free slot where it belongs. At most a quarter of the slots is taken. */
static uint32_t slot_of(const ColumnTable *table, PlanString name, PlanWindow window) {
  uint32_t index = window.kind == WINDOW_NONE ? 0 : window.index;
  uint32_t hash = (name * 2654435761u) ^ (index * 2246822519u) ^ ((uint32_t)window.kind * 3266489917u);
  uint32_t i = (hash ^ hash >> 15) % SLOTS;
  while (table->slots[i] && !is_same(&table->columns[table->slots[i] - 1], name, window)) i = (i + 1) % SLOTS;
  return i;
}

uint32_t column_table_find(const ColumnTable *table, PlanString name, PlanWindow window) {
  uint16_t found = table->slots[slot_of(table, name, window)];
  return found ? (uint32_t)found - 1 : PLAN_NONE;
}

bool column_table_add(ColumnTable *table, uint32_t index) {
  const PlanColumn *column = &table->columns[index];
  uint32_t slot = slot_of(table, column->name, column->window);
  if (table->slots[slot]) return false;
  table->slots[slot] = (uint16_t)(index + 1);
  return true;
}
