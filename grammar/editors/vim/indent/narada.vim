" A line goes where the one above began, inside an open bracket or after `=` one step further in, after an empty line to the margin.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1
setlocal indentexpr=NaradaIndent() indentkeys=0},!^F,o,O
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*NaradaIndent')
  finish
endif
function NaradaIndent() abort
  let above = prevnonblank(v:lnum - 1)
  if above == 0 || above != v:lnum - 1
    return 0
  endif
  let text = substitute(getline(above), '\s*#.*$', '', '')
  let further = text =~# '[{(=\[]\s*$' ? shiftwidth() : 0
  let back = getline(v:lnum) =~# '^\s*[})\]]' ? shiftwidth() : 0
  return max([0, indent(above) + further - back])
endfunction
