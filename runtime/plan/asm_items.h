/* asm_items.h: the plan that is being read from a text. Private to the assembler. */
#ifndef NARADA_PLAN_ASM_ITEMS_H
#define NARADA_PLAN_ASM_ITEMS_H

#include "base/vec.h"
#include "plan/asm_text.h"

typedef VEC(uint32_t) AsmLines;

typedef struct Assembler {
  AsmText from;
  Arena *arena;
  Plan plan;
  VEC(Text) strings;
  VEC(PlanConstant) constants;
  VEC(PlanImport) imports;
  VEC(PlanSchema) schemas;
  VEC(PlanParam) params;
  VEC(PlanEffect) effects;
  VEC(PlanNode) nodes;
  VEC(PlanCode) codes;
  VEC(PlanSink) sinks;
  VEC(PlanSpan) spans;
  VEC(PlanExtra) extras;
  AsmLines lines[SECTION_SINK + 1];        /* where each item stands */
  uint32_t section_lines[SECTION_SINK + 1];
} Assembler;

/* Reads the item whose name was read, with its inner lines, and adds it; one for each section from STRS to SINK, NULL for one without items. */
typedef void (*AsmItem)(Assembler *into);
AsmItem asm_item(PlanSection section);
/* asm_code.c: the instructions on the inner lines that follow. */
void asm_instructions(Assembler *into, PlanCode *code);

#endif
