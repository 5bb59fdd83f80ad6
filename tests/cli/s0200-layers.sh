# SPDX-License-Identifier: GPL-3.0-or-later
# The layers of src/: {main, milter} -> cmd -> mail -> { core | io | store } -> util. The three leaves
# never see each other, core uses nothing outside, and only mail records messages.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 30

# compiles DIRECTORY INCLUDE: whether a file there could include this, by the command of the build.
compiles() {
	printf '#include "%s"\nextern int x;\nint x;\n' "$2" >probe.c
	python3 - "$BUILDDIR/compile_commands.json" "src/$1/" "$tmp/probe.c" <<'END'
import json, shlex, subprocess, sys
commands, folder, probe = sys.argv[1:]
for entry in json.load(open(commands, encoding='utf-8')):
    if folder in entry['file'] and '.p/' not in entry['file']:
        words = shlex.split(entry['command'])
        words[words.index(entry['file'])] = probe
        for option in '-o', '-MF', '-MQ':
            words[words.index(option) + 1] = '/dev/null'
        sys.exit(subprocess.run(words, cwd=entry['directory'], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL).returncode)
sys.exit('no command for ' + folder)
END
}
refused() { ! compiles "$1" "$2"; }

ok 'the probe works: core sees itself' compiles core head.h
ok 'the probe works: cmd sees core' compiles cmd core/head.h
ok 'the probe works: cmd sees io' compiles cmd io/message.h
ok 'the probe works: cmd sees store' compiles cmd store/audit.h
for pair in core:store/audit.h core:audit.h core:io/message.h core:cmd/config.h \
	io:core/head.h io:store/audit.h io:cmd/config.h \
	store:core/head.h store:io/message.h store:cmd/config.h \
	util:core/head.h util:head.h util:io/message.h util:audit.h util:mail/job.h \
	core:mail/job.h io:mail/job.h store:mail/job.h; do
	ok "${pair%%:*} cannot include ${pair#*:}" refused "${pair%%:*}" "${pair#*:}"
done

# The build lets mail and cmd see each other's directories, so this reads their include lines.
includes() { (cd "$SRCDIR/src" && grep -nE "#include \"($2)" $1 || true); }
ok 'the probe works: mail sees the store' test -n "$(includes 'mail/ledger.c' store/audit)"
is 'mail knows nothing above it' "$(includes 'mail/*.[ch]' '(cmd|milter)/')" ''
is 'cmd knows nothing above it' "$(includes 'cmd/*.[ch]' milter/)" ''
# Promise 1 has one implementation: only the ledger calls what writes rows.
writers='audit_(open|begin_run|record_rows|settle)\('
is 'no front end records or settles by itself' \
	"$(cd "$SRCDIR/src" && grep -lE "$writers" cmd/*.c main.c mail/*.c | tr '\n' ' ')" 'mail/ledger.c '
is 'and none fills or takes rows' \
	"$(includes 'cmd/*.[ch] main.c' 'mail/row.h')$(cd "$SRCDIR/src" && grep -lE 'ledger_(add|settle)\(' cmd/*.c | tr '\n' ' ')" ''

# What would break "bytes in, decision out": files, clock, environment, output, processes, SQL.
forbidden='^(f?open(at|64)?|creat|f?read|f?write|pread|pwrite|lseek|close|f?printf|__f?printf_chk|f?puts|putchar'
forbidden="$forbidden|socket|connect|send|recv|time|clock_gettime|gettimeofday|localtime|sleep|usleep|nanosleep"
forbidden="$forbidden|(secure_)?getenv|setlocale|fork|exec[lv]p?e?|posix_spawn.*|system|popen|mmap|syslog"
forbidden="$forbidden|g_get_(real|monotonic)_time|g_date_time_new_now.*|g_getenv|g_usleep|g_spawn.*|g_file_.*"
forbidden="$forbidden|g_(log|print|printerr|message|warning)|g_mime_stream_(fs|file|pipe)_.*|sqlite3_.*|smfi_.*)$"
reaches() { nm -u "$1" | awk '{ print $NF }' | sed 's/@.*//; s/^__\(.*\)_chk$/\1/' | grep -E "$forbidden" | sort -u; }

core=$BUILDDIR/src/core/libcore.a
is 'core reaches for nothing outside' "$(reaches "$core")" ''
ok 'and it is really core that was read' sh -c "nm '$core' | grep -q ' T strip_decide'"
printf '#include <time.h>\nlong f(void);\nlong f(void) { return (long)time(NULL); }\n' >clock.c
cc -c clock.c -o clock.o
is 'a clock would be seen' "$(reaches clock.o)" time
