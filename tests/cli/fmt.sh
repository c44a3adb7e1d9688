ugly='from library.played|filter plays>3 and
  title != "x" |show'
printf '%s\n' "$ugly" >a.nrd
printf 'from library.played | show\n' >b.nrd
printf 'from library.played | keep plays = 3 | show\n' >wrong.nrd
mkdir folder
t naradac fmt --help
t naradac fmt --check a.nrd b.nrd
t naradac fmt --diff a.nrd b.nrd
t naradac fmt --check --diff a.nrd b.nrd
printf '%s\n' "$ugly" >kept.nrd
t cmp kept.nrd a.nrd
echo '$ naradac fmt - <a.nrd'
naradac fmt - <a.nrd
echo '$ naradac fmt <b.nrd'
naradac fmt <b.nrd
# in place: the mode stays, a link stays a link, what needs no change is not written
chmod 640 a.nrd
ln -s a.nrd link.nrd
inode=$(ls -i b.nrd)
t naradac fmt link.nrd b.nrd
t cat a.nrd
ls -l a.nrd link.nrd | cut -c 1-10
[ "$inode" = "$(ls -i b.nrd)" ] || echo "b.nrd was written"
t naradac fmt --check a.nrd b.nrd link.nrd
# what does not parse stays as it is
cp wrong.nrd kept.nrd
t naradac fmt wrong.nrd a.nrd
t cmp wrong.nrd kept.nrd
t naradac fmt --check wrong.nrd
t naradac fmt folder
t naradac fmt nowhere.nrd b.nrd
# fixes
t naradac fmt --fix --diff wrong.nrd
t cmp wrong.nrd kept.nrd
t naradac fmt --fix wrong.nrd
t cat wrong.nrd
t naradac fmt --fix wrong.nrd
printf 'from library.plyed | keep plays > "x" | show\n' >half.nrd
t naradac fmt --fix half.nrd
t cat half.nrd
t naradac fmt --output x a.nrd
t naradac check --fix a.nrd
ls -A
