/* stage_form.h: how a stage is written. */
#ifndef NARADA_COMPILER_STAGE_FORM_H
#define NARADA_COMPILER_STAGE_FORM_H

#include "plan/catalogue.h"

/* "skip N"; with parameters that exclude each other one form for each, "take N|PERCENT [per: KEY]` or `take while: CONDITION" (arena). */
Text stage_form(Arena *arena, StageId stage);
/* What stands for a parameter's value in it: "N", "KEY", or its words. */
const char *param_sample(const ParamDef *param);

#endif
