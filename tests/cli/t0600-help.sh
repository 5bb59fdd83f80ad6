# SPDX-License-Identifier: GPL-3.0-or-later
# --help and --version: each command has them, complete, and on standard output.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 49

help() { # help ARGUMENT...
	"$BAREFROM" "$@" >out 2>err
	status=$?
}
well() { [ "$status" -eq 0 ] && [ -s out ] && is_empty err; }

version=$(sed -n "s/^ *version *: *'\([^']*\)'.*/\1/p; s/^project *(.*[ (]version *: *'\([^']*\)'.*/\1/p" \
	"$SRCDIR/meson.build" | head -n 1)
help --version
ok '--version' well
is 'is one line' "$(wc -l <out | tr -d ' ')" 1
ok 'with the version of the project' grep -qF -e "barefrom ${version:?}" out

help --help
ok '--help' well
for command in filter mbox explain compare audit config; do
	ok "names $command" says "(^|[^a-z])$command([^a-z]|\$)" out
done
for option in -c --version --help; do
	ok "names $option" says "(^|[^-a-z])$option([^a-z]|\$)" out
done
facts='--sasl-username --sasl-method --client-address --queue-id --size --submission'
names() { # names COMMAND OPTION...
	command=$1
	shift
	for option; do
		ok "$command --help names $option" says "(^|[^-a-z])$option([^-a-z]|\$)" out
	done
}
help filter --help
ok 'filter --help' well
# shellcheck disable=SC2086
names filter -o -f --dry-run $facts
help mbox --help
ok 'mbox --help' well
names mbox -o --format --dry-run --output --in-place
help explain --help
ok 'explain --help' well
# shellcheck disable=SC2086
names explain -o --json $facts
help compare --help
ok 'compare --help' well
names compare -o -c --json --recursive
help config --help
ok 'config --help' well
names config -o
help audit --help
ok 'audit --help' well
ok 'audit --help names init' says '(^|[^a-z])init([^a-z]|$)' out
help audit init --help
ok 'audit init --help' well
names 'audit init' -o
