/* narada plays: what counts as a play, and which plays are one listen. */
#include <inttypes.h>
#include <string.h>

#include "cli/command.h"
#include "cli/store_option.h"
#include "store/plays/counting.h"

static const OptionDef option_defs[] = {
    STORE_OPTION,
    {"dry-run", 'n', NULL, "of rebuild: only tell what would change"},
    {"json", 0, NULL, "as JSON"},
    HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada plays tells and sets what counts as a play, and derives the listens anew.\n\n"
      "usage: narada plays rule [NAME|LENGTH|SHARE] [options]\n"
      "       narada plays rebuild [--dry-run] [options]\n\n"
      "rule without a name shows the rule that holds and the others there are. With a name it sets it: nothing is\n"
      "imported again, and no play is lost by it. A play that does not count is a skip.");
  for (int rule = 0; rule < COUNTING_RULES; rule++) printf("  %-14s%s\n", counting_def((CountingRule)rule)->name, counting_def((CountingRule)rule)->doc);
  puts(
      "or as you say it: 45s (heard for 45 seconds), 50% (half of the track), \"50% or 4min\" (one of the two); a track of unknown length is\n"
      "as long as it was heard where it was heard to its end.\n"
      "\nrebuild finds again which plays are one listen that several services saw, or that was heard in pieces, and counts\n"
      "again. Imports keep both up to date, so that it should change nothing.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 done, 1 failed, 2 wrong usage, 75 the store is busy.");
}

/* ---- the rule ---- */

static Status fail_rule(Arena *arena, const char *name, Error *error) {
  Text names[COUNTING_RULES];
  TextBuilder list = {.arena = arena};
  for (int rule = 0; rule < COUNTING_RULES; rule++) {
    names[rule] = text_of(counting_def((CountingRule)rule)->name);
    text_append_format(&list, "%s%s", rule ? ", " : "", counting_def((CountingRule)rule)->name);
  }
  size_t near = text_nearest(text_of(name), names, COUNTING_RULES);
  const char *shown = text_escaped(arena, text_of(name)).bytes;
  if (near != SIZE_MAX) return fail(error, STATUS_USAGE, "", "no rule `%s`; did you mean `" TEXT_FORMAT "`?", shown, TEXT_ARG(names[near]));
  return fail(error, STATUS_USAGE, "", "no rule `%s`; there are " TEXT_FORMAT ", and your own as 45s, 50%% or \"50%% or 4min\"", shown, TEXT_ARG(text_built(&list)));
}

/* The rule that holds. */
typedef struct Holding {
  Text name;
  Text doc;
} Holding;

static Holding holding(Arena *arena, CountingRule rule, OwnRule own) {
  if (rule != COUNTING_OWN) return (Holding){text_of(counting_def(rule)->name), text_of(counting_def(rule)->doc)};
  Text name = own_rule_format(arena, own), heard = own_rule_format(arena, (OwnRule){own.heard_ms, 0});
  if (!own.percent) return (Holding){name, text_of(arena_format(arena, TEXT_FORMAT " heard", TEXT_ARG(name)))};
  const char *or = heard.length ? " or " : "";
  return (Holding){name, text_of(arena_format(arena, "%d%% of the track%s" TEXT_FORMAT " heard", own.percent, or, TEXT_ARG(heard)))};
}

static void print_rules(CountingRule rule, const Holding *holds, bool as_json) {
  if (as_json) {
    printf("{\"rule\":\"%s\",\"rules\":[", holds->name.bytes);
    for (int other = 0; other < COUNTING_RULES; other++) printf("%s\"%s\"", other ? "," : "", counting_def((CountingRule)other)->name);
    puts("]}");
    return;
  }
  for (int other = 0; other < COUNTING_RULES; other++)
    printf("%c %-14s%s\n", other == (int)rule ? '*' : ' ', counting_def((CountingRule)other)->name, counting_def((CountingRule)other)->doc);
  if (rule == COUNTING_OWN) printf("* %-14s%s\n", holds->name.bytes, holds->doc.bytes);
}

typedef struct Sum {
  int64_t plays, skips;
} Sum;

static bool add(void *context, const StoreTotals *totals) {
  Sum *sum = context;
  sum->plays += totals->plays;
  sum->skips += totals->skips;
  return true;
}

static Status set_rule(Arena *arena, const Options *options, const char *name, Error *error) {
  CountingRule rule, before = COUNTING_SPOTIFY;
  Store *store;
  Error unknown; /* a rule that this program does not know may be replaced */
  OwnRule own = {-1, 0};
  if (!counting_find(text_of(name), &rule)) {
    if (!own_rule_parse(text_of(name), &own)) return fail_rule(arena, name, error);
    rule = COUNTING_OWN;
  }
  Status status = store_of_options(arena, options, STORE_WRITE, &store, error);
  if (status != STATUS_OK) return status;
  bool same = store_counting_rule(store, &before, &unknown) == STATUS_OK && before == rule;
  if (same && rule == COUNTING_OWN) same = store_own_rule(store).heard_ms == own.heard_ms && store_own_rule(store).percent == own.percent;
  Sum sum = {0};
  if (!same) status = rule == COUNTING_OWN ? store_set_own_rule(store, own, error) : store_set_counting_rule(store, rule, error);
  if (status == STATUS_OK) status = store_each_total(store, add, &sum, error);
  if (status != STATUS_OK) return status;
  Holding holds = holding(arena, rule, own);
  if (options_have(options, "json")) {
    printf("{\"rule\":\"%s\",\"changed\":%s,\"plays\":%" PRId64 ",\"skips\":%" PRId64 "}\n", holds.name.bytes, same ? "false" : "true", sum.plays, sum.skips);
  } else {
    printf("%s %s: %s\n%s, %s\n", same ? "still" : "from now on", holds.name.bytes, holds.doc.bytes,
           words_of_many(arena, sum.plays, "play"), words_of_many(arena, sum.skips, "skip"));
  }
  return store_close(store, error);
}

static Status rule(Arena *arena, const Options *options, Error *error) {
  if (options->operands.count > 2) return fail(error, STATUS_USAGE, "", "one rule at a time");
  if (options_have(options, "dry-run")) return fail(error, STATUS_USAGE, "", "--dry-run goes with `narada plays rebuild`");
  if (options->operands.count == 2) return set_rule(arena, options, options->operands.items[1], error);
  Store *store;
  CountingRule holds;
  Status status = store_of_options(arena, options, STORE_READ, &store, error);
  if (status == STATUS_OK) status = store_counting_rule(store, &holds, error);
  if (status != STATUS_OK) return status;
  Holding held = holding(arena, holds, store_own_rule(store));
  print_rules(holds, &held, options_have(options, "json"));
  return store_close(store, error);
}

/* ---- the listens ---- */

static void print_counts(Arena *arena, const ListenCounts *counts, bool dry_run) {
  const char *const names[] = {"alone", "several", "duplicates", "pieces", "merged"};
  static const char *const docs[] = {"listens with one observation", "listens with several", "the same record once more", "further pieces of a listen",
                                     "the same listen seen by another service"};
  printf("%s, %s\n", words_of_many(arena, (int64_t)counts->observations, "observation"),
         words_of_many(arena, (int64_t)(counts->roles[0] + counts->roles[1]), "listen"));
  for (int i = 0; i < 5; i++) printf("  %-11s %12s  %s\n", names[i], words_of_count(arena, (int64_t)counts->roles[i]), docs[i]);
  if (counts->changed == 0) {
    puts("nothing changes");
  } else {
    printf("%s %s of observations %s\n", words_of_count(arena, (int64_t)counts->changed), counts->changed == 1 ? "row" : "rows",
           dry_run ? "would change" : "changed");
  }
}

static Status rebuild(Arena *arena, const Options *options, Error *error) {
  if (options->operands.count > 1) return fail(error, STATUS_USAGE, "", "`narada plays rebuild` takes no names; it rebuilds all listens");
  bool dry_run = options_have(options, "dry-run");
  Store *store;
  ListenCounts counts;
  Status status = store_of_options(arena, options, dry_run ? STORE_READ : STORE_WRITE, &store, error);
  if (status == STATUS_OK) status = store_rebuild_listens(store, dry_run, &counts, error);
  if (status == STATUS_OK) status = store_close(store, error);
  if (status != STATUS_OK) return status;
  if (options_have(options, "json")) {
    printf("{\"dry_run\":%s,\"observations\":%" PRIu64 ",\"alone\":%" PRIu64 ",\"heads\":%" PRIu64 ",\"duplicates\":%" PRIu64
           ",\"fragments\":%" PRIu64 ",\"merged\":%" PRIu64 ",\"changed\":%" PRIu64 "}\n",
           dry_run ? "true" : "false", counts.observations, counts.roles[0], counts.roles[1], counts.roles[2], counts.roles[3], counts.roles[4], counts.changed);
  } else {
    print_counts(arena, &counts, dry_run);
  }
  return STATUS_OK;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  const char *what = options.operands.count ? options.operands.items[0] : "";
  if (strcmp(what, "rule") == 0) return rule(arena, &options, error);
  if (strcmp(what, "rebuild") == 0) return rebuild(arena, &options, error);
  if (!*what) return fail(error, STATUS_USAGE, "", "plays what? `narada plays rule` or `narada plays rebuild`");
  return fail(error, STATUS_USAGE, "", "no `narada plays %s`; there are rule and rebuild", text_escaped(arena, text_of(what)).bytes);
}

const Command command_plays = {
    .name = "plays",
    .summary = "what counts as a play; which plays are one listen",
    .run = run,
    .help = print_help,
};
