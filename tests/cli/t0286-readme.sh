# SPDX-License-Identifier: GPL-3.0-or-later
# The examples of README.md, typed in their order in a checkout as the quickstart leaves it, print what
# stands there.
. "${SRCDIR:?}/tests/cli/lib.sh"

# Blocks with commands, each in a file: lines that begin with "$ ", those that continue them, and what
# is printed below.
awk '/^    /{ if (!inside) block = ""; inside = 1; block = block substr($0, 5) "\n"; next }
	/^$/ && inside { block = block "\n"; next }
	{ if (inside && block ~ /(^|\n)\$ /) { sub(/\n+$/, "\n", block); printf "%s", block >(++n ".block") } inside = 0 }' "$SRCDIR/README.md"
# Without the milter, its block is not typed.
[ "${BAREFROM_MILTER-}" ] || grep -l '^\$ .*barefrom-milter' ./*.block | xargs -r rm
plan $(($(ls ./*.block | wc -l) + 2))

# As the quickstart leaves it: its own commands.
mkdir -p build/quickstart build/src/milter
ln -s "$SRCDIR/data" "$SRCDIR/tests" .
ln -s "$BAREFROM" build/barefrom
ln -s "${BAREFROM_MILTER:-none}" build/src/milter/barefrom-milter
sed -n 's/^filter \(.*\.eml\)$/\1/p' data/quickstart.sh >samples
options=$(sed -n 's/.*barefrom filter \(-o .*\) <data\/samples.*/\1/p' data/quickstart.sh)
while read -r sample; do
	# shellcheck disable=SC2086
	bf filter $options <"data/samples/$sample" >out
done <samples
is 'the quickstart filters four samples' "$(sql build/quickstart/audit.db 'SELECT count(*) FROM message')" 4

# alike FILE: without what differs each time: durations, and whether the milter or its client writes first.
alike() {
	sed 's/; [0-9.]* s$/; T s/' "$1" | if grep -q '^barefrom-milter: ' "$1"; then sort; else cat; fi
}
# type_block FILE: each command as it is typed, with what it prints, in got.
type_block() {
	: >got
	command=
	while IFS= read -r line; do
		case $line in
		'$ '*) command=${line#??} ;;
		'      '*) [ "$command" ] || continue; command="$command
$line" ;;
		*) command=; continue ;;
		esac
		printf '%s\n' "$line" >>got
		case $command in *'|' | *\\) continue ;; esac
		eval "$command" >>got 2>&1
		case $command in *'&') await_line got ;; esac
		command=
	done <"$1"
}
await_line() { # what the program in the background says first
	tries=0
	until tail -n 1 "$1" | grep -q '^barefrom-milter: ' || [ $((tries += 1)) -gt 100 ]; do sleep 0.1; done
}
for block in $(ls ./*.block | sort -t / -k 2n); do
	sed "s|/tmp/m\.sock|$tmp/m.sock|g" "$block" >typed
	type_block typed
	alike typed >want
	alike got >printed
	ok "$(sed -n '/^\$ /{s/^\$ \(.\{1,60\}\).*/\1/p;q;}' "$block" | tr -d '\\')" diff want printed
done
is 'nothing is written outside build' "$(find . -maxdepth 1 '(' -name '*.db*' -o -name '*.mbox' -o -name '*.eml' ')' ! -name forged.eml ! -name bare.eml)" ''
