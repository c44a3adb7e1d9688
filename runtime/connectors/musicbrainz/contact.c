#include "connectors/musicbrainz/contact.h"

#include <string.h>

Status musicbrainz_contact_read(Text contact, Error *error) {
  const char *at = contact.length ? memchr(contact.bytes, '@', contact.length) : NULL;
  bool mail = at && at != contact.bytes && at + 1 < contact.bytes + contact.length;
  bool page = (contact.length > 8 && memcmp(contact.bytes, "https://", 8) == 0) || (contact.length > 7 && memcmp(contact.bytes, "http://", 7) == 0);
  for (size_t i = 0; i < contact.length; i++)
    if (contact.bytes[i] <= 0x20 || contact.bytes[i] >= 0x7f || strchr("()<>\\", contact.bytes[i]))
      return fail(error, STATUS_USAGE, "", "a contact holds no spaces, brackets or letters beyond ASCII");
  if (contact.length > CONTACT_MOST) return fail(error, STATUS_USAGE, "", "a contact has at most %d letters", CONTACT_MOST);
  return mail || page ? STATUS_OK : fail(error, STATUS_USAGE, "", "a contact is a mail address, as me@example.org, or the address of a page, as https://example.org/me");
}

Status musicbrainz_contact_check(Arena *arena, Http *http, Error *error) {
  const HttpParam params[] = {{"query", TEXT_LITERAL("isrc:USSUB0200002")}, {pages_def(ENDPOINT_MUSICBRAINZ_SEARCH)->size, TEXT_LITERAL("1")}};
  JsonDoc doc;
  Status status = http_ask(http, &(HttpRequest){.endpoint = ENDPOINT_MUSICBRAINZ_SEARCH, .params = params, .param_count = 2}, arena, &doc, error);
  if (!status && !json_get(doc.root, "recordings")) status = fail(error, STATUS_FAILED, "", "MusicBrainz: `musicbrainz.search` was answered without recordings");
  return status;
}
