#include "connectors/file/file_notices.h"
#include "connectors/file/file_stage.h"
#include "connectors/file/formats.h"
#include "engine/columns.h"
#include "engine/world.h"

static Status write_file(StageCall *call, FileWrite *write, const Batch **out, Error *error) {
  Run *run = call->run;
  const Batch *batch = call->inputs[0];
  const char *path;
  Status status = file_stage_path(call, &path, error);
  if (!status && !run->options.dry_run) {
    Output *output;
    status = world_create(run, path, &output, error);
    if (!status) status = write(run, batch_in_order(run, batch), output, error);
    if (!status) status = output_commit(output, error);
  }
  if (status) return status;
  file_notice_written(run, call->node, path, batch->selected);
  *out = batch;
  return STATUS_OK;
}

Status stage_run_TO_FILE_CSV(StageCall *call, const Batch **out, Error *error) {
  return write_file(call, csv_write_rows, out, error);
}

Status stage_run_TO_FILE_JSON(StageCall *call, const Batch **out, Error *error) {
  return write_file(call, json_write_rows, out, error);
}

Status stage_run_TO_FILE_JSONL(StageCall *call, const Batch **out, Error *error) {
  return write_file(call, jsonl_write_rows, out, error);
}

Status stage_run_TO_FILE_M3U(StageCall *call, const Batch **out, Error *error) {
  return write_file(call, m3u_write_rows, out, error);
}

Status stage_run_TO_FILE_XSPF(StageCall *call, const Batch **out, Error *error) {
  return write_file(call, xspf_write_rows, out, error);
}

Status stage_run_TO_FILE_JSPF(StageCall *call, const Batch **out, Error *error) {
  return write_file(call, jspf_write_rows, out, error);
}
