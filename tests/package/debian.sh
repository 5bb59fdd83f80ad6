# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/package/debian.sh [12|13]: the tree on a clean Debian of that release, by default 13: built with
# its compiler and --werror, with the suites unit, golden and cli; and its package, made there,
# with check.sh and systemd.sh. The last line is "N passed, N failed", as that of tests/run.sh. See
# clean.sh for what it needs; so it is not part of tests/run.sh.
export DEBIAN="${1:-13}"
. "$(dirname -- "$0")/clean.sh"
results=$tmp/results
: >"$results"

# result LABEL STATUS [LOG]: for tests/count-tap.py.
result() { printf 'Debian %s: %s\t%s\t%s\n' "$DEBIAN" "$1" "$2" "${3-}" >>"$results"; }
there() { container 3600 --pipe --resolv-conf=copy-host -E LC_ALL=C.UTF-8 -- "$@" >&2; } # there COMMAND...
in_tree() { there sh -c "cd /root/tree && $1"; }                                        # in_tree LINE

# tested SCRIPT: one of this folder, with the package.
tested() {
	sh "$SRCDIR/tests/package/$1" "$tmp"/barefrom_*.deb >tap 2>errors
	status=$?
	python3 -c 'import json, sys
name, status = sys.argv[1:]
print(json.dumps({"name": name, "stdout": open("tap", errors="replace").read(),
                  "stderr": open("errors", errors="replace").read(), "returncode": int(status),
                  "result": "FAIL" if int(status) else "OK"}))' "$1" $status >"$1.json"
	result "$1" $status "$tmp/$1.json"
}

mkdir "$system/root/tree"
tar -C "$SRCDIR" --exclude=./.git '--exclude=./build*' -cf - . | tar -C "$system/root/tree" --no-same-owner -xf -
in_tree 'sh tests/packages.sh build suites package' || give_up 'packages are missing there'

if in_tree 'meson setup build --werror && meson compile -C build'; then
	for name in unit golden cli; do
		in_tree "meson test -C build --suite $name --logbase $name --timeout-multiplier 10"
		result $name $? "$system/root/tree/build/meson-logs/$name.json"
	done
else
	result 'the build' 1
fi
# Its build would only run the same suites again.
if in_tree 'DEB_BUILD_OPTIONS=nocheck sh data/package.sh /root/package' && mv "$system"/root/package/barefrom_*.deb .; then
	tested check.sh
	tested systemd.sh
else
	result 'the package' 1
fi
python3 "$SRCDIR/tests/count-tap.py" "$results"
