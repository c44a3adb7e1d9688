#include "names.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array)        (sizeof(array) / sizeof *(array))
#define PICK(random, array) (array)[random_below((random), COUNT(array))]

static const char *const first_syllables[] = {"Vel", "Mar", "Os",  "Tel", "Bri", "Lun", "Kes",  "Dor", "Ana", "Fen",
                                              "Hal", "Ith", "Jor", "Nim", "Oru", "Pel", "Quil", "Ras", "Sil", "Tav",
                                              "Umb", "Wen", "Yar", "Zel", "Cal", "Eri", "Gos",  "Liv", "Mox", "Thes"};
static const char *const middle_syllables[] = {"a",  "e",  "i",  "o",  "u",  "an", "or", "il",
                                               "ev", "ar", "im", "ou", "ad", "es", "on"};
static const char *const last_syllables[] = {"da",  "rin",  "trel", "vik", "mora",  "lane", "dris", "ko",  "ness",
                                             "tha", "wick", "ra",   "len", "quist", "vane", "bel",  "sto", "mere",
                                             "nia", "foss", "dell", "rou", "ska",   "lin",  "grove"};
static const char *const adjectives[] = {"Slow",     "Amber",  "Hollow",   "Paper",   "Northern", "Quiet",  "Silver",
                                         "Borrowed", "Late",   "Second",   "Distant", "Green",    "Winter", "Open",
                                         "Gentle",   "Broken", "Electric", "Velvet",  "Salt",     "Copper", "Early",
                                         "Half",     "Wide",   "Careful",  "Lost",    "Narrow",   "Bright", "Patient"};
static const char *const nouns[] = {"Lantern", "Harbour",   "Orchard",   "Signal",    "Meridian", "Kites",
                                    "Window",  "Staircase", "Weather",   "Letters",   "River",    "Engine",
                                    "Garden",  "Satellite", "Mirror",    "Tide",      "Compass",  "Avenue",
                                    "Feather", "Morning",   "Shoreline", "Cathedral", "Postcard", "Telescope",
                                    "Parade",  "Ember",     "Tramline",  "Archive",   "Moth",     "Constellation"};
static const char *const endings[] = {" (Live)", " - Remastered 2011", " (Acoustic)",     " - Single Edit", " (Demo)",
                                      ", Pt. 2", " (Reprise)",         " - Night Version"};
static const char *const marks[] = {" \"Hollow\"", " \\ Over", " 🌒", " 🎧✨", " & Co.", " <3", "/B-Side", "’s Song"};

/* Scripts: pieces that are put together to words of two to four. */
static const char *const cyrillic[] = {"ве", "ла", "мо", "ри", "но", "ста", "ки", "лю", "дра", "со"};
static const char *const greek[] = {"λα", "μο", "ρι", "νε", "σα", "θυ", "κα", "πε", "δο", "φι"};
static const char *const kana[] = {"か", "み", "の", "そ", "ら", "ゆ", "き", "ほ",
                                   "し", "つ", "メ", "ロ", "ド", "ナ", "リ"};
static const char *const hangul[] = {"나", "라", "별", "하", "솔", "비", "미", "루", "온", "담"};
static const char *const han[] = {"月", "河", "灯", "雪", "林", "音", "星", "雲", "木", "花"};
static const char *const arabic[] = {"نو", "را", "سل", "مي", "دا", "قم", "لي", "به"};
static const char *const hebrew[] = {"לו", "מי", "רו", "נע", "של", "טו", "גל"};
static const char *const devanagari[] = {"ना", "रा", "ता", "वि", "सु", "मे", "की"};
static const char *const thai[] = {"ดา", "มา", "ลี", "นา", "ฟ้า", "ใจ"};
static const char *const accented[] = {"Åse", "ñu", "élo", "ø", "žel", "çà", "ürt", "ł", "ệ", "ði"};

typedef struct Script {
  const char *const *pieces;
  size_t count;
} Script;
static const Script scripts[] = {
    {cyrillic, COUNT(cyrillic)}, {greek, COUNT(greek)},      {kana, COUNT(kana)},     {hangul, COUNT(hangul)},
    {han, COUNT(han)},           {arabic, COUNT(arabic)},    {hebrew, COUNT(hebrew)}, {devanagari, COUNT(devanagari)},
    {thai, COUNT(thai)},         {accented, COUNT(accented)}};

static int one_in(Random *random, uint64_t n) {
  return random_below(random, n) == 0;
}

static void invented_word(Random *random, char *out, size_t size) {
  snprintf(out, size, "%s%s%s", PICK(random, first_syllables), one_in(random, 3) ? "" : PICK(random, middle_syllables),
           PICK(random, last_syllables));
}

static void script_name(Random *random, char *out) {
  const Script *script = &PICK(random, scripts);
  size_t words = 1 + random_below(random, 3), at = 0;
  out[0] = '\0';
  for (size_t i = 0; i < words; i++) {
    if (i > 0) {
      at += (size_t)snprintf(out + at, NAME_SIZE - at, " ");
    }
    for (size_t pieces = 2 + random_below(random, 3); pieces > 0; pieces--) {
      at += (size_t)snprintf(out + at, NAME_SIZE - at, "%s", script->pieces[random_below(random, script->count)]);
    }
  }
}

void name_artist(Random *random, int plain, char *out) {
  char one[40], two[40];
  if (!plain && one_in(random, 12)) {
    script_name(random, out);
    return;
  }
  invented_word(random, one, sizeof one);
  invented_word(random, two, sizeof two);
  switch (random_below(random, 6)) {
    case 0:
      snprintf(out, NAME_SIZE, "%s", one);
      break;
    case 1:
      snprintf(out, NAME_SIZE, "%s %s", one, two);
      break;
    case 2:
      snprintf(out, NAME_SIZE, "The %s %ss", one, PICK(random, nouns));
      break;
    case 3:
      snprintf(out, NAME_SIZE, "%s & the %s", one, PICK(random, nouns));
      break;
    case 4:
      snprintf(out, NAME_SIZE, "%s %s", PICK(random, adjectives), one);
      break;
    default:
      snprintf(out, NAME_SIZE, "%s %s", one, PICK(random, nouns));
      break;
  }
}

static void title(Random *random, int plain, char *out) {
  char word[40];
  if (!plain && one_in(random, 16)) {
    script_name(random, out);
    return;
  }
  switch (random_below(random, 5)) {
    case 0:
      snprintf(out, NAME_SIZE, "%s", PICK(random, nouns));
      break;
    case 1:
      snprintf(out, NAME_SIZE, "The %s %s", PICK(random, adjectives), PICK(random, nouns));
      break;
    case 2:
      invented_word(random, word, sizeof word);
      snprintf(out, NAME_SIZE, "%s of %s", PICK(random, nouns), word);
      break;
    case 3:
      invented_word(random, word, sizeof word);
      snprintf(out, NAME_SIZE, "%s %s", word, PICK(random, nouns));
      break;
    default:
      snprintf(out, NAME_SIZE, "%s %s", PICK(random, adjectives), PICK(random, nouns));
      break;
  }
}

void name_album(Random *random, int plain, char *out) {
  title(random, plain, out);
}

void name_track(Random *random, int plain, char *out) {
  title(random, plain, out);
  size_t length = strlen(out);
  if (one_in(random, 12)) {
    snprintf(out + length, NAME_SIZE - length, "%s", PICK(random, endings));
  } else if (!plain && one_in(random, 60)) {
    snprintf(out + length, NAME_SIZE - length, "%s", PICK(random, marks));
  }
}

void name_show(Random *random, char *out) {
  char word[40];
  invented_word(random, word, sizeof word);
  snprintf(out, NAME_SIZE, "%s %s Hour", word, PICK(random, nouns));
}
