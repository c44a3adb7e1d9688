printf 'title,artist\nA,B\n' >in.csv
mkdir folder
for target in nowhere/out.csv folder /dev/full; do
  for kind in csv json jsonl m3u; do
    printf 'from file.csv "in.csv" | to file.%s "%s"\n' "$kind" "$target" >p.nrd
    t narada-run p.nrd
  done
done
[ "$(id -u)" -eq 0 ] || { mkdir closed; chmod 500 closed; }
echo 'from file.csv "in.csv" | to file.csv "in.csv"' >p.nrd
t narada-run p.nrd
cat in.csv
echo 'from file.csv "in.csv" | to file.csv "dry.csv" | show' >p.nrd
t narada-run p.nrd --dry-run
ls
