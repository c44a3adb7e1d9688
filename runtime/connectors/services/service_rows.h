/* service_rows.h: rows of a service's list on their way into a batch.
 *
 * Between begin and end a row's fields are set in any order; one that nobody asked for costs next to nothing, and one that is not set is missing. What
 * identifies the track (title, artists or artist, album, duration, spotify.id, isrc, mbid) is to be set whether asked for or not: enrichers and destinations
 * find it by the row's track, see track_clues(). Foreign text: what is no UTF-8 or has a NUL is left out. */
#ifndef NARADA_CONNECTORS_SERVICES_SERVICE_ROWS_H
#define NARADA_CONNECTORS_SERVICES_SERVICE_ROWS_H

#include "engine/stage.h"

typedef struct ServiceRows ServiceRows;

ServiceRows *service_rows_new(const StageCall *call);
/* Forgets all rows: the reading begins anew. */
void service_rows_again(ServiceRows *rows);
size_t service_rows_count(const ServiceRows *rows);

Status service_rows_begin(ServiceRows *rows, Error *error);
void service_rows_text(ServiceRows *rows, FieldId field, Text text); /* empty = missing */
void service_rows_texts(ServiceRows *rows, FieldId field, const Text *texts, size_t count); /* `artists` sets `artist` too, if that is not set otherwise */
void service_rows_int(ServiceRows *rows, FieldId field, int64_t value);
void service_rows_bool(ServiceRows *rows, FieldId field, bool value);
void service_rows_time(ServiceRows *rows, FieldId field, Instant value);
void service_rows_ms(ServiceRows *rows, FieldId field, int64_t ms); /* a length */
void service_rows_date(ServiceRows *rows, FieldId field, Text text); /* "2024", "2024-03", "2024-03-05"; anything else, "0000" too, is missing */
void service_rows_end(ServiceRows *rows);

/* Identifies the tracks, in order. */
Status service_rows_finish(ServiceRows *rows, const Batch **out, Error *error);

#endif
