/* nrd.re: the words and signs of the language. Knows nothing of lines, brackets or statements. */
#include "compiler/syntax/lex.h"

#define LEXEME(kind_, fault_) return (Lexeme){(kind_), (fault_), at, (const char *)cursor}
#define PLAIN(kind_) LEXEME(kind_, FAULT_NONE)

/*!re2c
  re2c:flags:utf-8 = 1;
  re2c:flags:input = default;
  re2c:define:YYCTYPE = "unsigned char";
  re2c:define:YYCURSOR = cursor;
  re2c:define:YYMARKER = marker;
  re2c:define:YYLIMIT = end;
  re2c:yyfill:enable = 0;
  re2c:eof = 0;

  digit = [0-9];
  letter = [A-Za-z_];
  name = letter (letter | digit)*;
  int = digit+ ("_" digit+)*;
  float = int "." int;
  duration = (digit+ [A-Za-z]+)+;
  clock = [0-9:]+ ("." digit+)? ([Zz] | [+\-] [0-9:]+)?;
  date = "@" digit+ ("-" digit+)* ([Tt] clock?)?;
  foreign_letter = [^\x00-\x7f\u00a0-\u00bf\u2000-\u206f\u3000\ufeff];
  invisible = [\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\x0b\x0c];
  smart_double = [\u201c\u201d\u201e\u201f\u00ab\u00bb];
  in_double = [^\x00\n\r\u201c\u201d\u201e\u201f\u00ab\u00bb];
  in_single = [^\x00\n\r\u2018\u2019\u201a\u201b];
  smart_single = [\u2018\u2019\u201a\u201b];
*/

Lexeme lex_next(const char *at, const char *limit) {
  const unsigned char *cursor = (const unsigned char *)at, *end = (const unsigned char *)limit, *marker = cursor;
  /*!re2c
    $                  { PLAIN(LEX_END); }
    [ \t\r]+           { PLAIN(LEX_BLANK); }
    "\r"? "\n"         { PLAIN(LEX_LINE_END); }
    "##"               { PLAIN(LEX_DOC); }
    "#"                { PLAIN(LEX_COMMENT); }

    "from"             { PLAIN(TOKEN_FROM); }
    "let"              { PLAIN(TOKEN_LET); }
    "to"               { PLAIN(TOKEN_TO); }
    "param"            { PLAIN(TOKEN_PARAM); }
    "stage"            { PLAIN(TOKEN_STAGE); }
    "use"              { PLAIN(TOKEN_USE); }
    "as"               { PLAIN(TOKEN_AS); }
    "asc"              { PLAIN(TOKEN_ASC); }
    "desc"             { PLAIN(TOKEN_DESC); }
    "or"               { PLAIN(TOKEN_OR); }
    "and"              { PLAIN(TOKEN_AND); }
    "not"              { PLAIN(TOKEN_NOT); }
    "in"               { PLAIN(TOKEN_IN); }
    "is"               { PLAIN(TOKEN_IS); }
    "ago"              { PLAIN(TOKEN_AGO); }
    "true"             { PLAIN(TOKEN_TRUE); }
    "false"            { PLAIN(TOKEN_FALSE); }
    "missing"          { PLAIN(TOKEN_MISSING); }
    name               { PLAIN(TOKEN_NAME); }

    int                { PLAIN(TOKEN_INT); }
    float              { PLAIN(TOKEN_FLOAT); }
    (int | float) "%"  { PLAIN(TOKEN_PERCENT); }
    duration           { PLAIN(TOKEN_DURATION); }
    date               { PLAIN(TOKEN_DATE); }
    "@" (letter | digit)* { PLAIN(TOKEN_DATE); }
    digit (letter | digit)* ("." digit (letter | digit)*)? "%"? { LEXEME(TOKEN_BAD_VALUE, FAULT_NUMBER); }

    "=="               { PLAIN(TOKEN_EQ); }
    "!="               { PLAIN(TOKEN_NE); }
    "<"                { PLAIN(TOKEN_LT); }
    "<="               { PLAIN(TOKEN_LE); }
    ">"                { PLAIN(TOKEN_GT); }
    ">="               { PLAIN(TOKEN_GE); }
    "??"               { PLAIN(TOKEN_ELSE); }
    ".."               { PLAIN(TOKEN_DOTDOT); }
    "+"                { PLAIN(TOKEN_PLUS); }
    "-"                { PLAIN(TOKEN_MINUS); }
    "\u2212"           { LEXEME(TOKEN_MINUS, FAULT_FOREIGN); }
    "*"                { PLAIN(TOKEN_STAR); }
    "/"                { PLAIN(TOKEN_SLASH); }
    "="                { PLAIN(TOKEN_ASSIGN); }
    ":"                { PLAIN(TOKEN_COLON); }
    ","                { PLAIN(TOKEN_COMMA); }
    "."                { PLAIN(TOKEN_DOT); }
    "|"                { PLAIN(TOKEN_PIPE); }
    "("                { PLAIN(TOKEN_LPAREN); }
    ")"                { PLAIN(TOKEN_RPAREN); }
    "["                { PLAIN(TOKEN_LBRACKET); }
    "]"                { PLAIN(TOKEN_RBRACKET); }
    "{"                { PLAIN(TOKEN_LBRACE); }
    "}"                { PLAIN(TOKEN_RBRACE); }

    "&&"               { LEXEME(TOKEN_AND, FAULT_FOREIGN); }
    "||"               { LEXEME(TOKEN_OR, FAULT_FOREIGN); }
    "!"                { LEXEME(TOKEN_NOT, FAULT_FOREIGN); }
    "===" | "\u2261"   { LEXEME(TOKEN_EQ, FAULT_FOREIGN); }
    "<>" | "!==" | "\u2260" { LEXEME(TOKEN_NE, FAULT_FOREIGN); }
    "=<" | "\u2264"    { LEXEME(TOKEN_LE, FAULT_FOREIGN); }
    "=>" | "\u2265"    { LEXEME(TOKEN_GE, FAULT_FOREIGN); }
    "|>"               { LEXEME(TOKEN_PIPE, FAULT_FOREIGN); }
    ":="               { LEXEME(TOKEN_ASSIGN, FAULT_FOREIGN); }
    "..." | "..=" | "\u2026" { LEXEME(TOKEN_DOTDOT, FAULT_FOREIGN); }

    ["]                { PLAIN(LEX_QUOTE); }
    "'"                { PLAIN(LEX_RAW_QUOTE); }
    ";"                { PLAIN(LEX_SEMICOLON); }
    smart_double in_double* smart_double { LEXEME(TOKEN_BAD_VALUE, FAULT_SMART_QUOTE); }
    smart_single in_single* smart_single { LEXEME(TOKEN_BAD_VALUE, FAULT_SMART_QUOTE); }
    smart_double | smart_single { LEXEME(TOKEN_BAD, FAULT_SMART_QUOTE); }
    invisible+         { LEXEME(TOKEN_NONE, FAULT_INVISIBLE); }
    "\x00"             { LEXEME(TOKEN_BAD, FAULT_NUL); }
    (letter | digit)* foreign_letter (foreign_letter | letter | digit)* { LEXEME(TOKEN_BAD, FAULT_CHARACTER); }
    [^]                { LEXEME(TOKEN_BAD, FAULT_CHARACTER); }
    *                  { LEXEME(TOKEN_BAD, FAULT_NOT_UTF8); }
  */
}

Lexeme lex_text_next(const char *at, const char *limit) {
  const unsigned char *cursor = (const unsigned char *)at, *end = (const unsigned char *)limit, *marker = cursor;
  /*!re2c
    $                      { PLAIN(LEX_END); }
    "\r"? "\n"             { PLAIN(LEX_LINE_END); }
    ["]                    { PLAIN(LEX_QUOTE); }
    "{"                    { PLAIN(LEX_HOLE); }
    "\\" [^\x00\r\n]       { PLAIN(LEX_PIECE); }
    "\\"                   { PLAIN(LEX_PIECE); }
    [^\x00\r\n"{\\]+       { PLAIN(LEX_PIECE); }
    "\r"                   { PLAIN(LEX_PIECE); }
    "\x00"                 { LEXEME(LEX_IGNORE, FAULT_NUL); }
    "\\u{" [^\x00\r\n"{}\\]* "}"  { PLAIN(LEX_PIECE); }
    *                      { LEXEME(LEX_IGNORE, FAULT_NOT_UTF8); }
  */
}
