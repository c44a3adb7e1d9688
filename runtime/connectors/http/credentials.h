/* credentials.h: tokens and keys of services, in files that their owner alone can read.
 *
 * One file an account, <folder>/<service>-<account>, of lines "name = value"; "name ! command" is the first line that a command of the owner's prints, for
 * who keeps secrets elsewhere (`client_secret ! pass show lastfm`). The folder is 0700 and the files 0600: what is wider is refused, as ssh does, and the message
 * gives the chmod. A file is replaced whole: written beside, synced, renamed, the folder synced; a new refresh token is on disk before it is used. */
#ifndef NARADA_HTTP_CREDENTIALS_H
#define NARADA_HTTP_CREDENTIALS_H

#include "connectors/http/service.h"

/* A value that no function of ours prints: revealed where it is sent, and nowhere else. Overwritten with zeros when its arena is freed. */
typedef struct Secret {
  Text hidden;
} Secret;
Text secret_reveal(Secret secret);

/* Zeroed, and wiped with the arena. */
char *secret_buffer(Arena *arena, size_t size);

typedef struct Credentials Credentials;

/* $XDG_DATA_HOME/narada/credentials, or below ~/.local/share. Arena. */
Status credentials_default_folder(Arena *arena, Text *out, Error *error);
/* A folder that is not there holds nothing and is made with the first saving. STATUS_REFUSED: somebody else may read it. From here on the process leaves no
 * core and cannot be looked into by others of the same user. Arena. */
Status credentials_open(Arena *arena, const char *folder, Credentials **out, Error *error);

const char *credentials_folder(const Credentials *credentials);

/* `account` "" is the account used when none is named. `*found` false: neither file nor name is there. A command has 30 s. */
Status credentials_get(Credentials *credentials, Service service, const char *account, const char *name, Secret *out, bool *found, Error *error);

/* Several values of one reading of the file, so that they belong together; empty where there is none. */
Status credentials_read(Credentials *credentials, Service service, const char *account, const char *const *names, size_t count, Secret *out, Error *error);

typedef struct CredentialValue {
  const char *name; /* a-z and _ */
  Text value;       /* one line; empty removes the name */
} CredentialValue;
/* Replaces these names and keeps the others. When it returns, they are on disk. Who changes what others change too holds the lock: two savings at once keep one. */
Status credentials_save(Credentials *credentials, Service service, const char *account, const CredentialValue *values, size_t count, Error *error);
/* Removes the account's file; that it is not there is no error. */
Status credentials_forget(Credentials *credentials, Service service, const char *account, Error *error);

/* One process at a time renews an account's login: take the lock, read the file again, and renew only what nobody has renewed meanwhile. Waits up to
 * `wait_ms`, then STATUS_BUSY. The lock ends with the process at the latest. */
Status credentials_lock(Credentials *credentials, Service service, const char *account, int64_t wait_ms, Error *error);
void credentials_unlock(Credentials *credentials);

#endif
