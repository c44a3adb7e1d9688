/* service_options.h: the options of all commands that reach web services. */
#ifndef NARADA_CLI_SERVICE_OPTIONS_H
#define NARADA_CLI_SERVICE_OPTIONS_H

#include "cli/options.h"
#include "connectors/services/services.h"

#define CREDENTIALS_OPTION \
  { "credentials", 0, "DIR", "where logins are kept; else NARADA_CREDENTIALS, else the XDG data folder" }
#define SERVICE_OPTIONS                                                                                                      \
  CREDENTIALS_OPTION,                                                                                                        \
      {"account", 0, "SERVICE=NAME...", "another account than the one used when none is named"},                                \
      {"base", 0, "NAME=URL...", "another address for a service, as spotify.api=https://example.org/v1"},                   \
      {"rate", 0, "NAME=CALLS/SECONDS...", "call a service at most so often, as lastfm=2/1"},                                \
      {"loopback", 0, NULL, "addresses of this machine may be http://"},                                                     \
      {"ca", 0, "FILE", "certificates that vouch for servers of your own, instead of the system's"},                            \
      {"record", 0, "DIR", "keep all exchanges with services in a new folder, without secrets"},                             \
      {"replay", 0, "DIR", "answer from such a folder instead of the services"}

/* What stands behind --store too. `quiet`: nothing is told of waits. Opens nothing. */
Status services_of_options(Arena *arena, const Options *options, Instant now, bool quiet, Services **out, Error *error);

#endif
