/* columns.h: the columns of a stream as people and files see them. */
#ifndef NARADA_ENGINE_COLUMNS_H
#define NARADA_ENGINE_COLUMNS_H

#include "engine/run.h"

/* "title", "plays(90d)": like plan_column_name, with a parameter's value in the place of its name; in the run's arena. */
Text run_column_name(Run *run, const PlanColumn *column);

/* The same rows with their columns in the order people expect, whatever order the program fetched them in: of plays the time first, of playlists the name, then the fields
 * in the order of the field table, then the columns the program made, in its order. Anonymous rows stay as they are. */
const Batch *batch_in_order(Run *run, const Batch *batch);

#endif
