# What a command says is stored has reached the disk before it says so.
strace -o /dev/null -e trace=fdatasync true 2>/dev/null || skip "strace cannot run here"
export ASAN_OPTIONS=detect_leaks=0
printf 'title,artist\nA,B\n' >in.csv
echo 'from file.csv "in.csv" | to library.playlist "P" | to library.likes' >p.nrd
# The file of each descriptor is named by -y.
judge() {
  awk '
    /pwrite64\([0-9]+<[^>]*s\.db(-wal)?>/ { waiting = 1; writes++ }
    /(fdatasync|fsync)\([0-9]+<[^>]*s\.db(-wal)?>/ { waiting = 0; syncs++ }
    / write\([12]</ { reports++; if (waiting) early++ }
    END { print (writes ? "writes" : "no writes") ", " (syncs ? "made durable" : "never made durable") ", " (reports ? "reported" : "no report") (early ? ", before it was durable" : "") }' "$1"
}
check() {
  name=$1
  shift
  strace -f -y -e trace=pwrite64,fdatasync,fsync,write -o trace "$@" >out 2>&1 || { cat out; return; }
  echo "$name: $(judge trace)"
}
check import narada import-spotify-plays "$root/examples/history" --now 2026-11-01T12:00Z --store s.db
grep -v fdatasync trace >without
echo "the same without: $(judge without)"
check run narada-run p.nrd --now 2026-11-01T12:00Z --store s.db
check rule narada plays rule 65s --store s.db
check rebuild narada plays rebuild --store s.db
