" :make checks the program of the buffer and fills the quickfix list.
if exists('current_compiler')
  finish
endif
let current_compiler = 'naradac'

CompilerSet makeprg=naradac\ check\ %:S
" error[N2002]: what
"   ┌─ file:line:column
CompilerSet errorformat=%Eerror[N%n]:\ %m,%Wwarning[N%n]:\ %m,%C%*\\s┌─\ %f:%l:%v,%Z,%-C%.%#,%-G%.%#
