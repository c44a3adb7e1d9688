#include "store/upkeep/verify.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/plays/totals.h"
#include "store/runs.h"
#include "store/upkeep/verify_plays.h"
#include "store/upkeep/verify_structure.h"

static const struct {
  const char *what, *sql;
  VerifyRepair repair;
} checks[] = {
#define CHECK(what, sql) {what, sql, REPAIR_NOTHING},
#define DERIVED(what, sql, repair) {what, sql, REPAIR_ROWS},
#include "store/upkeep/verify_checks.def"
};
static const char *const play_checks[PLAY_CHECKS] = {
#define PLAY_CHECK(id, what) what,
#include "store/upkeep/verify_checks.def"
};

typedef struct Verification {
  Store *store;
  VerifyBegin *begin; /* or NULL */
  void (*tell)(void *context, const VerifyFinding *finding);
  void *context;
} Verification;

static VerifyFinding begin_check(const Verification *verification, const char *what, VerifyRepair repair) {
  if (verification->begin) verification->begin(verification->context, what);
  return (VerifyFinding){.what = what, .repair = repair};
}

void verify_problem(Store *store, VerifyFinding *finding, const char *format, ...) {
  if (finding->example_count < VERIFY_EXAMPLES) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t length = (size_t)vsnprintf(NULL, 0, format, arguments);
    char *sentence = arena_alloc(store->arena, length + 1);
    vsnprintf(sentence, length + 1, format, again);
    va_end(again);
    va_end(arguments);
    finding->examples[finding->example_count++] = (Text){sentence, length};
  }
  finding->problems++;
}

/* Each row of the query is a problem. */
static Status run_check(Store *store, const char *sql, VerifyFinding *finding, Error *error) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
    store_fail(store, error, "preparing a check");
    return fail_context(error, "%s", finding->what);
  }
  bool row = false;
  Status status;
  while ((status = store_step(store, statement, &row, "checking it", error)) == STATUS_OK && row)
    verify_problem(store, finding, TEXT_FORMAT, TEXT_ARG(column_text(statement, 0)));
  sqlite3_finalize(statement);
  return status == STATUS_OK ? status : fail_context(error, "%s", finding->what);
}

static Status check_one(const Verification *verification, const char *what, const char *sql, VerifyRepair repair, Error *error) {
  VerifyFinding finding = begin_check(verification, what, repair);
  Status status = run_check(verification->store, sql, &finding, error);
  if (status == STATUS_OK) verification->tell(verification->context, &finding);
  return status;
}

/* ---- the schema ---- */

static const char schema_sql[] = "SELECT type || ' ' || name, sql, type = 'table' FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";

/* The schema of a new store, side by side with that of this one; both are ordered. What a user added is no problem. */
static Status compare_schemas(Store *store, Store *fresh, VerifyFinding *finding, Error *error) {
  sqlite3_stmt *own = NULL, *right = NULL;
  bool has_own = false, has_right = false;
  Status status = STATUS_OK;
  if (sqlite3_prepare_v2(store->db, schema_sql, -1, &own, NULL) != SQLITE_OK) status = store_fail(store, error, "reading its schema");
  if (sqlite3_prepare_v2(fresh->db, schema_sql, -1, &right, NULL) != SQLITE_OK) status = store_fail(fresh, error, "reading a schema");
  if (status == STATUS_OK) status = store_step(store, own, &has_own, "reading its schema", error);
  if (status == STATUS_OK) status = store_step(fresh, right, &has_right, "reading a schema", error);
  while (status == STATUS_OK && has_right) {
    Text name = column_text(right, 0);
    int order = has_own ? text_compare(column_text(own, 0), name) : 1;
    if (order < 0) {
      status = store_step(store, own, &has_own, "reading its schema", error);
      continue;
    }
    bool same = order == 0 && text_equal(column_text(own, 1), column_text(right, 1));
    if (!same) verify_problem(store, finding, "the " TEXT_FORMAT " %s", TEXT_ARG(name), order ? "is missing" : "is another");
    if (!same && sqlite3_column_int(right, 2)) finding->repair = REPAIR_NOTHING;
    if (order == 0) status = store_step(store, own, &has_own, "reading its schema", error);
    if (status == STATUS_OK) status = store_step(fresh, right, &has_right, "reading a schema", error);
  }
  sqlite3_finalize(own);
  sqlite3_finalize(right);
  return status;
}

static Status check_schema(const Verification *verification, Error *error) {
  VerifyFinding finding = begin_check(verification, "the schema", REPAIR_SCHEMA);
  Store *store = verification->store, *fresh;
  Status status = store_open_memory(store->arena, store->now, &fresh, error);
  if (status != STATUS_OK) return status;
  status = compare_schemas(store, fresh, &finding, error);
  store_close(fresh, NULL);
  if (status == STATUS_OK) verification->tell(verification->context, &finding);
  return status;
}

/* ---- listens ---- */

/* They are derived from the plays: made anew they must be what is there. */
static Status check_listens(const Verification *verification, Error *error) {
  VerifyFinding finding = begin_check(verification, "listens are what the plays say", REPAIR_PLAYS);
  ListenCounts counts;
  Status status = store_rebuild_listens(verification->store, true, &counts, error);
  if (status != STATUS_OK) return fail_context(error, "%s", finding.what);
  finding.problems = counts.changed;
  verification->tell(verification->context, &finding);
  return STATUS_OK;
}

/* ---- totals ---- */

typedef struct TotalsFinding {
  Store *store;
  VerifyFinding finding;
} TotalsFinding;

static void tell_total(void *context, int64_t track) {
  TotalsFinding *totals = context;
  verify_problem(totals->store, &totals->finding, "the figures of track %lld are not what its listens add up to", (long long)track);
}

static Status check_totals(const Verification *verification, Error *error) {
  TotalsFinding totals = {verification->store, begin_check(verification, "plays, skips and times of each track", REPAIR_PLAYS)};
  Status status = totals_check(verification->store, tell_total, &totals, error);
  if (status != STATUS_OK) return fail_context(error, "%s", totals.finding.what);
  verification->tell(verification->context, &totals.finding);
  return STATUS_OK;
}

/* ---- programs ---- */

typedef struct VersionsFinding {
  Store *store;
  VerifyFinding finding;
} VersionsFinding;

static void tell_version(void *context, const StoreVersion *version) {
  VersionsFinding *versions = context;
  if (text_equal(version->found_hash, version->content_hash)) return;
  const char *how = version->file_count ? "is not the text that ran: its SHA-256 is another" : "has no text";
  verify_problem(versions->store, &versions->finding, "version %lld, " TEXT_FORMAT ", %s", (long long)version->id, TEXT_ARG(version->name), how);
}

static Status check_versions(const Verification *verification, Error *error) {
  VersionsFinding versions = {verification->store, begin_check(verification, "every program that ran has its text", REPAIR_NOTHING)};
  Status status = store_each_version(verification->store, tell_version, &versions, error);
  if (status != STATUS_OK) return fail_context(error, "%s", versions.finding.what);
  verification->tell(verification->context, &versions.finding);
  return STATUS_OK;
}

/* ---- deletion ---- */

/* Of every table at once, whichever there are. */
static Status check_deletion(const Verification *verification, Error *error) {
  Store *store = verification->store;
  static const char tables[] =
      "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'is_deleted' ORDER BY 1";
  TextBuilder sql = {.arena = store->arena};
  sqlite3_stmt *each = NULL;
  if (sqlite3_prepare_v2(store->db, tables, -1, &each, NULL) != SQLITE_OK) return store_fail(store, error, "reading its schema");
  bool row = false;
  Status status;
  while ((status = store_step(store, each, &row, "reading its schema", error)) == STATUS_OK && row) {
    Text table = column_text(each, 0);
    text_append_format(&sql, "%sSELECT '" TEXT_FORMAT " ' || id || iif(is_deleted, ' is deleted at no time', ' has a time of deletion') FROM \"" TEXT_FORMAT
                             "\" WHERE is_deleted <> (deleted_at IS NOT NULL)",
                       sql.length ? " UNION ALL " : "", TEXT_ARG(table), TEXT_ARG(table));
  }
  sqlite3_finalize(each);
  return status == STATUS_OK ? check_one(verification, "what is deleted has its time", text_built(&sql).bytes, REPAIR_NOTHING, error) : status;
}

/* ---- all of them ---- */

static Status check_plays(const Verification *verification, Error *error) {
  VerifyFinding findings[PLAY_CHECKS];
  for (int i = 0; i < PLAY_CHECKS; i++) findings[i] = begin_check(verification, play_checks[i], REPAIR_NOTHING);
  Status status = verify_plays(verification->store, findings, error);
  for (int i = 0; i < PLAY_CHECKS && status == STATUS_OK; i++) verification->tell(verification->context, &findings[i]);
  return status;
}

/* All but the structure, which is being checked meanwhile. */
static Status check_contents(const Verification *verification, Error *error) {
  Status status = check_schema(verification, error);
  for (size_t i = 0; i < sizeof checks / sizeof *checks && status == STATUS_OK; i++) status = check_one(verification, checks[i].what, checks[i].sql, checks[i].repair, error);
  if (status == STATUS_OK) status = check_versions(verification, error);
  if (status == STATUS_OK) status = check_plays(verification, error);
  if (status == STATUS_OK) status = check_listens(verification, error);
  if (status == STATUS_OK) status = check_totals(verification, error);
  return status == STATUS_OK ? check_deletion(verification, error) : status;
}

static Status check_structure(const Verification *verification, StructureCheck *structure, Error *error) {
  VerifyFinding finding = begin_check(verification, "the structure of the file", REPAIR_INDEXES);
  Status status = structure_check_end(structure, &finding, error);
  if (status == STATUS_OK) verification->tell(verification->context, &finding);
  return status;
}

/* Pages that are mapped count as memory of the program, all of them in the end. */
static const char no_map[] = "PRAGMA mmap_size=0";

Status store_verify(Store *store, VerifyBegin *begin, void (*tell)(void *context, const VerifyFinding *finding), void *context, Error *error) {
  const Verification verification = {store, begin, tell, context};
  Status status = store_exec(store, no_map, "checking it", error);
  if (status != STATUS_OK) return status;
  StructureCheck *structure = structure_check_begin(store);
  status = check_contents(&verification, error);
  /* Where the contents cannot be read the structure says why. */
  Status of_structure = check_structure(&verification, structure, status == STATUS_OK ? error : NULL);
  return status == STATUS_OK ? of_structure : status;
}
