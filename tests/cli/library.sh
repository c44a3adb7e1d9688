# Every program of the library is clean, in the one layout, says what it does, and explains itself.
t naradac explain std
for file in "$root"/stdlib/*.nrd; do
  name=$(basename "$file" .nrd)
  naradac check --strict "std.$name" || echo "std.$name has mistakes"
  naradac fmt --check "$file" || echo "std.$name is not in the one layout"
  narada-run "std.$name" --help >help.out 2>&1 || cat help.out
  [ -f "$root/stdlib/tests/$name.expect" ] || echo "std.$name has no test"
done
cat >two.nrd <<'P'
use std.two_per_artist as two
from library.liked | two.few_of_each | to file.m3u "likes.m3u"
P
t naradac check two.nrd
