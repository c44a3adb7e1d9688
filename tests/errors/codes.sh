#!/bin/sh
# codes.sh DIAGNOSTICS.def TESTS: every code of the table has a test that shows its message.
# N1 to N6: as a message that a test expects. The others, which no program text can bring about, in any test; what is not tested stands in codes.untested.
set -u
table=$1
tests=$2
here=$(dirname "$0")
codes=$(sed -n 's/^DIAGNOSTIC("\(N[0-9]*\)".*/\1/p' "$table")
expected=$(grep -rho --include='*.expected' --include='*.nrd' '\[N[1-6][0-9]*\]' "$tests" | tr -d '[]' | sort -u)
named=$(grep -rhoE --include='*.c' --include='*.h' --include='*.nrd' --include='*.expected' 'N[7-9][0-9]{3}' "$tests" | sort -u)
failed=0
count=0
[ "$(echo "$codes" | sort | uniq -d)" = "" ] || { echo "a code stands twice: $(echo "$codes" | sort | uniq -d)"; failed=1; }
for code in $codes; do
  count=$((count + 1))
  excused=$(grep "^$code " "$here/codes.untested")
  case "
$expected
$named
" in
    *"
$code
"*) [ -z "$excused" ] || echo "note: $code is tested by now and can be taken out of codes.untested" ;;
    *)
      [ -n "$excused" ] && continue
      echo "$code has no test: add a program to tests/errors that gets it"
      failed=$((failed + 1))
      ;;
  esac
done
echo "$count codes, $failed failures"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
