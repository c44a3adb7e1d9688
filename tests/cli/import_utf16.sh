# What an editor or a shell of Windows saved as UTF-16, with a byte order mark or without one, is read as what it was.
command -v iconv >/dev/null || skip "iconv is not installed"
"$bin/narada-make-history" --rows 1500 --seed 3 --rows-per-file 1000 --out utf8 >/dev/null
printf '[{"endTime":"2024-04-05 20:01","artistName":"Ada Lind","trackName":"Copper Sky \360\237\216\271","msPlayed":187000}]' >utf8/StreamingHistory_music_0.json
printf '{"tracks":[{"artist":"Ada Lind","album":"First Light","track":"Blue H\303\266ur","uri":"spotify:track:0000000000000000000001"}]}' >utf8/YourLibrary.json
printf 'uts,artist,album,track\n1700000000,Ada Lind,First Light,Ember\n' >utf8/scrobbles.csv
for form in UTF-16LE UTF-16BE; do
  mkdir $form $form-marked
  for file in utf8/*; do
    iconv -f UTF-8 -t $form "$file" >"$form/${file#utf8/}"
    { printf '\357\273\277'; cat "$file"; } | iconv -f UTF-8 -t $form >"$form-marked/${file#utf8/}"
  done
done
(cd utf8 && t narada import . --store ../utf8.db --now 2026-01-02T00:00Z)
narada export utf8.out --store utf8.db --quiet
for form in UTF-16LE UTF-16BE UTF-16LE-marked UTF-16BE-marked; do
  (cd $form && narada import . --store ../$form.db --now 2026-01-02T00:00Z --quiet; echo "$form: exit $?")
  narada export $form.out --store $form.db --quiet
  cmp utf8.out/plays.jsonl $form.out/plays.jsonl && cmp utf8.out/tracks.jsonl $form.out/tracks.jsonl && cmp utf8.out/track_likes.jsonl $form.out/track_likes.jsonl && echo "$form: the same"
done
# broken off in the middle of a character
head -c 300001 UTF-16LE/Streaming_History_Audio_*_0.json >Streaming_History_Audio_2020_0.json
t narada import Streaming_History_Audio_2020_0.json --store cut.db --now 2026-01-02T00:00Z
