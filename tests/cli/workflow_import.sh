# A JSON workflow is compiled as it is, or written as a program: both are the same plan.
cat >mix.json <<'JSON'
{
  "id": "mix", "name": "Fresh and liked", "description": "New likes, without what was heard this week",
  "parameters": [{"name": "target", "type": "string", "required": false, "description": "the playlist"}],
  "tasks": [
    {"id": "likes", "type": "source.liked_tracks", "config": {"limit": "500"}},
    {"id": "heard", "type": "source.played_tracks", "config": null},
    {"id": "from", "type": "filter.by_play_history", "config": {"played_within_days": 7, "max_plays": 0}, "upstream": ["heard"]},
    {"id": "new ones!", "type": "filter.by_tracks", "config": {"exclusion_source": "from"}, "upstream": ["likes", "from"]},
    {"id": "plays", "type": "filter.by_release_date", "config": {"max_age_days": 90, "min_age_days": null}, "upstream": ["new ones!"]},
    {"id": "tagged", "type": "filter.by_tag", "config": {"tags": "Mood:  Chill, b", "match_mode": "all"}, "upstream": ["plays"]},
    {"id": "s", "type": "sorter.by_metric", "config": {"metric_name": "total_plays", "reverse": "false"}, "upstream": ["tagged"]},
    {"id": "out", "type": "destination.create_internal_playlist", "config": {"name": "{parameters.target|Fresh} \"{date}\" {x}"}, "upstream": ["s"]}
  ]
}
JSON
t naradac import mix.json
naradac import mix.json -o mix.nrd 2>/dev/null
t naradac fmt --check mix.nrd
naradac build mix.json -o a.nrdc 2>/dev/null
naradac build mix.nrd -o b.nrdc 2>/dev/null
[ "$(naradac disasm a.nrdc | head -1)" = "$(naradac disasm b.nrdc | head -1)" ] && echo "the same plan"
t narada-run mix.json --help
t naradac import mix.nrd
# So is a smart playlist of Navidrome, whose name is its file's if it says none.
cat >eighties.nsp <<'JSON'
{
  "comment": "Loved or well rated",
  "all": [
    {"any": [{"is": {"loved": true}}, {"GT": {"Rating": 3}}, {"is": {"genre": "Pop"}}, {"all": [{"isNot": {"loved": 0}}, {"isNot": {"artist": "Yes"}}]}]},
    {"inTheRange": {"year": [1981, 1990]}, "is": {"title": "a \"b\" {c}"}}, {"isNot": {"album": "x"}}, {"is": {"artist": "Björk"}},
    {"notContains": {"title": "live"}}, {"startsWith": {"album": "The"}}, {"inTheRange": {"duration": [120, 300.5]}},
    {"inTheLast": {"lastPlayed": 30}}, {"notInTheLast": {"dateLoved": "90"}}, {"after": {"date": "1981"}}, {"gt": {"lastplayed": "2020-01-01"}},
    {"isMissing": {"isrc": true}}, {"isMissing": {"playcount": false}}
  ],
  "sort": "-rating,title", "order": "desc", "limit": 25, "offset": 2
}
JSON
t naradac import eighties.nsp
naradac import eighties.nsp -o eighties.nrd 2>/dev/null
t naradac fmt --check eighties.nrd
naradac build eighties.nsp -o a.nrdc 2>/dev/null
naradac build eighties.nrd -o b.nrdc 2>/dev/null
[ "$(naradac disasm a.nrdc | head -1)" = "$(naradac disasm b.nrdc | head -1)" ] && echo "the same plan"
echo '{"any": [{"gt": {"playcount": -1}}], "sort": "random", "limitPercent": 5}' >some.nsp
t naradac import some.nsp
