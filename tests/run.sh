# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/run.sh: every test, from anywhere, root or not. Installs the packages that are missing,
# makes six builds and runs their suites, those first that fail soonest; the last line is
# "N passed, N failed", counted in single test points, and the exit status is 0 only when nothing
# failed.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
builds=$root/build-tests
results=$builds/results

# The suites of each build. A suite named here without any test counts as failed.
suites_asan='style unit golden cli fuzz milter'
suites_plain='hardening memory faults diff postfix mta fleet postgresql'
suites_tsan='threads'

say() { printf '\n==> %s\n' "$*"; }

# result LABEL STATUS [LOG]: for tests/count-tap.py.
result() { printf '%s\t%s\t%s\n' "$1" "$2" "${3-}" >>"$results"; }

# Where even counting is impossible.
give_up() {
	echo "$*" >&2
	echo '0 passed, 1 failed'
	exit 1
}

# build NAME OPTION...: a folder of other options, or moved from elsewhere, is made anew. Of $targets
# alone, if set.
build() {
	dir=$builds/$1
	shift
	say "Building $dir: $*"
	key="$root $*"
	if [ ! -f "$dir/build.ninja" ] || [ "$(cat "$dir.options" 2>/dev/null)" != "$key" ]; then
		rm -rf "$dir" "$dir.options"
		meson setup "$@" "$dir" "$root" || return 1
		printf '%s\n' "$key" >"$dir.options"
	fi
	# shellcheck disable=SC2086
	meson compile -C "$dir" ${targets-}
}

# suite BUILD SUITE LOCALE
suite() {
	say "Suite $2 ($1 build, LC_ALL=$3)"
	log=$2-$3
	rm -f "$builds/$1/meson-logs/$log.json"
	# shellcheck disable=SC2086
	LC_ALL=$3 ${fixed-} meson test -C "$builds/$1" --suite "$2" --logbase "$log" --timeout-multiplier 4
	result "$2 ($1 build, LC_ALL=$3)" $? "$builds/$1/meson-logs/$log.json"
}

unset MAIL_CONFIG DESTDIR CFLAGS CPPFLAGS LDFLAGS
export LC_ALL=C.UTF-8 TERM=dumb PYTHONDONTWRITEBYTECODE=1

sh "$root/tests/packages.sh" build test || give_up 'Without these packages no test can run.'
# The suites themselves fail, with the reason, where there is none.
export POSTFIX_ROOT="$builds/postfix-root" MTA_ROOTS="$builds/mta-roots"
sh "$root/tests/packages.sh" postfix "$POSTFIX_ROOT" || echo 'There is no Postfix to test with.' >&2
for mta in exim sendmail opensmtpd dovecot opendkim prometheus postgresql; do
	sh "$root/tests/packages.sh" "$mta" "$MTA_ROOTS/$mta" || echo "There is no $mta to test with." >&2
done
exec </dev/null
mkdir -p "$builds" && : >"$results" || give_up "Cannot write in $builds."

# What the sanitizers find ends the process with a status that no test expects; slices and leaks
# are seen as well. Of thread-local storage in a library that is loaded later, as GMime is, the leak
# detector takes the place from bytes that may be anything.
export ASAN_OPTIONS=exitcode=99:intercept_tls_get_addr=0:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1
export UBSAN_OPTIONS=exitcode=99:halt_on_error=1:print_stacktrace=1
export G_SLICE=always-malloc

if build asan --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false --werror; then
	for name in $suites_asan; do
		suite asan "$name" C.UTF-8
	done
	suite asan unit C
else
	result 'the sanitized build' 1
fi
if build plain --buildtype=release --werror; then
	for name in $suites_plain; do
		suite plain "$name" C.UTF-8
	done
else
	result 'the plain build' 1
fi

# What the other compiler warns of is an error, too.
CC=clang build clang --buildtype=debugoptimized --werror || result 'the build by clang' 1

# So is what gcc's analyzer warns of. That of Debian 12 takes variables which the optimizer has taken
# apart for uninitialized ones, hence without it.
CC=gcc build analyzer --buildtype=plain -Dc_args=-fanalyzer --werror || result 'the build by the analyzer of gcc' 1

# Its memory does not go together with many random bits in addresses, which some kernels have.
fixed=$(command -v setarch) && "$fixed" -R true 2>/dev/null && fixed="$fixed -R" || fixed=
targets='barefrom barefrom-milter tsan'
if build tsan --buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false --werror; then
	for name in $suites_tsan; do
		suite tsan "$name" C.UTF-8
	done
else
	result 'the build for threads' 1
fi

say 'Result'
exec python3 "$root/tests/count-tap.py" "$results"
