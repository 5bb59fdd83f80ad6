# SPDX-License-Identifier: GPL-3.0-or-later
# A migration killed right before each call that writes or syncs (plain build): the file has its old
# version or the newest, is complete, and the next filter can use it.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/cli/old-versions.sh"
plan 8

# whole DATABASE: it has one of the two versions, with all that belongs to that, and nothing is lost.
whole() {
	copy "$1" whole.db
	case "$(sql whole.db "PRAGMA integrity_check; PRAGMA user_version; $view_names" | tr '\n' ' ')" in
	"ok $from $views_then ")
		echo old >>versions
		[ "$(sql whole.db "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'")" = 0 ] || return 1
		;;
	"ok $newest $all_views ")
		echo new >>versions
		[ "$(sql whole.db "SELECT count(*), (SELECT count(*) FROM pragma_table_info('message')) FROM meta")" = '1|30' ] || return 1
		;;
	*) return 1 ;;
	esac
	dump "$1" | diff old.dump -
}
kills() {
	for call in pwrite64 fdatasync ftruncate; do
		last=$(grep -c "^$call(" trace)
		nth=0
		while [ $((nth += 1)) -le "$last" ]; do
			echo "$call $nth of $last"
			copy old.db kill.db
			(strace -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$nth" \
				"$BAREFROM" -c empty.conf audit init -o database=kill.db; exit $?) >out 2>&1
			[ $? -eq 137 ] && whole kill.db || return 1
			run filter -o database=kill.db <forged.eml
			[ "$status" -eq 0 ] && dump kill.db | diff old.dump - || return 1
			[ "$(sql kill.db "SELECT count(*), ($view_names) FROM message")" = "$((old + 1))|$all_views" ] || return 1
		done
	done
}
for from in 1 2; do
	make_old $from
	views_then=$(sql old.db "$view_names")
	copy old.db traced.db
	strace -o trace -e trace=pwrite64,fdatasync,ftruncate \
		"$BAREFROM" -c empty.conf audit init -o database=traced.db >out 2>err
	is "strace can follow the migration of version $from" "$? $(version traced.db)" "0 $newest"
	: >versions
	ok 'killed at any write, it is the old one or the new one and whole, and the next filter goes on' kills
	ok 'at twenty calls or more' test "$(wc -l <versions)" -ge 20
	is 'some of them before the change, and some behind it' "$(sort -u versions | tr '\n' ' ')" 'new old '
done
