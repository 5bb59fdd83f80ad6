# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/faults/table.sh: builds, then prints a line for each fault: how the filter ended, what it
# said, where the mail is, and the audit's rows right after the fault. The same cases are the tests.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
build=$root/build-tests/plain

sh "$root/tests/packages.sh" build test || exit 1
[ -f "$build/build.ninja" ] || meson setup --buildtype=release "$build" "$root" >&2 || exit 1
meson compile -C "$build" >&2 || exit 1
export BAREFROM="$build/barefrom" SENDMAIL="$build/tests/faults/sendmail"
for name in faults kills; do
	python3 "$root/tests/faults/$name.py" --table || exit 1
	echo
done
