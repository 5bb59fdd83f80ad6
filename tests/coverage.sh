# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/coverage.sh: line and branch coverage of src/core by the suites unit, golden and fuzz.
# A branch counts when it was taken at least once.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/build-tests/coverage

rm -rf "$build"
meson setup --buildtype=debug -Db_coverage=true "$build" "$root" >/dev/null
ninja -C "$build" >/dev/null
LC_ALL=C.UTF-8 meson test -C "$build" --no-rebuild --suite unit --suite golden --suite fuzz >/dev/null ||
	echo 'Some tests failed.'
cd "$build"
for object in src/core/libcore.a.p/*.gcda; do
	gcov -b -n "$object"
done | awk -v root="$root" '
	/^File / { file = $2; gsub("\x27", "", file); core = file ~ /src\/core\/[a-z]*\.c$/; sub(".*/", "", file) }
	core && /^Lines executed/ { split($2, l, /[:%]/); lines[file] = l[2]; all_l += $4; hit_l += l[2] * $4 / 100 }
	core && /^Taken at least once/ { split($4, b, /[:%]/); all_b += $6; hit_b += b[2] * $6 / 100
		printf "%-14s lines %6.2f %%  branches %6.2f %% of %d\n", file, lines[file], b[2], $6 }
	END { printf "%-14s lines %6.2f %%  branches %6.2f %% of %d\n", "src/core", 100 * hit_l / all_l, 100 * hit_b / all_b, all_b }'
