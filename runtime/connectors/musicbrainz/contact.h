/* contact.h: who runs this program, as MusicBrainz asks every program to say in its user agent. */
#ifndef NARADA_MUSICBRAINZ_CONTACT_H
#define NARADA_MUSICBRAINZ_CONTACT_H

#include "connectors/http/http.h"

enum { CONTACT_MOST = 100 };

/* An address for mail or of a page, in the letters a header may hold; STATUS_USAGE says what is wrong. */
Status musicbrainz_contact_read(Text contact, Error *error);
/* Whether MusicBrainz answers the client as it introduces itself. Arena. */
Status musicbrainz_contact_check(Arena *arena, Http *http, Error *error);

#endif
