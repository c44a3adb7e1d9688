/* track_names.h: whether two spellings of a track's names mean the same recording.
 *
 * Equal are names with the same letters and digits, whatever their case, accents (of Latin letters) and punctuation. Of a title, what names guests or a remaster says
 * nothing of the recording: "Blue Hour (feat. Bo) - Remastered 2011" is "Blue Hour". All else does: a live take, a remix, a demo or another language is another
 * recording, as is "Pt. 2". */
#ifndef NARADA_SPOTIFY_TRACK_NAMES_H
#define NARADA_SPOTIFY_TRACK_NAMES_H

#include "base/text.h"

typedef enum TitlesAre { TITLES_DIFFER, TITLES_ALIKE, TITLES_EQUAL } TitlesAre;

/* Letters and digits alone, folded; "and" for "&" and "+". A name of neither is itself, folded. Arena. */
Text name_key(Arena *arena, Text name);
/* The part of a title that says which recording it is; borrowed from `title`. */
Text title_core(Text title);
TitlesAre titles_are(Arena *arena, Text a, Text b);
/* The first of several artists in one text, as in "Ada & Bo" or "Ada feat. Bo"; borrowed, the whole where there is one. */
Text first_artist(Text artist);
/* The text without "feat. ..." at its end; borrowed. */
Text without_guests(Text names);
/* Whether it is one of these, all of them in one text, or begins with one of them in the manner of first_artist(). */
bool artist_is_among(Arena *arena, Text artist, const Text *artists, size_t count);

#endif
