/* Programs that are nearly right, and sentences that are right by the grammar alone. */
#include <string.h>

#include "base/vec.h"
#include "compiler/syntax/lex.h"
#include "program_int.h"

/* ---- words that stand for tokens ---- */

/* How a token is written; names are put in where they are needed. */
static const char *token_words(Gen *gen, int kind) {
  static const char *const names[] = {"x", "plays", "title", "artist", "released", "keep", "take", "sort", "library", "s0", "v0", "p0", "c0", "tally", "count", "sum", "by", "show"};
  static const char *const dates[] = {"@2024", "@2024-02-31", "@2024-03", "@2024-03-05T20:00Z", "@", "@20240"};
  static const char *const durations[] = {"90d", "6mo", "5m", "1h30min", "99999999999999999999y", "1d1d"};
  static const char *const bad[] = {"\"open", "'", "\xff", "\x01", ";", "$", "5x", "\xe2\x80\x9cquoted\xe2\x80\x9d", "\xc2\xa0", "!", "&&", "=>", "...", "\xd0\x96", "\"{", "}\""};
  switch (kind) {
    case TOKEN_NEWLINE: return "\n";
    case TOKEN_NAME: return names[below(gen, sizeof names / sizeof *names)];
    case TOKEN_LABEL: return chance(gen, 50) ? "by:" : "seed:";
    case TOKEN_INT: return chance(gen, 80) ? "3" : "99999999999999999999";
    case TOKEN_FLOAT: return "0.5";
    case TOKEN_PERCENT: return chance(gen, 80) ? "20%" : "900%";
    case TOKEN_DURATION: return durations[below(gen, 6)];
    case TOKEN_DATE: return dates[below(gen, 6)];
    case TOKEN_TEXT: return chance(gen, 50) ? "\"a\"" : "'b'";
    case TOKEN_TEXT_OPEN:
    case TOKEN_TEXT_PIECE: return "\"a {title} b\"";
    case TOKEN_TEXT_CLOSE: return "\"";
    case TOKEN_HOLE_OPEN: return "{";
    case TOKEN_HOLE_CLOSE: return "}";
    case TOKEN_BAD_VALUE:
    case TOKEN_BAD: return bad[below(gen, sizeof bad / sizeof *bad)];
    case TOKEN_TRUE: return "true";
    case TOKEN_FALSE: return "false";
    case TOKEN_MISSING: return "missing";
    default: break;
  }
  static const char *const written[] = {
#define TOKEN(name, text, group) [TOKEN_##name] = text,
#include "grammar/tokens.def"
#undef TOKEN
  };
  return written[kind];
}

static const char *random_token(Gen *gen) {
  return token_words(gen, (int)below(gen, TOKEN_COUNT));
}

/* ---- sentences ---- */

static void put_sentence_pipeline(Gen *gen, unsigned depth);

static void put_path(Gen *gen) {
  static const char *const words[] = {"library.tracks", "library.plays", "keep", "drop", "sort", "take", "union", "file.csv", "show", "s0", "x", "plays", "title", "lastfm.plays", "tally", "add", "per", "count", "a.b.c", "param", "desc"};
  put(gen, "%s", words[below(gen, sizeof words / sizeof *words)]);
}

static void put_sentence(Gen *gen, unsigned depth) {
  static const char *const operators[] = {"or", "and", "==", "!=", "<", ">=", "in", "not in", "??", "..", "+", "-", "*", "/"};
  if (depth == 0 || chance(gen, 35)) {
    static const int literals[] = {TOKEN_INT, TOKEN_FLOAT, TOKEN_PERCENT, TOKEN_DURATION, TOKEN_DATE, TOKEN_TEXT, TOKEN_TRUE, TOKEN_MISSING, TOKEN_TEXT_OPEN};
    if (chance(gen, 60)) put_path(gen);
    else put(gen, "%s", token_words(gen, literals[below(gen, sizeof literals / sizeof *literals)]));
    return;
  }
  switch (below(gen, 8)) {
    case 0:
      put(gen, "not ");
      put_sentence(gen, depth - 1);
      break;
    case 1:
      put(gen, "(");
      put_sentence(gen, depth - 1);
      put(gen, ")");
      break;
    case 2:
      put_path(gen);
      put(gen, "(");
      for (unsigned i = below(gen, 3); i > 0; i--) {
        put_sentence(gen, depth - 1);
        put(gen, i > 1 ? ", " : "");
      }
      put(gen, ")");
      break;
    case 3:
      put(gen, "[");
      put_sentence(gen, depth - 1);
      put(gen, chance(gen, 50) ? ", 3]" : "]");
      break;
    case 4:
      put_sentence(gen, depth - 1);
      put(gen, chance(gen, 50) ? " is missing" : " ago");
      break;
    default:
      put_sentence(gen, depth - 1);
      put(gen, " %s ", operators[below(gen, sizeof operators / sizeof *operators)]);
      put_sentence(gen, depth - 1);
      break;
  }
}

static void put_sentence_args(Gen *gen, unsigned depth) {
  for (unsigned i = 0, count = below(gen, 3); i < count; i++) {
    put(gen, i ? ", " : " ");
    if (depth && chance(gen, 10)) {
      put(gen, "{ ");
      put_sentence_pipeline(gen, depth - 1);
      put(gen, " }");
    } else {
      put_sentence(gen, 2);
      put(gen, chance(gen, 10) ? " desc" : "");
    }
  }
  if (chance(gen, 30)) {
    put(gen, chance(gen, 50) ? " by: " : " c0: ");
    put_sentence(gen, 2);
  }
}

static void put_sentence_pipeline(Gen *gen, unsigned depth) {
  put(gen, "from ");
  put_path(gen);
  if (chance(gen, 20)) {
    put(gen, ", ");
    put_path(gen);
  } else {
    put_sentence_args(gen, depth);
  }
  for (unsigned i = below(gen, 4); i > 0; i--) {
    put(gen, chance(gen, 50) ? " | " : "\n| ");
    put(gen, chance(gen, 15) ? "to " : "");
    put_path(gen);
    put_sentence_args(gen, depth);
    if (depth && chance(gen, 10)) {
      put(gen, " { take 1 | ");
      put_path(gen);
      put(gen, " }");
    }
  }
}

Text generate_sentence(Arena *arena, uint64_t seed) {
  Gen *gen = arena_alloc(arena, sizeof *gen);
  *gen = (Gen){.random = random_seeded(seed), .out = {.arena = arena}};
  for (unsigned i = 1 + below(gen, 3); i > 0; i--) {
    switch (below(gen, 6)) {
      case 0:
        put(gen, "param p%u: %s = ", below(gen, 2), chance(gen, 50) ? "int" : "list[text]");
        put_sentence(gen, 1);
        break;
      case 1:
        put(gen, "let v%u = ", below(gen, 2));
        put_sentence(gen, 2);
        break;
      case 2:
        put(gen, "stage x(n: int, w: duration = 3d) = ");
        put_path(gen);
        put_sentence_args(gen, 1);
        break;
      case 3: put(gen, "let s%u = ", below(gen, 2)); /* fall through */
      default: put_sentence_pipeline(gen, 1); break;
    }
    put(gen, "\n");
  }
  return text_built(&gen->out);
}

/* ---- changes ---- */

typedef struct Piece {
  size_t start, end;
} Piece;
typedef VEC(Piece) Pieces;

static void split(Arena *arena, Text program, Pieces *pieces) {
  const char *at = program.bytes, *limit = program.bytes + program.length;
  while (at < limit) {
    Lexeme lexeme = lex_next(at, limit);
    if (lexeme.kind == LEX_END || lexeme.end <= at) break;
    if (lexeme.kind != LEX_BLANK) vec_push(arena, pieces, (Piece){(size_t)(at - program.bytes), (size_t)(lexeme.end - program.bytes)});
    at = lexeme.end;
  }
}

static Text replace(Arena *arena, Text program, Piece piece, Text with) {
  TextBuilder out = {.arena = arena};
  text_append(&out, (Text){program.bytes, piece.start});
  text_append(&out, with);
  text_append(&out, (Text){program.bytes + piece.end, program.length - piece.end});
  text_append(&out, TEXT_LITERAL(""));
  return text_built(&out);
}

static Text drop_brackets(Gen *gen, Text program, const Pieces *pieces) {
  unsigned seen = 0;
  Piece found = {0, 0};
  for (size_t i = 0; i < pieces->count; i++)
    if (pieces->items[i].end == pieces->items[i].start + 1 && strchr("()[]{}\"'", program.bytes[pieces->items[i].start]) && below(gen, ++seen) == 0)
      found = pieces->items[i];
  return replace(gen->out.arena, program, found, TEXT_LITERAL(""));
}

static Text change(Gen *gen, Text program) {
  Arena *arena = gen->out.arena;
  Pieces pieces = {0};
  split(arena, program, &pieces);
  if (!pieces.count) return replace(arena, program, (Piece){0, 0}, text_of(random_token(gen)));
  Piece piece = pieces.items[below(gen, (unsigned)pieces.count)], other = pieces.items[below(gen, (unsigned)pieces.count)];
  Text word = {program.bytes + piece.start, piece.end - piece.start};
  switch (below(gen, 10)) {
    case 0: return replace(arena, program, piece, TEXT_LITERAL(""));
    case 1: return replace(arena, program, (Piece){piece.end, piece.end}, text_of(arena_format(arena, " " TEXT_FORMAT, TEXT_ARG(word))));
    case 2: {
      Text there = text_copy(arena, (Text){program.bytes + other.start, other.end - other.start});
      Piece first = piece.start < other.start ? piece : other, last = piece.start < other.start ? other : piece;
      Text first_word = piece.start < other.start ? there : word, last_word = piece.start < other.start ? word : there;
      if (first.start == last.start) return program;
      return replace(arena, replace(arena, program, last, last_word), first, first_word);
    }
    case 3:
    case 4:
    case 5: return replace(arena, program, piece, text_of(random_token(gen)));
    case 6: {
      Text copy = text_copy(arena, program);
      ((char *)copy.bytes)[below(gen, (unsigned)copy.length)] = (char)(chance(gen, 50) ? below(gen, 256) : 32 + below(gen, 95));
      return copy;
    }
    case 7: {
      const char *line = memchr(program.bytes + piece.start, '\n', program.length - piece.start);
      size_t at = line ? (size_t)(line - program.bytes) : piece.start;
      return replace(arena, program, (Piece){at, at + (line != NULL)}, TEXT_LITERAL(" "));
    }
    case 8: return chance(gen, 30) ? text_copy(arena, (Text){program.bytes, piece.end}) : replace(arena, program, (Piece){piece.end, piece.end}, TEXT_LITERAL("\n"));
    default: return drop_brackets(gen, program, &pieces);
  }
}

Text mutate_program(Arena *arena, Text program, uint64_t seed, unsigned count) {
  Gen *gen = arena_alloc(arena, sizeof *gen);
  *gen = (Gen){.random = random_seeded(seed), .out = {.arena = arena}};
  for (unsigned i = 0; i < count; i++) program = change(gen, program);
  return program;
}
