# A program of 20 lines a block: awk -v blocks=250 -f program.awk. A block is a stage, a stream through it, and what becomes of it.
BEGIN {
  for (i = 1; i <= blocks; i++) {
    printf "## The streams of artist %d: what was played often, and lately.\n", i
    printf "stage pick_%d(n: int = %d, since: duration = 90d, least: int = 3) =\n", i, i % 50 + 1
    printf "  keep plays(since) >= least and\n    artist != \"Artist %d\" and\n    not (title == \"Interlude\" or title == \"Intro\") and\n", i
    printf "    (album is missing or length(album) > 2)\n"
    printf "  | sort plays(since) desc,\n    title,\n    artist desc\n  | take n\n\n"
    printf "let stream_%d =\n  from library.liked\n", i
    printf "  | keep released in @%d..@%d or\n    title > \"T %d\"\n", 1960 + i % 60, 1961 + i % 60, i
    printf "  | pick_%d %d,\n    least: %d\n\n", i, i % 20 + 5, i % 4
    printf "from stream_%d\n| to library.playlist \"List %d\"\n", i, i
  }
}
