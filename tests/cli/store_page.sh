# Every query of the page about the store runs on a store, and each view and table it names is there.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
narada import-spotify-plays "$root/examples/history" --store s.db --quiet --now 2026-11-01T12:00Z
awk '/^```sql/ { n++; on = 1; next } /^```/ { on = 0 } on { print >("query-" n ".sql") }' "$root/migrations/README.md"
for query in query-*.sql; do
  head -n 1 "$query"
  sqlite3 -readonly -header s.db <"$query" >out 2>&1 || cat out
  head -n 4 out
done
sed -n 's/^| \(`.*`\) |.*/\1/p' "$root/migrations/README.md" | tr -d '`' | tr ',' '\n' | tr -d ' ' | sort >named
sqlite3 -readonly s.db "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'" | sort >there
comm -23 named there | sed 's/^/named, not there: /'
comm -13 named there | grep -v -x -e play_contexts -e import_batches | sed 's/^/there, not named: /'
