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
