/* param_read.h: a value of a parameter's type from the text a person typed. */
#ifndef NARADA_ENGINE_PARAM_READ_H
#define NARADA_ENGINE_PARAM_READ_H

#include "engine/run.h"

/* Fails with STATUS_USAGE and a sentence about the text: "`abc` is not a whole number". */
Status param_read(Run *run, Type type, Text text, Value *out, Error *error);

#endif
