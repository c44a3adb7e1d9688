#include "connectors/library/library.h"

FieldId library_field(const Run *run, const PlanColumn *column) {
  return column->field == PLAN_NONE ? FIELD_COUNT : (FieldId)run->plan->imports[column->field].id;
}

size_t library_column(const Run *run, const Batch *batch, FieldId field) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    if (library_field(run, &batch->schema->columns[i]) == field) return i;
  }
  return SIZE_MAX;
}

Text library_text(const Run *run, const Batch *batch, size_t column, size_t row) {
  if (column == SIZE_MAX || column_is_missing(&batch->columns[column], row)) return (Text){"", 0};
  return text_at(run->texts, (TextId)batch->columns[column].values[row].integer);
}
