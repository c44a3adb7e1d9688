# Without a path: every program below, in the order of bytes; not what begins with a dot, nor node_modules, nor behind a link to a folder.
mkdir -p a/b a-b .hidden node_modules/x lib
for place in a/b/z a/b/Z a-b/p a/é .hidden/h node_modules/x/n std.x top; do echo "from library.trcks | show" >$place.nrd; done
echo '{"all": [{"is": {"loved": "perhaps"}}]}' >a/mix.nsp
echo '{"tasks": [{"label": "build", "type": "shell"}], "version": "2.0.0"}' >a/tasks.json
echo '{"name": "nobody", "workflows": [{"tasks": [{"id": "x", "type": "source.liked_tracks"}]}]}' >package.json
echo '[{"tasks": [{"id": "x", "type": "source.liked_tracks"}]}]' >list.json
echo 'no JSON at all' >a/no.json
echo '{"tasks": [{"id": "x", "type": "source.liked_trcks"}]}' >w.json
echo '{"tasks": [{"id": "x", "type": "source.liked_tracks"},' >w-broken.json
head -c 1100000 /dev/zero | tr '\0' ' ' >long.json
echo '{"tasks": [{"type": "source.x"}]}' >>long.json
ln -s .. a/loop
ln -s a linked
ln -s ../top.nrd a/link.nrd
mkfifo pipe.nrd
echo text >readme.md
t sh -c 'naradac check 2>&1 | sed -n "s/^  *┌─ //p"'
t sh -c 'naradac check a/ ./lib top.nrd 2>&1 | sed -n "s/^  *┌─ //p"'
# A mistake in a module is told once, whoever uses it; a file that is named is checked whatever it holds.
echo 'let x = 1 + "a"' >lib/m.nrd
for name in one two; do printf 'use "m.nrd" as m\nfrom library.tracks | keep plays > m.x | show\n' >lib/$name.nrd; done
t naradac check lib
t naradac check package.json
t naradac check list.json
t naradac check a/no.json
t naradac check long.json
t naradac check .hidden/h.nrd
# Standard input, also JSON.
t sh -c 'echo "from library.trcks | show" | naradac check -'
t sh -c 'cat w.json | naradac check - --format jsonl'
# What cannot be read is told, and the rest is checked all the same.
rm -r a a-b linked pipe.nrd std.x.nrd w.json w-broken.json lib
ln -s nowhere gone.nrd
t naradac check
t naradac check --format jsonl
t naradac check nowhere top.nrd --format github
# Nothing to check is said, and a problem if one is strict.
mkdir empty
t naradac check empty
t naradac check empty --strict
t naradac check empty --format json
