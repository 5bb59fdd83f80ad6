# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/fuzz/run.sh SECONDS [TARGET...]: runs each fuzz target that long with libFuzzer, under
# ASan and UBSan, from the corpus in the tree, which it leaves alone; what it finds is in
# build-tests/fuzz. Exit 0: no crash, no hang, no leak, no broken law.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
root=${here%/tests/fuzz}
build=$root/build-tests/fuzz
seconds=${1-}
case $seconds in
'' | *[!0-9]*)
	echo 'usage: run.sh SECONDS [TARGET...]' >&2
	exit 64
	;;
esac
shift
sh "$root/tests/packages.sh" build fuzz || exit 1
[ -f "$build/build.ninja" ] || CC=clang meson setup "$build" "$root" -Dfuzzing=true \
	--buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false || exit 1
if [ $# = 0 ]; then
	for target in "$here"/fuzz-*.c; do
		target=${target##*/fuzz-}
		set -- "$@" "${target%.c}"
	done
fi
export ASAN_OPTIONS=intercept_tls_get_addr=0:detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=halt_on_error=1
failed=0
for target; do
	ninja -C "$build" "tests/fuzz/fuzz-$target" >"$build/build.log" || { cat "$build/build.log"; exit 1; }
	mkdir -p "$build/corpus/$target" "$build/found"
	seeds=$here/corpus/$target
	[ "$target" != filter ] || seeds=$here/corpus/strip
	set -- "$seeds"
	case $target in head | strip | filter) set -- "$@" "$here/../golden" ;; esac
	log=$build/$target.log
	"$build/tests/fuzz/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-dict="$here/mail.dict" -print_final_stats=1 -artifact_prefix="$build/found/$target-" \
		"$build/corpus/$target" "$@" >"$log" 2>&1
	status=$?
	printf '%-10s %s, %s executions, coverage %s\n' "$target" \
		"$([ $status = 0 ] && echo well || echo "FAILED, see $log")" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
		"$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)"
	[ $status = 0 ] || failed=1
done
exit $failed
