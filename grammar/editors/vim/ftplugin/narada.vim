if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:##,:# commentstring=#\ %s formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2 suffixesadd=.nrd
" gq on the whole file, `gggqG`: naradac lays out whole programs.
setlocal formatprg=naradac\ fmt\ -
compiler naradac

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< expandtab< shiftwidth< softtabstop< suffixesadd< formatprg< makeprg< errorformat<'
