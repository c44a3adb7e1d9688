/* track_ids.h: the one spelling of the ids that people and programs write in several. */
#ifndef NARADA_BASE_TRACK_IDS_H
#define NARADA_BASE_TRACK_IDS_H

#include <stdbool.h>

#include "base/text.h"

enum { ISRC_LENGTH = 12, MBID_LENGTH = 36 };

/* An International Standard Recording Code (ISO 3901): two letters of the country, three letters or digits of the registrant, seven digits; hyphens do
 * not count. Twelve bytes and a NUL, letters in upper case. False for anything else. */
bool isrc_read(Text text, char out[ISRC_LENGTH + 1]);
/* The UUID of a MusicBrainz entity at the front of `text` (RFC 9562, 8-4-4-4-12), with a NUL and in lower case. False for anything else. */
bool mbid_read(Text text, char out[MBID_LENGTH + 1]);

/* The one spelling, or `text` itself where it is no such id. Borrows `room` or `text`. */
Text isrc_spelling(Text text, char room[ISRC_LENGTH + 1]);
Text mbid_spelling(Text text, char room[MBID_LENGTH + 1]);

#endif
