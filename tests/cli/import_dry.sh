# A dry run tells what an import would do, and leaves everything as it is.
cp -R "$root/tests/import" all
t narada import all --store s.db --dry-run --now 2024-06-01T00:00Z
ls s.db* 2>/dev/null
narada import all --store s.db --now 2024-06-01T00:00Z >real
narada import all --store n.db --dry-run --now 2024-06-01T00:00Z | grep -v 'dry run' | cmp - real && echo "it tells what the import then tells"
narada export before --store s.db --quiet
t narada import all "$root/examples/history" --store s.db --dry-run --json --now 2027-01-01T00:00Z
narada import-spotify-plays "$root/examples/history" --store s.db --dry-run --now 2027-01-01T00:00Z | tail -n 2
narada export after --store s.db --quiet
diff -r before after && echo "nothing changed"
# of a whole store
narada import before --store copy.db --dry-run | sed 's/[0-9,]* rows of [0-9]* tables/N rows of N tables/'
ls copy.db* 2>/dev/null
t narada import before --store s.db --dry-run
