autocmd BufNewFile,BufRead *.nrd setfiletype narada
