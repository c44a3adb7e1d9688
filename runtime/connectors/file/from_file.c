#include "connectors/file/file_stage.h"
#include "connectors/file/formats.h"
#include "engine/world.h"

static Status read_file(StageCall *call, FileRead *read, const Batch **out, Error *error) {
  const char *path;
  Input *input;
  Status status = file_stage_path(call, &path, error);
  if (!status) status = world_open(call->run, path, &input, error);
  if (status) return status;
  FileRows *rows = file_rows_new(call->run, call->node, call->schema, path);
  status = read(call->run, input, rows, error);
  input_close(input);
  if (!status) *out = file_rows_finish(rows);
  return status;
}

Status stage_run_FROM_FILE_CSV(StageCall *call, const Batch **out, Error *error) {
  return read_file(call, csv_read_rows, out, error);
}

Status stage_run_FROM_FILE_JSON(StageCall *call, const Batch **out, Error *error) {
  return read_file(call, json_read_rows, out, error);
}

Status stage_run_FROM_FILE_JSONL(StageCall *call, const Batch **out, Error *error) {
  return read_file(call, jsonl_read_rows, out, error);
}

Status stage_run_FROM_FILE_M3U(StageCall *call, const Batch **out, Error *error) {
  return read_file(call, m3u_read_rows, out, error);
}

Status stage_run_FROM_FILE_XSPF(StageCall *call, const Batch **out, Error *error) {
  return read_file(call, xspf_read_rows, out, error);
}

Status stage_run_FROM_FILE_JSPF(StageCall *call, const Batch **out, Error *error) {
  return read_file(call, jspf_read_rows, out, error);
}
