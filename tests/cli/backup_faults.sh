# A backup that is killed, or that the disk has no room for, at any call: there is a whole one with its checksum or none, and the next leaves nothing else behind.
command -v sha256sum >/dev/null || skip "sha256sum is not installed"
strace -o /dev/null -e trace=pwrite64 true 2>/dev/null || skip "strace cannot run here"
export ASAN_OPTIONS=detect_leaks=0 NARADA_STORE=$PWD/s.db
narada-make-history --rows 300 --seed 5 --artists 20 --out history >/dev/null
narada import history --quiet --now 2026-11-01T12:00Z
others() { ls backups | grep -v -x -e 's-20261101T1[34]0000Z\.db' -e 's-20261101T1[34]0000Z\.db\.sha256'; }
# broken CALL HOW NUMBER
broken() {
  rm -rf backups
  strace -f -o /dev/null -e trace="$1" -e inject="$1":"$2":when="$3" narada backup --now 2026-11-01T13:00Z >out 2>&1
  status=$?
  if [ -f backups/s-20261101T130000Z.db ]; then
    (cd backups && sha256sum -c --quiet s-20261101T130000Z.db.sha256) || echo "$1 $2 $3: not whole"
  elif [ "$2" = error=ENOSPC ]; then
    [ $status -eq 1 ] && grep -q -i -e 'no room left on the disk' -e 'no space left on device' out || sed "s/^/$1 $2 $3: exit $status: /" out
    [ -z "$(ls backups 2>/dev/null)" ] || echo "$1 $2 $3: left $(ls backups)"
  fi
  narada backup --now 2026-11-01T14:00Z --quiet || echo "$1 $2 $3: not again"
  [ -z "$(others)" ] || echo "$1 $2 $3: there are $(others)"
  narada verify --quiet || echo "$1 $2 $3: not well"
  [ $status -eq 0 ] || ended=$((ended + 1))
}
sweep() {
  calls=$(strace -f -e trace="$1" narada backup b.db 2>&1 >/dev/null | grep -c "$1(")
  rm -f b.db*
  ended=0 tried=0 number=1
  while [ $number -le "$calls" ]; do
    broken "$1" "$2" $number
    tried=$((tried + 1))
    number=$((number + 1 + calls / 5))
  done
  [ $ended -gt 0 ] && [ $ended -ge $((tried / 2)) ] && echo "$1, $2: all through it"
}
for call in pwrite64 fsync rename unlink openat; do sweep $call signal=KILL; done
for call in pwrite64 write fsync rename; do sweep $call error=ENOSPC; done
