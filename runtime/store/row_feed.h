/* row_feed.h: rows in memory as a virtual table that INSERT ... SELECT reads from its first to its last. Private to runtime/store. */
#ifndef NARADA_STORE_ROW_FEED_H
#define NARADA_STORE_ROW_FEED_H

#include "store/store_int.h"

/* Borrowed by the store until it is closed. */
typedef struct RowFeed {
  const char *columns; /* as in CREATE TABLE */
  size_t many;         /* rows to expect, for SQLite's planner */
  const void *rows;
  size_t (*count)(const void *rows);
  void (*cell)(const void *rows, size_t row, int column, sqlite3_context *out); /* nothing set is NULL */
} RowFeed;

/* The virtual table `name`; its rowids count from 1. */
Status row_feed_open(Store *store, const char *name, const RowFeed *feed, Error *error);

#endif
