/* accounts.h: what is set up for each service, as far as it is known without asking anybody. */
#ifndef NARADA_CONNECTORS_SERVICES_ACCOUNTS_H
#define NARADA_CONNECTORS_SERVICES_ACCOUNTS_H

#include "connectors/services/services.h"

typedef enum AccountState {
  ACCOUNT_NONE,    /* not set up */
  ACCOUNT_READY,
  ACCOUNT_READS,   /* set up, but not for writing */
  ACCOUNT_ENDING,  /* ready, and its login ends within a month */
  ACCOUNT_REFUSED, /* set up, and a person has to log in again */
} AccountState;

typedef struct Account {
  AccountState state;
  Text user;    /* "" = unknown */
  Text says;    /* a line for a person, with the next step where one is needed; no secrets */
  Instant ends; /* of its login; 0 = it does not, or that is not known */
} Account;

/* Fails where the credentials cannot be read. Texts live in the arena of `services`. */
Status account_read(Services *services, Service service, Account *out, Error *error);
/* "ready" and so on, for programs. */
const char *account_state_name(AccountState state);

#endif
