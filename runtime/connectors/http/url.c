#include "connectors/http/url.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || memchr("-._~", c, 4);
}

static bool begins(Text text, const char *start) {
  size_t length = strlen(start);
  return text.length >= length && strncasecmp(text.bytes, start, length) == 0;
}

/* Between the scheme and the path. */
static Text authority_of(Text url) {
  size_t start = begins(url, "https://") ? 8 : begins(url, "http://") ? 7 : 0, end = start;
  while (end < url.length && url.bytes[end] != '/') end++;
  return (Text){url.bytes + start, end - start};
}

/* The host alone and whether what follows it is nothing or a port. */
static bool split_host(Text authority, Text *host) {
  size_t end = 0;
  if (authority.length && authority.bytes[0] == '[') {
    while (end < authority.length && authority.bytes[end] != ']') end++;
    if (end == authority.length) return false;
    end++;
  } else {
    while (end < authority.length && authority.bytes[end] != ':') end++;
  }
  *host = (Text){authority.bytes, end};
  if (end == authority.length) return end > 0;
  if (authority.bytes[end] != ':' || end == 0 || end + 1 == authority.length || authority.length - end > 6) return false;
  for (size_t i = end + 1; i < authority.length; i++)
    if (authority.bytes[i] < '0' || authority.bytes[i] > '9') return false;
  return true;
}

/* 127.a.b.c in full: the short forms mean other things elsewhere. */
static bool is_loopback_ip4(Text host) {
  int part = 0, digits = 0, dots = 0;
  for (size_t i = 0; i < host.length; i++) {
    char c = host.bytes[i];
    if (c == '.') {
      if (digits == 0) return false;
      dots++;
      part = digits = 0;
    } else if (c >= '0' && c <= '9') {
      part = part * 10 + (c - '0');
      if (++digits > 3 || part > 255) return false;
    } else {
      return false;
    }
  }
  return dots == 3 && digits > 0 && begins(host, "127.");
}

bool url_is_loopback(Text url) {
  Text host;
  return split_host(authority_of(url), &host) && (is_loopback_ip4(host) || text_is(host, "[::1]") || text_is(host, "localhost"));
}

Status url_check_base(Text url, bool loopback, const char *name, Error *error) {
  Text host;
  bool https = begins(url, "https://"), http = begins(url, "http://");
  if (!https && !http) return fail(error, STATUS_USAGE, "", "the address of %s must begin with https://", name);
  Text authority = authority_of(url);
  if (memchr(authority.bytes, '@', authority.length)) return fail(error, STATUS_USAGE, "", "the address of %s must not hold a user name or a password", name);
  for (size_t i = 0; i < url.length; i++) {
    char c = url.bytes[i];
    if (!is_plain(c) && !memchr(":/[]%", c, 5))
      return fail(error, STATUS_USAGE, "", "the address of %s must be a scheme, a host, perhaps a port and a path; `%c` cannot stand in it", name, c);
  }
  if (!split_host(authority, &host)) return fail(error, STATUS_USAGE, "", "the address of %s has no valid host and port", name);
  if (https || (loopback && url_is_loopback(url))) return STATUS_OK;
  if (url_is_loopback(url))
    return fail(error, STATUS_USAGE, "", "the address of %s begins with http://, which is for tests on this machine, where loopback addresses are allowed",
                name);
  return fail(error, STATUS_USAGE, "", "the address of %s begins with http://; a service is only spoken to through https://", name);
}

void url_append_encoded(TextBuilder *builder, Text text) {
  for (size_t i = 0; i < text.length; i++) {
    if (is_plain(text.bytes[i]))
      text_append_char(builder, text.bytes[i]);
    else
      text_append_format(builder, "%%%02X", (unsigned char)text.bytes[i]);
  }
}

void url_append_path(TextBuilder *builder, const char *path, const Text *values, size_t count) {
  size_t used = 0;
  for (; *path; path++) {
    if (path[0] == '{' && path[1] == '}') {
      assert(used < count);
      url_append_encoded(builder, values[used++]);
      path++;
    } else {
      text_append_char(builder, *path);
    }
  }
  assert(used == count);
  (void)count;
}

void url_append_params(TextBuilder *builder, const char *fixed, const HttpParam *params, size_t count) {
  text_append(builder, text_of(fixed));
  for (size_t i = 0; i < count; i++) {
    if (i || *fixed) text_append_char(builder, '&');
    url_append_encoded(builder, text_of(params[i].name));
    text_append_char(builder, '=');
    url_append_encoded(builder, params[i].value);
  }
}
