# SPDX-License-Identifier: GPL-3.0-or-later
# What "meson install" puts where, for the directories that this build was set up with.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 17

option() { # option NAME: of the build
	python3 -c 'import json, sys
for option in json.load(open(sys.argv[1], encoding="utf-8")):
    if option["name"] == sys.argv[2]:
        print(option["value"])' "$BUILDDIR/meson-info/intro-buildoptions.json" "$1"
}
# below DIRECTORY: resolves it as meson does, absolute or not.
below() { case $1 in /*) echo "$1" ;; *) echo "$prefix/$1" ;; esac; }
prefix=$(option prefix)
share=$(below "$(option datadir)")
man=$(below "$(option mandir)")
home=$(bf config | sed -n 's|^database=\(.*\)/audit\.db .*|\1|p')
examples=$share/doc/barefrom/examples
units=$prefix/lib/systemd/system
# Empty if the build has no milter; then none of its files may be there.
milter=${BAREFROM_MILTER:+$(below "$(option sbindir)")/barefrom-milter}

(umask 077 && env -u DESTDIR meson install -C "$BUILDDIR" --no-rebuild --destdir "$tmp/root") >log 2>&1
is 'meson install' "$?$(grep -i warning log)" 0

# Files as "mode path".
{
	echo "755 $(below "$(option bindir)")/barefrom"
	echo "755 $(below "$(option bindir)")/barefrom-to-postgresql"
	echo "644 $share/barefrom/postgresql/schema.sql"
	echo "644 $examples/postgresql/README.md"
	echo "644 $man/man1/barefrom.1"
	echo "644 $man/man1/barefrom-to-postgresql.1"
	echo "644 $man/man5/barefrom.conf.5"
	echo "644 $prefix/lib/sysusers.d/barefrom.conf"
	echo "644 $prefix/lib/tmpfiles.d/barefrom.conf"
	if [ "$milter" ]; then
		echo "755 $milter"
		echo "644 $man/man8/barefrom-milter.8"
		echo "644 $units/barefrom-milter.service"
		echo "644 $units/barefrom-milter.socket"
	fi
	for name in check metrics prune report to-postgresql; do
		echo "644 $units/barefrom-audit-$name.service"
		echo "644 $units/barefrom-audit-$name.timer"
	done
	echo "644 $units/barefrom-audit-.service.d/sandbox.conf"
	echo "644 $units/barefrom-mail@.service"
	echo "644 $examples/barefrom.conf"
	echo "644 $examples/archives.md"
	echo "644 $examples/directory.md"
	cd "$SRCDIR/data" || exit
	find postfix samples user-notice-*.txt -type f | sed "s|^|644 $examples/|"
	find queries -type f | sed "s|^|644 $share/barefrom/|"
} | sort >wanted
find root -type f -exec stat -c '%a %n' {} + | sed 's| root| |' | sort >found
ok 'each file, with its mode, and no other' diff wanted found
is 'folders are open to all' "$(find root -mindepth 1 -type d ! -perm 755)" ''
is 'no links' "$(find root -type l)" ''
ok 'the program runs' "root$(below "$(option bindir)")/barefrom" --version
ok 'so does the milter' sh -c "${milter:+'root$milter' --version}"
is 'which its service starts' "$(sed -n 's/^ExecStart=//p' "root$units/barefrom-milter.service" 2>err)" "$milter"
is 'and the services of the audit the program' \
	"$(sed -n 's/^ExecStart=\([^ ]*barefrom\) .*/\1/p' "root$units"/barefrom-audit-*.service | sort -u)" "$(below "$(option bindir)")/barefrom"
named=$(grep -o '`\.\./[a-z.-]*`' "root$examples/postfix/README.md" | tr -d '`' | sort -u)
is 'what the README names is where it says' \
	"$(cd "root$examples/postfix" && ls -d $named 2>&1)" "../barefrom.conf
../directory.md
../user-notice-directory.txt
../user-notice-domains.txt
../user-notice-everyone.txt"

# Texts.
same 'the example settings are those of the tree' "root$examples/barefrom.conf" "$SRCDIR/data/barefrom.conf"
for page in "$man/man1/barefrom.1" "$man/man5/barefrom.conf.5"; do
	is "mandoc reads ${page##*/} of the installation" "$(mandoc -Tlint -Wwarning "root$page" 2>&1)" ''
done
is 'and the one of the milter' "${milter:+$(mandoc -Tlint -Wwarning "root$man/man8/barefrom-milter.8" 2>&1)}" ''
is 'no text knows where it was built' "$(grep -rlIF -e "$BUILDDIR" -e "$SRCDIR" -e "$tmp" root)" ''

# The user and its directory, by sysusers.d(5) and tmpfiles.d(5).
lines() { grep -v -e '^#' -e '^$' "root$prefix/lib/$1.d/barefrom.conf"; }
is 'sysusers.d' "$(lines sysusers)" "u barefrom - \"Mail filter barefrom\" $home /usr/sbin/nologin"
is 'tmpfiles.d' "$(lines tmpfiles)" "d $home 2750 barefrom barefrom -"

is 'the package has the version of the program' \
	"$(sed -n '1s/^barefrom (\(.*\)) .*/\1/p' "$SRCDIR/data/debian/changelog")" \
	"$("$BAREFROM" --version | sed 's/^barefrom //')"
