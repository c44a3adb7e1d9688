t narada wf list
t narada wf show two_per_artist
t narada wf show two_per_artits
t narada wf show
t narada wf sing
t narada two_per_artist --help
t narada help two_per_artist
t narada two_per_artits
t narada two_per_artist --form x
printf 'title,artist\nBlue Hour,Ada Lind\nCopper Sky,Ada Lind\nNorth,Ada Lind\n' >a.csv
printf 'from file.csv "a.csv" | to library.playlist "Mix"\n' >p.nrd
t narada-run p.nrd --store s.db --now 2024-06-01T12:00Z --zone UTC
t narada two_per_artist --store s.db --now 2024-06-01T12:00Z --zone UTC --each 1
