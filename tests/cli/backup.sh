# A backup is a whole store with a checksum, made while a program writes; taking it back can be undone.
export NARADA_STORE=$PWD/s.db
mask() { sed -e 's/process [0-9]*/process P/' -e 's/[0-9.]* kB/SIZE/' -e 's/"bytes":[0-9]*/"bytes":N/' -e "s|$PWD/||g" -e 's/SHA-256 [0-9a-f]*/SHA-256 HEX/'; }
m() { t "$@" | mask; }
m narada backup
narada import-spotify-plays "$root/examples/history" --quiet --now 2026-11-01T12:00Z
plays() { narada status --json --store "$1" | grep -o '"plays":[0-9]*'; }
m narada backup --now 2026-11-01T13:00Z
m narada backup --now 2026-11-01T13:00Z
m narada backup mine.db --json
m narada backup mine.db
m narada backup no/such/folder.db
m narada backup backups --now 2026-11-01T14:00Z
m narada backup '' 
t narada backup a b
t narada backup --now yesterday
ls backups
ls -l mine.db | cut -c1-10
command -v sha256sum >/dev/null && (cd backups && sha256sum -c ./*.sha256)
plays mine.db
mkfifo songs.csv
echo 'from file.csv "songs.csv" | to library.likes' >held.nrd
narada-run held.nrd --quiet --now 2026-11-02T12:00Z &
writer=$!
i=0; until narada runs --json | grep -q running || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.05; done
[ $i -lt 100 ] || { echo "the program does not run"; kill -9 $writer 2>/dev/null; exit 1; } # to write to songs.csv would be to wait for ever
m narada backup busy.db
m narada restore mine.db --yes
printf 'title,artist\nA,B\n' >songs.csv
wait $writer
m narada verify --store busy.db --quiet
plays busy.db
m narada restore
m narada restore mine.db
m narada restore none.db --yes
m narada restore ./s.db --yes
m narada restore mine.db --yes --now 2026-11-03T12:00Z
narada status | mask | grep library
m narada restore backups/s-20261103T120000Z.db --yes --now 2026-11-03T13:00Z
narada status | mask | grep library
m narada restore mine.db --store new/s.db
plays new/s.db
m narada verify | tail -n 7
# One byte of a backup changes.
printf X | dd of=mine.db bs=1 seek=300000 conv=notrunc 2>/dev/null
m narada restore mine.db --yes
printf X | dd of=backups/s-20261101T130000Z.db bs=1 seek=300000 conv=notrunc 2>/dev/null
rm backups/s-20261101T140000Z.db.sha256
m narada verify --quiet
m narada verify --store backups/s-20261101T130000Z.db --quiet | head -n 3
m narada verify --store backups/s-20261103T130000Z.db | tail -n 2
echo text >text.db
m narada restore text.db --yes
plays s.db
# The store itself is damaged: it is moved away, and the backup is there.
cp s.db kept.db
dd if=/dev/zero of=s.db bs=4096 count=3 conv=notrunc 2>/dev/null
m narada status
m narada restore kept.db --yes
rm -f s.db s.db-wal s.db-shm
m narada restore kept.db
plays s.db
# The oldest go, and only those of this store.
touch backups/other-20200101T000000Z.db backups/s-mine.db
t narada backup --keep 0
m narada backup --keep 2 --now 2026-12-01T12:00Z
m narada backup --keep 2 --now 2026-12-02T12:00Z --quiet
ls backups
