/* Components as sources and stages. */
#include <string.h>

#include "compiler/workflow/smarter_int.h"

enum { COUNT_MOST = 1000000000 };

Diag *smarter_tell(Smarter *smarter, DiagCode code, Span span, const char *message) {
  return diag_report(smarter->workflow->diags, code, span, "%s", message);
}

Span smarter_place(const Component *component, const char *key) {
  const JsonMember *member = component->task.config ? json_member(component->task.config, key) : NULL;
  return member ? member->value->span : component->task.type_value->span;
}

#define STAGE(...) write_from(&smarter->writer, component->task.type_value->span, __VA_ARGS__)

static bool flag(Smarter *smarter, Component *component, const char *key, bool otherwise) {
  return config_bool(smarter->workflow, &component->task, key, otherwise);
}

static int64_t whole(Smarter *smarter, Component *component, const char *key, int64_t least, int64_t otherwise) {
  int64_t number = otherwise;
  return config_int(smarter->workflow, &component->task, key, least, COUNT_MOST, &number) ? number : otherwise;
}

static Text words(Smarter *smarter, Component *component, const char *key) {
  return config_text(smarter->workflow, &component->task, key, false);
}

static void differs(Smarter *smarter, const Component *component, const char *key, const char *message) {
  smarter_tell(smarter, DIAG_WORKFLOW_DIFFERS, smarter_place(component, key), message);
}

/* ---- sources ---- */

/* "spotify:user:NAME:playlist:ID" is the old way to write "spotify:playlist:ID". */
static Text link_of(Arena *arena, Text uri) {
  const char *playlist = strstr(uri.bytes, ":playlist:");
  bool old = uri.length > 13 && memcmp(uri.bytes, "spotify:user:", 13) == 0 && playlist;
  return old ? text_of(arena_format(arena, "spotify%s", playlist)) : uri;
}

static void playlist(Smarter *smarter, Component *component) {
  Text name = words(smarter, component, "name"), uri = words(smarter, component, "uri"), user = words(smarter, component, "user");
  if (!name.length && !uri.length) {
    smarter_tell(smarter, DIAG_WORKFLOW_MISSING_KEY, component->task.span, "the playlist has neither \"name\" nor \"uri\"");
    return;
  }
  STAGE("from spotify.playlist ");
  write_plain(&smarter->writer, smarter_place(component, uri.length ? "uri" : "name"), uri.length ? link_of(smarter->workflow->arena, uri) : name);
  if (user.length && !uri.length)
    differs(smarter, component, "user", "a playlist is looked for by its name among your own; the owner is not looked at. Its link would name it surely");
}

static void added(Smarter *smarter, Component *component) {
  static const char *const keys[] = {"tracks_added_since", "tracks_added_before"}, *const signs[] = {">=", "<="};
  for (int i = 0; i < 2; i++) {
    Text moment;
    bool given = component->type == SMARTER_PLAYLIST_SINCE ? smarter_ago(smarter, component, keys[i], &moment) : smarter_epoch(smarter, component, keys[i], &moment);
    if (given) write_from(&smarter->writer, smarter_place(component, keys[i]), "\n| keep added %s " TEXT_FORMAT, signs[i], TEXT_ARG(moment));
  }
  if (flag(smarter, component, "order_by_date_added", false)) write_from(&smarter->writer, smarter_place(component, "order_by_date_added"), "\n| sort added");
}

/* Words of a search, each behind what it is looked for in. */
static void search(Smarter *smarter, Component *component, const char *const *keys, const char *const *prefixes, size_t count) {
  TextBuilder query = {.arena = smarter->workflow->arena};
  for (size_t i = 0; i < count; i++) {
    Text value = words(smarter, component, keys[i]);
    if (!value.length) continue;
    const char *quote = prefixes[i][0] ? "\"" : "";
    text_append_format(&query, "%s%s%s" TEXT_FORMAT "%s", query.length ? " " : "", prefixes[i], quote, TEXT_ARG(value), quote);
  }
  if (!query.length) smarter_tell(smarter, DIAG_WORKFLOW_BAD_VALUE, smarter_place(component, keys[0]), "there is nothing to look for");
  STAGE("from spotify.search ");
  write_plain(&smarter->writer, smarter_place(component, keys[0]), query.length ? text_built(&query) : (Text){"", 0});
}

static void album(Smarter *smarter, Component *component) {
  static const char *const keys[] = {"title", "artist"}, *const prefixes[] = {"album:", "artist:"};
  Text uri = words(smarter, component, "uri");
  if (uri.length) {
    STAGE("from spotify.album ");
    write_plain(&smarter->writer, smarter_place(component, "uri"), uri);
    return;
  }
  if (!words(smarter, component, "title").length && !words(smarter, component, "artist").length) {
    smarter_tell(smarter, DIAG_WORKFLOW_MISSING_KEY, component->task.span, "the album has neither \"title\" nor \"uri\"");
    return;
  }
  search(smarter, component, keys, prefixes, 2);
  differs(smarter, component, "title", "tracks are looked for by the album's name, in the order in which they are found; its link would name it surely");
}

static void artist(Smarter *smarter, Component *component) {
  static const char *const keys[] = {"name"}, *const prefixes[] = {"artist:"};
  Text name = words(smarter, component, "name"), uri = words(smarter, component, "uri");
  if (name.length) {
    search(smarter, component, keys, prefixes, 1);
    text_append_format(&smarter->writer.text, " limit: 10");
    differs(smarter, component, "name", "an artist's top tracks are not given any more: these are the first ten that are found for the name");
  } else if (uri.length) {
    STAGE("from spotify.artist ");
    write_plain(&smarter->writer, smarter_place(component, "uri"), uri);
    STAGE("\n| top 10 by: spotify.popularity");
    differs(smarter, component, "uri", "an artist's top tracks are not given any more: these are ten of all, the most popular where Spotify says so");
  } else {
    smarter_tell(smarter, DIAG_WORKFLOW_MISSING_KEY, component->task.span, "the artist has neither \"name\" nor \"uri\"");
  }
}

static void tracks(Smarter *smarter, Component *component) {
  static const char track[] = "spotify:track:", web[] = "https://open.spotify.com/track/";
  Text *uris;
  size_t count = config_list(smarter->workflow, &component->task, "uris", &uris);
  Span span = smarter_place(component, "uris");
  if (!count) smarter_tell(smarter, DIAG_WORKFLOW_BAD_VALUE, span, "\"uris\" names no track");
  write_from(&smarter->writer, component->task.type_value->span, "from library.tracks\n| keep spotify.id in [");
  for (size_t i = 0; i < count; i++) {
    Text id = uris[i];
    const char *starts[] = {track, web};
    for (int k = 0; k < 2; k++)
      if (id.length > strlen(starts[k]) && memcmp(id.bytes, starts[k], strlen(starts[k])) == 0) id = (Text){id.bytes + strlen(starts[k]), id.length - strlen(starts[k])};
    for (size_t k = 0; k < id.length; k++)
      if (id.bytes[k] == '?') id.length = k;
    if (i) text_append_format(&smarter->writer.text, ", ");
    write_plain(&smarter->writer, span, id);
  }
  text_append_char(&smarter->writer.text, ']');
  differs(smarter, component, "uris", "single tracks are those that your library knows, in its order");
}

void smarter_source(Smarter *smarter, Component *component) {
  static const char *const ranges[][2] = {{"short_term", "month"}, {"medium_term", "half_year"}, {"long_term", "years"}};
  static const char *const title[] = {"title"}, *const nothing[] = {""};
  switch (component->type) {
    case SMARTER_PLAYLIST: playlist(smarter, component); break;
    case SMARTER_PLAYLIST_SINCE:
    case SMARTER_PLAYLIST_DATED:
      playlist(smarter, component);
      added(smarter, component);
      break;
    case SMARTER_ALBUM: album(smarter, component); break;
    case SMARTER_TRACKS: tracks(smarter, component); break;
    case SMARTER_TRACK_BY_NAME:
      search(smarter, component, title, nothing, 1);
      text_append_format(&smarter->writer.text, " limit: 1");
      break;
    case SMARTER_ARTIST_TOP: artist(smarter, component); break;
    case SMARTER_TOP_TRACKS: {
      Text range = config_word(smarter->workflow, &component->task, "time_range", "short_term medium_term long_term", "medium_term");
      STAGE("from spotify.top");
      for (int i = 0; i < 3; i++)
        if (text_is(range, ranges[i][0])) write_from(&smarter->writer, smarter_place(component, "time_range"), " range: %s", ranges[i][1]);
      break;
    }
    default: STAGE("from spotify.likes"); break;
  }
}

/* ---- stages ---- */

static void compare(Smarter *smarter, Component *component, const char *identity) {
  const Component *other = component->inputs[PORT_OTHER].items[0];
  if (other->lost) {
    smarter_tell(smarter, DIAG_LEFT_OUT, component->task.type_value->span, "what this compares with is left out, and so is the filter");
    return;
  }
  STAGE("\n| %s ", flag(smarter, component, "invert", false) ? "intersect" : "except");
  write_from(&smarter->writer, component->places[PORT_OTHER].items[0], TEXT_FORMAT "%s", TEXT_ARG(other->task.name), identity);
  if (component->type == SMARTER_TRACK_FILTER && flag(smarter, component, "by_name", false))
    differs(smarter, component, "by_name", "tracks are compared as the same track; other tracks of that name do not count");
}

static void without_artists(Smarter *smarter, Component *component) {
  Text *names;
  size_t count = config_list(smarter->workflow, &component->task, "artistNames", &names);
  if (!count) return;
  Span span = smarter_place(component, "artistNames");
  STAGE("\n| drop lower(artist) in [");
  for (size_t i = 0; i < count; i++) {
    if (i) text_append_format(&smarter->writer.text, ", ");
    write_plain(&smarter->writer, span, text_fold(smarter->workflow->arena, names[i]));
  }
  text_append_char(&smarter->writer.text, ']');
}

static void separate(Smarter *smarter, Component *component) {
  STAGE("\n| space_out by: artist");
  if (component->type == SMARTER_ARTIST_SEPARATION) {
    int64_t gap = whole(smarter, component, "min_separation", 0, 4);
    write_from(&smarter->writer, smarter_place(component, "min_separation"), " gap: %" PRId64, gap);
    differs(smarter, component, flag(smarter, component, "reorder", true) ? "min_separation" : "reorder", "tracks that cannot be kept apart stay, where that is told; nothing is dropped");
  }
}

static void sort(Smarter *smarter, Component *component) {
  const SmarterAttribute *attribute = smarter_sort_attribute(smarter, component);
  if (attribute) write_from(&smarter->writer, smarter_place(component, "attr"), "\n| sort %s%s", attribute->column, flag(smarter, component, "reverse", false) ? " desc" : "");
}

static void shuffle(Smarter *smarter, Component *component) {
  double factor = 0.1;
  STAGE("\n| shuffle");
  if (component->type == SMARTER_SHUFFLER) return;
  config_number(smarter->workflow, &component->task, "factor", &factor);
  if (factor < 0 || factor > 1) {
    Diag *diag = smarter_tell(smarter, DIAG_WORKFLOW_BAD_VALUE, smarter_place(component, "factor"), "\"factor\" cannot be this");
    diag_hint(smarter->workflow->diags, diag, "0 to 1");
    return;
  }
  write_from(&smarter->writer, smarter_place(component, "factor"), " strength: ");
  append_decimal(&smarter->writer.text, factor);
}

static void save(Smarter *smarter, Component *component) {
  Text name = words(smarter, component, "playlist_name"), uri = component->type == SMARTER_SAVE ? words(smarter, component, "playlist_uri") : (Text){"", 0};
  Span span = smarter_place(component, uri.length ? "playlist_uri" : "playlist_name");
  STAGE("\n| to spotify.playlist ");
  if (!name.length) name = TEXT_LITERAL("My Smarter Playlist");
  if (component->type == SMARTER_SAVE) {
    write_plain(&smarter->writer, span, uri.length ? link_of(smarter->workflow->arena, uri) : name);
    bool append = flag(smarter, component, "append", false);
    write_from(&smarter->writer, smarter_place(component, "append"), " mode: %s", append ? "append" : "replace");
    return;
  }
  static const char *const suffixes[][2] = {{"none", ""}, {"time", " - {date(now)}"}, {"date", " - {date(now)}"}, {"day-of-week", " - {weekday(now)}"}, {"day-of-month", " - {day(now)}"}};
  Text suffix = config_word(smarter->workflow, &component->task, "suffix_type", "none time date day-of-week day-of-month", "time");
  write_plain(&smarter->writer, span, name);
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
    if (!text_is(suffix, suffixes[i][0]) || !suffixes[i][1][0]) continue;
    smarter->writer.text.length--; /* into the quotes */
    text_append_format(&smarter->writer.text, "%s\"", suffixes[i][1]);
  }
  text_append_format(&smarter->writer.text, " mode: replace");
  if (text_is(suffix, "none")) differs(smarter, component, "suffix_type", "a playlist of that name is replaced, not doubled");
  if (text_is(suffix, "time")) differs(smarter, component, "suffix_type", "the name gets the day, without the time: once a day there is a new playlist");
  if (text_is(suffix, "day-of-week")) differs(smarter, component, "suffix_type", "the day of the week is a number, 1 for Monday");
}

void smarter_stages(Smarter *smarter, Component *component) {
  int64_t count = whole(smarter, component, "sample_size", 0, 10);
  bool has_reason = smarter_reason(component->type)[0] != '\0';
  if (has_reason) {
    diag_report(smarter->workflow->diags, DIAG_LEFT_OUT, component->task.type_value->span, "%s; the filter is left out", smarter_reason(component->type));
    return;
  }
  switch (component->type) {
    case SMARTER_DEDUP:
      STAGE("\n| unique");
      if (flag(smarter, component, "by_name", false)) write_from(&smarter->writer, smarter_place(component, "by_name"), "\n| take 1 per: \"{lower(artist ?? \"\")} - {lower(title ?? \"\")}\"");
      break;
    case SMARTER_ARTIST_DEDUP: STAGE("\n| unique by: artist"); break;
    case SMARTER_ARTIST_SEPARATION:
    case SMARTER_SEPARATE_ARTISTS: separate(smarter, component); break;
    case SMARTER_TRACK_FILTER: compare(smarter, component, ""); break;
    case SMARTER_ARTIST_FILTER: compare(smarter, component, " by: artist"); break;
    case SMARTER_SIMPLE_ARTIST_FILTER: without_artists(smarter, component); break;
    case SMARTER_FIRST: STAGE("\n| take %" PRId64, count); break;
    case SMARTER_LAST: STAGE("\n| last %" PRId64, count); break;
    case SMARTER_SAMPLE: STAGE("\n| shuffle\n| take %" PRId64, count); break;
    case SMARTER_NOT_FIRST: STAGE("\n| skip %" PRId64, count); break;
    case SMARTER_NOT_LAST: STAGE("\n| reverse\n| skip %" PRId64 "\n| reverse", count); break;
    case SMARTER_SHUFFLER:
    case SMARTER_WEIGHTED_SHUFFLER: shuffle(smarter, component); break;
    case SMARTER_REVERSE: STAGE("\n| reverse"); break;
    case SMARTER_SORTER: sort(smarter, component); break;
    case SMARTER_RANGE_FILTER:
    case SMARTER_RELEASE_FILTER: smarter_range(smarter, component); break;
    case SMARTER_EXPLICIT: STAGE("\n| keep explicit == %s", flag(smarter, component, "explicit", false) ? "true" : "false"); break;
    case SMARTER_TEXT_FILTER: smarter_title_condition(smarter, component); break;
    case SMARTER_SAVE:
    case SMARTER_SAVE_NEW: save(smarter, component); break;
    default: break; /* Annotator: columns are fetched where they are read */
  }
}

/* ---- several inputs ---- */

/* Who asks to end with the first stream that ends gets all of the others. */
static void goes_on(Smarter *smarter, Component *component, bool otherwise) {
  if (flag(smarter, component, "fail_fast", otherwise)) differs(smarter, component, "fail_fast", "when a stream ends the others go on; nothing stops with the first");
}

static void equal_weights(Smarter *smarter, Component *component, size_t count) {
  STAGE(" weights: [");
  for (size_t i = 0; i < count; i++) text_append_format(&smarter->writer.text, "%s1", i ? ", " : "");
  text_append_char(&smarter->writer.text, ']');
}

static void mix_in(Smarter *smarter, Component *component) {
  int64_t one = whole(smarter, component, "nskips", 0, 1), other = whole(smarter, component, "ntracks", 0, 1), first = whole(smarter, component, "initial_skip", 0, 1);
  goes_on(smarter, component, true);
  if (first != one) differs(smarter, component, "initial_skip", "the first round is as the others");
  STAGE("\n| interleave weights: [%" PRId64 ", %" PRId64 "]", one > 0 ? one : 1, other > 0 ? other : 1);
  if (one == 0 || other == 0) differs(smarter, component, one == 0 ? "nskips" : "ntracks", "each stream gives one track at least");
}

static void without(Smarter *smarter, Component *component, SmarterPort port, const char *identity) {
  for (size_t i = 0; i < component->inputs[port].count; i++) {
    const Component *input = component->inputs[port].items[i];
    if (!input->lost) write_from(&smarter->writer, component->places[port].items[i], "\n| except " TEXT_FORMAT "%s", TEXT_ARG(input->task.name), identity);
  }
}

static void mixer(Smarter *smarter, Component *component, size_t count) {
  int64_t apart = whole(smarter, component, "min_artist_separation", 0, 4), most = whole(smarter, component, "max_tracks", 0, 50);
  if (count > 1) STAGE("\n| interleave");
  goes_on(smarter, component, true);
  without(smarter, component, PORT_OTHER, "");
  without(smarter, component, PORT_THIRD, " by: artist");
  if (flag(smarter, component, "dedup", true)) write_from(&smarter->writer, smarter_place(component, "dedup"), "\n| unique");
  if (apart > 1) {
    write_from(&smarter->writer, smarter_place(component, "min_artist_separation"), "\n| space_out by: artist gap: %" PRId64, apart - 1);
    differs(smarter, component, "min_artist_separation", "tracks that cannot be kept apart stay, where that is told; nothing is dropped");
  }
  write_from(&smarter->writer, smarter_place(component, "max_tracks"), "\n| take %" PRId64, most);
}

/* One of two streams by the day of the run. */
static void by_day(Smarter *smarter, Component *component) {
  Text days = TEXT_LITERAL("[6, 7]");
  Span span = component->task.type_value->span;
  if (component->type == SMARTER_WEEKDAY) {
    int64_t day = 0;
    config_int(smarter->workflow, &component->task, "day", 0, 6, &day);
    days = text_of(arena_format(smarter->workflow->arena, "[%" PRId64 "]", day + 1));
    span = smarter_place(component, "day");
  }
  const char *separator = "from ";
  size_t count = 0;
  for (int port = PORT_MAIN; port <= PORT_OTHER; port++) {
    const Component *input = component->inputs[port].items[0];
    if (input->lost) continue;
    write_from(&smarter->writer, component->places[port].items[0], "%s{ from " TEXT_FORMAT, separator, TEXT_ARG(input->task.name));
    write_from(&smarter->writer, span, " | keep weekday(now) %s " TEXT_FORMAT " }", port == PORT_MAIN ? "in" : "not in", TEXT_ARG(days));
    separator = ", ";
    count++;
  }
  if (count > 1) STAGE("\n| concat");
}

void smarter_combine(Smarter *smarter, Component *component, size_t count) {
  switch (component->type) {
    case SMARTER_WEEKEND:
    case SMARTER_WEEKDAY: by_day(smarter, component); break;
    case SMARTER_MIXER: mixer(smarter, component, count); break;
    case SMARTER_MIX_IN:
      if (count > 1) mix_in(smarter, component);
      break;
    case SMARTER_ALTERNATE:
      goes_on(smarter, component, false);
      if (count > 1) STAGE("\n| interleave");
      break;
    case SMARTER_RANDOM:
      goes_on(smarter, component, true);
      if (count < 2) break;
      STAGE("\n| mix");
      equal_weights(smarter, component, count);
      break;
    case SMARTER_RANDOM_STREAM:
      smarter_tell(smarter, DIAG_LEFT_OUT, component->task.type_value->span, smarter_reason(component->type));
      if (count > 1) STAGE("\n| concat");
      break;
    default:
      if (count > 1) STAGE("\n| concat");
      break;
  }
}
