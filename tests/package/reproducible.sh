# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/reproducible.sh: data/package.sh makes the same package, octet by octet, of the same tree
# in another directory, later, with other file times, umask, locale, time zone and number of
# processes. Prints TAP; the status is 1 if a point failed. It builds twice; so it is not part of
# tests/run.sh.
SRCDIR=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
BAREFROM=/bin/true
. "$SRCDIR/tests/cli/lib.sh"
plan 6
failed=0 # set by a point that fails
unset SOURCE_DATE_EPOCH

# package DIRECTORY DATE UMASK VARIABLE=VALUE...: that of a copy of the tree with such times, into
# DIRECTORY/out.
package() (
	mkdir -p "$1/tree" "$1/out"
	tar -C "$SRCDIR" --exclude=./.git '--exclude=./build*' -cf - . | tar -C "$1/tree" --no-same-owner -xf -
	find "$1/tree" -exec touch -h -d "$2" {} +
	umask "$3"
	folder=$tmp/$1
	shift 3
	env "$@" sh "$folder/tree/data/package.sh" "$folder/out" >"$folder/log" 2>&1 || {
		tail -n 20 "$folder/log"
		false
	}
)
contents() { # contents DIRECTORY: of the package there, file by file
	dpkg-deb --ctrl-tarfile "$1"/out/barefrom_*.deb | tar --full-time -tvf - >"$1/contents"
	dpkg-deb --fsys-tarfile "$1"/out/barefrom_*.deb | tar --full-time -tvf - >>"$1/contents"
	dpkg-deb -x "$1"/out/barefrom_*.deb "$1/files"
	(cd "$1/files" && find . -type f -exec sha256sum {} + | sort -k 2) >>"$1/contents"
}
ok 'a package' package one '2001-02-03 04:05:06' 022 LC_ALL=C TZ=UTC DEB_BUILD_OPTIONS='nocheck parallel=1'
mkdir -p elsewhere/temporary/files
ok 'another' package elsewhere now 077 LC_ALL=C.UTF-8 TZ=Pacific/Kiritimati \
	"TMPDIR=$tmp/elsewhere/temporary/files" DEB_BUILD_OPTIONS='nocheck parallel=2'
contents one
contents elsewhere
ok 'each file, with its mode and time, is the same' diff one/contents elsewhere/contents
is 'both made a package and its debugging symbols' \
	"$(cd one/out && ls ./*.deb | sed 's/_.*//' | xargs), $(cd elsewhere/out && ls ./*.deb | sed 's/_.*//' | xargs)" \
	'./barefrom-dbgsym ./barefrom, ./barefrom-dbgsym ./barefrom'
for file in one/out/barefrom_*.deb one/out/barefrom-dbgsym_*.deb; do
	same "${file##*/}" "$file" "elsewhere/out/${file##*/}"
done
exit $failed
