/* tag.h: the one spelling of a tag that a user puts on tracks. */
#ifndef NARADA_BASE_TAG_H
#define NARADA_BASE_TAG_H

#include "base/text.h"

enum { TAG_MAX_LENGTH = 64 };

/* What a tag may be, to follow "a tag is". */
#define TAG_RULE "1 to 64 of the letters a to z, digits, blanks, `_`, `-` and `:`, with no `:` at either end"

/* Lower case, blanks around it and around its first colon removed, several blanks in a row made one: "Mood:  Chill" is
 * "mood:chill". `out` has room for TAG_MAX_LENGTH bytes. False if the text is no tag. */
bool tag_normalise(Text text, char out[TAG_MAX_LENGTH], size_t *length);

#endif
