" Narada programs
if exists('b:current_syntax')
  finish
endif

syn match naradaOperator "[<>+*/-]\|==\|!=\|<=\|>=\|??\|\.\."
syn match naradaAssign "=" nextgroup=naradaStage,naradaKeyword,naradaOwnStage skipwhite skipempty
syn match naradaOperator "[=!<>]="
syn match naradaPipe "|" nextgroup=naradaStage,naradaKeyword,naradaOwnStage skipwhite skipempty
syn match naradaOwnStage "\h[0-9A-Za-z_.]*\%(\s*:\)\@!" contained
syn match naradaBlock "{" nextgroup=naradaStage,naradaKeyword,naradaOwnStage skipwhite skipempty
syn match naradaBlock "}"
syn match naradaColumn "\<\h\w*\>\ze\s*:"
syn match naradaInvalid "\<\d\w*"
syn match naradaNumber "\<\d\+\%(_\d\+\)*\%(\.\d\+\%(_\d\+\)*\)\=\>%\="
syn match naradaDuration "\<\%(\d\+\%(ms\|min\|mo\|[shdwy]\)\)\+\>"
syn match naradaDate "@\d\+\%(-\d\+\)*\%([Tt][0-9:]\+\%(\.\d\+\)\=\%([Zz]\|[+-][0-9:]\+\)\=\)\="

" generated-begin: by write_editor_lists of the tables; change those
syn keyword naradaKeyword let
syn keyword naradaKeyword nextgroup=naradaSource,naradaDestination skipwhite from to
syn match naradaStatement "^\%(param\|stage\|use\|narada\)\>"
syn match naradaModifier "\<\%(as\|asc\|desc\)\>\%(\s*:\)\@!"
syn keyword naradaWordOperator or and not in is ago
syn keyword naradaConstant true false missing
syn match naradaSource "\%(\<from\s\+\)\@<=\%(spotify\.export\|library\.plays\|library\.tracks\|library\.played\|library\.liked\|library\.playlist\|library\.playlists\|file\.csv\|file\.json\|file\.jsonl\|file\.m3u\|file\.xspf\|file\.jspf\|spotify\.playlist\|spotify\.playlists\|spotify\.likes\|spotify\.top\|spotify\.recent\|spotify\.album\|spotify\.artist\|spotify\.search\|lastfm\.loved\|lastfm\.scrobbles\|lastfm\.top\|listenbrainz\.listens\|listenbrainz\.loved\|listenbrainz\.playlist\)\>" contained
syn match naradaDestination "\%(\<to\s\+\)\@<=\%(library\.plays\|library\.playlist\|library\.likes\|library\.tags\|library\.rating\|file\.csv\|file\.json\|file\.jsonl\|file\.m3u\|file\.xspf\|file\.jspf\|spotify\.playlist\|spotify\.likes\|lastfm\.loved\|lastfm\.scrobbles\|listenbrainz\.listens\|listenbrainz\.playlist\|listenbrainz\.loved\)\>" contained
syn match naradaField "\%(\.\)\@<!\<\%(title\|artist\|artists\|album\|duration\|released\|isrc\|mbid\|explicit\|added\|position\|plays\|skips\|listened\|first_played\|last_played\|liked\|liked_at\|spotify\.id\|musicbrainz\.id\|played_at\|ms_played\|service\|source\|platform\|country\|reason_start\|reason_end\|shuffle\|skipped\|offline\|offline_at\|incognito\|kind\|name\|size\|spotify\.liked\|spotify\.popularity\|lastfm\.plays\|lastfm\.global_plays\|lastfm\.listeners\|lastfm\.loved\|musicbrainz\.first_released\|listenbrainz\.plays\|listenbrainz\.loved\|track_number\|rating\|tags\|description\|owner\|updated\|id\)\>"
syn match naradaFunction "\<\%(count\|sum\|min\|max\|avg\|year\|month\|day\|hour\|weekday\|lower\|length\|contains\|starts_with\|date\|clock\)\>\ze\s*("
syn match naradaOption "\<\%(path\|podcasts\|within\|name\|rows\|playlist\|owned\|since\|range\|album\|artist\|query\|limit\|condition\|by\|min_confidence\|unresolved\|provider\|max_age\|key\|seed\|strength\|weight\|gap\|count\|while\|per\|stream\|weights\|mode\|service\|tag\|rating\)\>\ze\s*:"
syn keyword naradaStage contained keep drop unique add tracks resolve enrich sort reverse shuffle space_out take skip last top sample concat interleave mix union intersect except tally per show
syn keyword naradaType contained bool int float percent text path playlist date time duration
" generated-end

syn region naradaStageHead start="^stage\s\+\h\w*\s*(" end=")" contains=naradaStatement,naradaTyped,naradaNumber,naradaDuration,naradaDate,naradaConstant,naradaText,naradaRawText,naradaComment
syn match naradaStatement "^param\>" nextgroup=naradaTyped skipwhite
syn match naradaTyped "\<\h\w*\s*:\s*\h\w*\%(\[\l\+\]\)\=" contained contains=naradaType,naradaForm
syn match naradaForm "\<\%(list\|range\)\ze\[" contained

syn region naradaText start=+"+ skip=+\\.+ end=+"+ oneline contains=naradaBadEscape,naradaEscape,naradaHole
syn match naradaBadEscape "\\." contained
syn match naradaEscape "\\\%(u{\x\{1,6}}\|[\"\\nt{]\)" contained
syn region naradaHole matchgroup=naradaEscape start="{" end="}" oneline contained contains=TOP
syn region naradaRawText start=+'+ end=+'+ oneline
syn match naradaComment "#.*" contains=naradaTodo,@Spell
syn match naradaDoc "##.*" contains=@Spell
syn keyword naradaTodo TODO FIXME contained

hi def link naradaAssign Operator
hi def link naradaBadEscape Error
hi def link naradaColumn Identifier
hi def link naradaComment Comment
hi def link naradaConstant Constant
hi def link naradaDate Number
hi def link naradaDestination Type
hi def link naradaDoc SpecialComment
hi def link naradaDuration Number
hi def link naradaEscape SpecialChar
hi def link naradaField Identifier
hi def link naradaForm Type
hi def link naradaFunction Function
hi def link naradaInvalid Error
hi def link naradaKeyword Statement
hi def link naradaModifier Keyword
hi def link naradaNumber Number
hi def link naradaOperator Operator
hi def link naradaOption Label
hi def link naradaOwnStage Function
hi def link naradaPipe Operator
hi def link naradaRawText String
hi def link naradaSource Type
hi def link naradaStage Statement
hi def link naradaStatement Statement
hi def link naradaText String
hi def link naradaTodo Todo
hi def link naradaType Type
hi def link naradaWordOperator Operator

let b:current_syntax = 'narada'
