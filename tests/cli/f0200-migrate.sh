# SPDX-License-Identifier: GPL-3.0-or-later
# The migration of version 1 killed right before each call that writes or syncs (plain build): the file
# is of version 1 or 2, whole, and the next filter goes on.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/cli/version-1.sh"
plan 4

copy v1.db traced.db
strace -o trace -e trace=pwrite64,fdatasync,ftruncate \
	"$BAREFROM" -c empty.conf audit init -o database=traced.db >out 2>err
is 'strace can follow a migration' "$? $(version traced.db)" '0 2'
# whole DATABASE: one of the two versions with all that belongs to it, and nothing lost.
whole() {
	copy "$1" whole.db
	case "$(sql whole.db "PRAGMA integrity_check; PRAGMA user_version; $view_names" | tr '\n' ' ')" in
	'ok 1 history ') echo 1 >>versions ;;
	'ok 2 by_client daily forged_senders history ') echo 2 >>versions ;;
	*) return 1 ;;
	esac
	dump "$1" | diff v1.dump -
}
kills() {
	for call in pwrite64 fdatasync ftruncate; do
		last=$(grep -c "^$call(" trace)
		nth=0
		while [ $((nth += 1)) -le "$last" ]; do
			echo "$call $nth of $last"
			copy v1.db kill.db
			(strace -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$nth" \
				"$BAREFROM" -c empty.conf audit init -o database=kill.db; exit $?) >out 2>&1
			[ $? -eq 137 ] && whole kill.db || return 1
			run filter -o database=kill.db <forged.eml
			[ "$status" -eq 0 ] && dump kill.db | diff v1.dump - || return 1
			[ "$(sql kill.db "SELECT count(*), ($view_names) FROM message")" = \
				"$((old + 1))|by_client daily forged_senders history" ] || return 1
		done
	done
}
: >versions
ok 'killed at any write, it is of version 1 or 2 and whole, and the next filter goes on' kills
ok 'at twenty calls or more' test "$(wc -l <versions)" -ge 20
is 'some of them before the change, and some behind it' "$(sort -u versions | tr '\n' ' ')" '1 2 '
