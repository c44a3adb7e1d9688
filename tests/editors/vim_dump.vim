" Writes the words of sample.nrd with their groups, and what :make, gq and indenting do, to the file `got`.
set nocompatible encoding=utf-8 shell=/bin/sh shellpipe=>%s\ 2>&1
let &runtimepath = $NARADA_EDITORS . ',' . $VIMRUNTIME
filetype plugin indent on
syntax on
let s:out = []

try
  edit sample.nrd
  call add(s:out, 'filetype ' . &filetype)
  for s:line in range(1, line('$'))
    let s:text = getline(s:line)
    call add(s:out, s:text)
    let s:group = ''
    let s:piece = ''
    for s:column in range(1, strlen(s:text) + 1)
      let s:at = s:column > strlen(s:text) ? '' : synIDattr(synID(s:line, s:column, 1), 'name')
      if s:at !=# s:group || s:column > strlen(s:text)
        if s:group !=# '' && s:piece !~# '^\s*$'
          call add(s:out, '    ' . s:group . ' ' . substitute(s:piece, '\s\+$', '', ''))
        endif
        let s:group = s:at
        let s:piece = ''
      endif
      let s:piece .= s:text[s:column - 1]
    endfor
  endfor

  edit! wrong.nrd
  silent make!
  call add(s:out, ':make')
  let s:number = 0
  for s:entry in getqflist()
    let s:number += 1
    if s:entry.valid
      execute 'silent cc' s:number
      let s:place = printf('%s:%d, at %s', bufname(s:entry.bufnr), s:entry.lnum, expand('<cword>'))
      call add(s:out, printf('    %s: %s %d %s', s:place, s:entry.type, s:entry.nr, s:entry.text))
    endif
  endfor

  edit! loose.nrd
  silent normal! gggqG
  call add(s:out, 'gq')
  call extend(s:out, map(getline(1, '$'), 'v:val ==# "" ? "" : "    " . v:val'))

  enew!
  setfiletype narada
  call setline(1, ['stage calm(n: int) =', 'keep plays > n', '', 'from a', '| per artist {', 'take 2', '}', '| show'])
  silent normal! gg=G
  call add(s:out, 'indent')
  call extend(s:out, map(getline(1, '$'), 'v:val ==# "" ? "" : "    " . v:val'))
  call writefile(s:out, 'got')
catch
  call writefile([v:exception . ' at ' . v:throwpoint], '/dev/stderr')
  cquit
endtry
qall!
