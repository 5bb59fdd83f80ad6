# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/mutate.sh [NAME...]: breaks one rule of the core at a time, in a copy, and shows that a
# test of the suites unit or golden fails each time. Not part of tests/run.sh: it takes minutes.
# Exit 0: every mutant was caught.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
work=$root/build-tests/mutants
caught=0 alive=0
only=" $* "

rm -rf "$work" && mkdir -p "$work" || exit 1
cp -R "$root/src" "$root/tests" "$root/data" "$root/meson.build" "$root/meson_options.txt" "$work" || exit 1
cd "$work" && cp -R src pristine || exit 1
export CFLAGS=-O0 LC_ALL=C.UTF-8
meson setup build >setup.log 2>&1 || { cat setup.log; exit 1; }
passes() {
	ninja -C build >build.log 2>&1 || return 2
	meson test -C build --no-rebuild --suite unit --suite golden --maxfail 1 >test.log 2>&1 || return 1
}
passes || { cat build.log test.log; echo 'The tests fail without any mutant.'; exit 1; }

# mutant NAME FILE SED: one rule broken.
mutant() {
	name=$1 file=$2
	[ "$only" = '  ' ] || case $only in *" $name "*) ;; *) return ;; esac
	cp "pristine/${file#src/}" "$file"
	sed -i -E "$3" "$file"
	if cmp -s "pristine/${file#src/}" "$file"; then
		echo "STALE   $name: $file has no such line"
		alive=$((alive + 1))
		return
	fi
	passes
	case $? in
	0)
		echo "ALIVE   $name"
		alive=$((alive + 1))
		;;
	2)
		echo "STALE   $name: does not compile"
		alive=$((alive + 1))
		;;
	*)
		echo "caught  $name: $(sed -n 's/^ *[0-9/]* *barefrom:\([^ ]*\) \/ \([^ ]*\) *\(FAIL\|ERROR\).*/\1 \2/p' \
			test.log | head -n 1)"
		caught=$((caught + 1))
		;;
	esac
	cp "pristine/${file#src/}" "$file"
}

a=src/core/address.c
mutant nul-is-understood $a "s/if \(\*c == '.0'\)/if (false)/"
mutant bare-cr-is-understood $a "s/if \(c \+ 1 == end \|\| c\[1\] != '.n'\)/if (false)/"
mutant encoded-word-in-addr-spec $a 's/ \|\| has_encoded_word\(spec->str\)//'
mutant encoded-word-needs-letter $a 's/if \(g_ascii_isalpha\(mark\[1\]\) /if (mark[1] /'
mutant format-characters $a '/case G_UNICODE_FORMAT:/d'
mutant space-characters $a '/case G_UNICODE_SPACE_SEPARATOR:/d'
mutant invalid-utf8 $a 's/if \(!g_utf8_validate_len\(spec->str, spec->len, NULL\) \|\| /if (/'
mutant two-words-in-a-row $a '/^read_local_part/,/^}/s/if \(word\)$/if (false)/'
mutant two-atoms-in-a-domain $a '/^read_domain/,/^}/s/if \(atom\)$/if (false)/'
mutant domain-begins-with-dot $a '/^read_domain/,/^}/s/if \(!atom\)$/if (false)/'
mutant literal-holds-anything $a '/^read_literal/,/^}/s/return false;$/;/'
mutant two-angle-addresses $a 's/p->n_angles > 1 \|\| !p->angle_ends/!p->angle_ends/'
mutant text-after-angle $a 's/p->n_angles > 1 \|\| !p->angle_ends/p->n_angles > 1/'
mutant mark-without-address $a 's/if \(!p->address && p->has_mark\)/if (false)/'
mutant mark-before-colon $a 's/if \(p->has_mark \|\| p->has_empty_angle\)/if (false)/'
mutant comment-keeps-bare $a '/^add_comment\(/,/^}/{s/p->list->bare = false;/;/;s/show_text\(p\);/p->list->shows_text = true;/}'
mutant group-keeps-bare $a '/^step_colon/,/^}/s/show_name\(p\);/p->list->shows_text = true;/'
mutant semicolon-keeps-bare $a '/^step_separator/,/^}/s/show_text\(p\);/p->list->shows_text = true;/'
mutant route-keeps-bare $a '/if \(routed\)/,/bare/s/bare = false/bare = true/'
mutant name-keeps-bare $a '/^show_name/,/^}/s/show_text\(p\);/p->list->shows_text = true;/'
mutant blank-comment-shows $a 's/shows = shows \|\| !lexer_is_blank\(\*at\);/shows = true;/'
mutant literal-anywhere $a "s/bool literal = \*start == '\[' && p->after_at;/bool literal = *start == '[';/"
mutant comments-do-not-nest src/core/lexer.c "s/\+\+depth > DEPTH_MAX/(depth = 1) > DEPTH_MAX/"
mutant no-quoted-pairs src/core/lexer.c "/^skip_closed_by/,/^}/s/if \(\*l->at == '..'\) \{/if (false) {/"
mutant no-quoted-pairs-in-comments src/core/lexer.c "/^lexer_skip_comment/,/^}/s/if \(\*l->at == '..'\) \{/if (false) {/"
mutant comments-nest-in-traces src/core/lexer.c 's/ && !l->deep\)/ \&\& false)/'
mutant comments-of-a-bounded-depth src/core/lexer.c 's/ && !l->deep\)/)/'
mutant fold-width $a 's/#define LINE_MAX_BYTES 78/#define LINE_MAX_BYTES 79/'
mutant addr-spec-then-rest $a '/if \(p->address && l.at < end\)/s/l.at < end/false/'

s=src/core/strip.c
mutant resolve-anonymous $s 's/ && !policy->resolve_anonymous//'
mutant unknown-counts-as-anonymous $s 's/ && policy->unknown_is_anonymous\)/)/'
mutant scope-ignored $s 's/bool edit = anonymous && decision->in_scope/bool edit = anonymous/'
mutant scope-before-verify $s 's/if \(!value->built\) \{/if (false) {/'
mutant too-many-are-kept $s 's/else if \(edit && too_many\)/else if (false)/'
mutant too-many-always-refused $s 's/else if \(edit && too_many\)/else if (too_many)/'
mutant too-many-addresses $s 's/too_many = senders > SENDERS_MAX;/;/'
mutant too-many-in-a-value src/core/address.c 's/if \(list->addresses->len == ADDRESSES_MAX\)/if (false)/'
mutant scope-subdomains $s "s/ \|\| domain\[length - tail - 1\] == '\.'//"
mutant scope-suffix $s "s/\(length == tail \|\| domain\[length - tail - 1\] == '\.'\)/true/"
mutant scope-text-only $s 's/if \(!list->understood \|\| \(list->shows_text .*$/if (!list->understood)/'
mutant scope-decoded-joined $s 's/return text_or_normal_in_domains\(joined, scope\) \|\|/return/'
mutant scope-decoded-once $s 's/text_or_normal_in_domains\(once, scope\) \|\|/false ||/'
mutant scope-decoded-twice $s 's/text_or_normal_in_domains\(twice, scope\)/false/'
mutant scope-normalized $s 's/return text_or_shown_in_domains\(normal, scope\);/return false;/'
mutant scope-first-end-alone $s 's/for \(; address_is_atext\(\*at\) /for (; (address_is_atext(*at) \&\& !strchr("+~", *at)) /'
mutant scope-last-end-alone $s 's/if \(was_part && !is_part && /if (false \&\& /'
mutant scope-folds-the-whole $s '/^domain_in/,/^}/s/if \(folded_in\(at, /if (false \&\& folded_in(at, /'
mutant scope-long-domain $s 's/if \(end - before > MIME_DOMAIN_MAX\)/if (false)/'
mutant scope-many-folds $s '/^domain_in/,/^}/s/if \(scope->folds == 0\)/if (false)/'
mutant scope-not-folded $s 's/return is_or_is_below\(folded, .*/return false;/'
mutant unassigned-ignorable src/core/unicode.c 's/ \|\| c == 0x2065//'
mutant scope-ignorables $s 's/return shown->len < strlen\(text\) && .*$/return false;/'
mutant scope-names $s 's/ \|\| names_in_domains\(list, scope\)//'
mutant scope-odd-charset $s 's/ \|\| has_odd_charset\(text\)//'
mutant scope-by-recipients $s '/^place_in_scope/,/^}/s/if \(place->field->is_recipient\)/if (false)/'
mutant recipients-hide-senders $s '/^find_places\(/,/^}/s/if \(!lists_recipients\(fields\)\)/if (true)/; s/sender_field\(fields\[i\]\)->is_recipient == recipients/true/'
mutant recipients-overlap-senders $s 's/if \(s == senders->len \|\| .*/if (true)/'
mutant recipients-around-senders $s 's/if \(s == senders->len \|\| .*/if (s == senders->len)/'
mutant recipients-in-senders $s '/^find_recipients/,/^}/s/memset\(.*/;/'
mutant recipients-get-placeholder $s '/^make_bare/,/^}/s/else if \(place->field->is_recipient\)/else if (false)/'
mutant ambiguous-line-ends $s '/ambiguous = true/s/true/false/'
mutant refuses-without-edit $s 's/if \(place->after && line_ends/if (line_ends/'
mutant head-too-long $s 's/if \(!complete\)/if (false)/'
mutant blanks-go $s 's/return length \? \(Span\)\{ value.data, length \} : /return /'
mutant gmime-not-asked $s 's/good = mime_agrees\(.*/;/'
mutant odd-dots-asked $s 's/if \(good && !list->odd_dots && /if (good \&\& /'
mutant nothing-shown-is-replaced $s 's/ \|\| \(!list->shows_text && list->addresses->len == 0\)\)\)/))/'
mutant edit-name-of-last-place $s 's/edit.action = MAX\(edit.action, place->action\)/edit.action = place->action/'

u=src/core/submission.c
mutant login-word $u 's/return g_ascii_strcasecmp\(word, "a"\) == 0;/return true;/'
mutant asmtp $u 's/if \(g_ascii_strcasecmp\(with, "asmtp"\) == 0\)/if (false)/'
mutant lmtp-is-no-delivery $u '/^word_is_delivery/,/^}/s/return \*with == .*/return false;/'
mutant plain-smtp-conflicts $u 's/\{ "ESMTP", "ESMTPS",/{ "SMTP", "ESMTP", "ESMTPS",/'
mutant utf8smtps-conflicts-not $u 's/, "UTF8SMTPS", NULL/, NULL/'
mutant by-not-checked $u '/^is_ours/,/^}/s/if \(is_host_of\(.*\)$/if (true)/'
mutant queue-id-makes-ours $u '/^is_ours/,/^}/s/return i == 0 &&/return false \&\&/'
mutant queue-id-everywhere $u '/^is_ours/,/^}/s/return i == 0 &&/return/'
mutant empty-login-everywhere $u 's/bool fact_against = i == 0 && /bool fact_against = /'
mutant empty-login-ignored $u 's/bool fact_against = i == 0 && fact_says_no_login\(w->facts\);/bool fact_against = false;/'
mutant conflict-without-queue-id $u 's/e == EVIDENCE_YES && has_our_queue_id\(w\)/e == EVIDENCE_YES/'
mutant malformed-is-believed $u '/^walk\(/,/^}/s/if \(r->bad\) \{/if (false) {/'
mutant fetch-is-a-hop $u 's/if \(r->with && word_is_fetch\(r->with\)\)/if (false)/'
mutant filter-uids-last-hop $u 's/if \(more && is_listed\(r->local_user, /if (is_listed(r->local_user, /'
mutant user-uids-ignored $u 's/if \(is_listed\(r->local_user, w->trust->user_uids\)\)/if (false)/'
mutant relays-ignored $u 's/if \(more && network_holds\(trust->relay_nets, r->peer\)\)/if (false)/'
mutant relay-accounts-in-trace $u 's/if \(is_listed\(r->user, /if (false \&\& is_listed(r->user, /'
mutant relay-accounts-in-fact $u 's/if \(is_listed\(login, /if (false \&\& is_listed(login, /'
mutant trusted-client-by-peer $u 's/if \(network_holds\(trust->trusted_clients, r->peer\)\)/if (false)/'
mutant trusted-client-by-fact $u 's/\} else if \(trusts_client_fact\(w\)\)/} else if (false)/'
mutant submission-by-against-fact $u 's/\} else if \(fact_against\) \{/} else if (fact_against \&\& !is_host_of(r->by, trust->submission_by)) {/'
mutant hidden-by-when-not-silent $u 's/\} else if \(e == EVIDENCE_SILENT\) \{/} else if (e == EVIDENCE_SILENT || is_host_of(r->by, trust->hidden_by)) {/'
mutant webmail-anywhere $u '/strncasecmp\(r->with, "HTTP", 4\)/,/\)\) \{/s/is_host_of\(r->by, .*\)\) \{/true) {/'
mutant dialect-always-on $u 's/if \(has_dialect\(trust, r->by, r->dialect\)\)/if (r->dialect != DIALECT_NONE)/'
mutant dialect-of-another-host $u 's/if \(!received_same_host\(host, by\)\)/if (false)/'
mutant results-of-another-id $u 's/ \|\| g_ascii_strcasecmp\(one->authserv_id, id\) != 0//'
mutant results-below $u 's/\(w->trust->ar_stripped \? 1 : 0\)/1/'
mutant results-never-below $u 's/\(w->trust->ar_stripped \? 1 : 0\)/0/'
mutant results-twice $u '/^auth_results/,/^}/s/if \(found\)$/if (false)/'
mutant results-twice-in-one $u 's/found->auths == 1 && //'
mutant results-failed $u 's/ && found->pass / /'
mutant results-for-a-relay-account $u 's/if \(is_listed\(result->user, /if (false \&\& is_listed(result->user, /'
mutant results-for-a-shown-session $u 's/\} else if \(e == EVIDENCE_SILENT\) \{/} else if (auth_results(w, i) || e == EVIDENCE_SILENT) {/'
mutant relay-account-beside-a-fact $u 's/\} else if \(\(login \|\| listener\) && /} else if (false \&\& /'
mutant listener-ignored $u 's/\} else if \(listener\) \{/} else if (false) {/'
mutant login-fact-ignored $u 's/\} else if \(login\) \{/} else if (false) {/'

mutant loose-lf-is-understood $a "s/if \(\*c == '.n' && c \+ 1 < end && .*/if (false)/"
mutant blanks-in-address-stay $a 's/if \(!stands_whole\(.*/if (false)/'
mutant encoded-word-in-quotes $a '/^has_encoded_word/,/^}/s/if \(.from != .*\)$/if (true)/'
mutant turned-round src/core/strip.c 's/ \|\| strstr\(text, "[^"]*"\)\)/)/'
m=src/core/mime.c
mutant word-padding-inside $m "s/if \(c != '=' \|\| payload->len == 0\)/if (i < word->payload.length || payload->len == 0)/"
mutant word-not-padded $m '/while \(payload->len % 4\)/,+1d'
mutant word-open $m 's/if \(!end\)$/if (!end) return false;/'
mutant word-without-charset $m 's/\*charset \? charset : "utf-8"/charset/'
mutant word-split src/core/strip.c 's/bool is_split = /bool is_split = false \&\& /'
mutant name-marks src/core/strip.c 's/ && strlen\(joined\) >= strlen\(words\)//'

x=src/core/authres.c
mutant results-of-any-version $x 's/ \|\| g_str_equal\(version, "1"\)/ || true/'
mutant results-login-twice $x 's/if \(a->user\)/if (false)/'
mutant results-last-counts $x 's/a->pass = pass && .*;/a->pass = pass;/'
mutant results-job-kept $x 's/if \(!quoted\)/if (false)/'
mutant results-login-of-any-method $x 's/if \(is_auth && property/if (property/'

r=src/core/received.c
mutant second-by-ours $r 's/if \(count > 1 \|\|/if (false ||/'
mutant by-ours-elsewhere $r 's/\(count == 1 && !received_host_in\(r->by, ours\)\)/false/'
mutant second-semicolon $r 's/return kind == LEX_END;/return true;/'
mutant with-after-id $r 's/ \|\| r->id \|\| r->for_\)\)/))/'
mutant keyword-twice $r 's/\(\*values\[k\] && !\(k == FROM && r->by\)\)/false/'
mutant comment-anywhere $r 's/^(\t*)r->dialect = counts \? dialect : DIALECT_NONE;/\1r->dialect = dialect ? dialect : r->dialect;/'
mutant communigate-beside-others $r 's/dialect != DIALECT_COMMUNIGATE \|\| before == 1/true/'
mutant criticalpath-before-by $r 's/bool counts = dialect != DIALECT_CRITICALPATH &&/bool counts = true \&\&/'
mutant login-with-address src/core/dialect.c '/case .l.:/,/break/s/strcspn\(\*text, .*\);/strlen(*text);/'
mutant ident-as-login src/core/dialect.c 's/ && !ends_in_address\(\*ret_user\)//'
mutant login-not-whole src/core/dialect.c 's/return !\*text;/return true;/'
mutant bare-address-beside-peer $r 's/if \(notes->has_bare \|\| /if (/'
mutant skipped-beside-peer $r 's/notes->has_skipped \|\| notes->has_hidden/notes->has_hidden/'
mutant hidden-beside-peer $r 's/notes->has_skipped \|\| notes->has_hidden/notes->has_skipped/'
mutant unnamed-beside-literal $r 's/if \(!from \|\| !\(notes->has_unnamed \|\| notes->has_helo\)/if (true/'
mutant helo-beside-literal $r 's/\(notes->has_unnamed \|\| notes->has_helo\)/(notes->has_unnamed)/'
mutant login-elsewhere $r 's/if \(counts \|\| !r->user\)/if (!r->user)/'
mutant login-behind-raw-helo $r 's/ && !notes->copies_helo//'
mutant local-opensmtpd $r 's/r->is_local \|\| g_str_has_suffix\(text, " \[local\]"\)/r->is_local/'
mutant pickup-with-from $r '/^local_by_comment/,/^}/s/if \(r->from \|\| r->is_local\)$/if (r->is_local)/'
mutant pickup-in-another-form $r '/^local_by_comment/,/^}/s/if \(!strstr\(text, "userid"\)\)/if (!strstr(text, form))/'
mutant helo-hides-nothing $r 's/notes->has_hidden = notes->has_hidden \|\| hides;/;/'
mutant helo-name-never-hides $r 's/ \|\| memchr\(name, .@., length\)//; s/^([\t ]*)\(open && !\(exim && open == name\)\);/\1false;/'
mutant address-behind-another $r 's/ \|\| !seen \|\| address;/ || !seen;/'
mutant name-without-blank $r 's/ \|\| !lexer_is_blank\(open\[-1\]\);/;/'
mutant results-with-halved-quotes $x 's/has_halved_quotes\(lexer\) \|\| //'
mutant silent-with-comments $r 's/ && others == 0 && !r->is_local/ \&\& !r->is_local/'
mutant helo-is-a-peer $r "s/\*p = '.0';/;/"
mutant literal-helo-is-a-peer $r 's/\} else if \(notes->has_helo\)/} else if (true)/'
mutant two-peers $r 's/ \|\| notes->peers->len > 1\)/)/; s/notes->peers->len == 1/notes->peers->len >= 1/'
mutant angle-in-angle $r '/^skip_bracketed/,/^}/s/if \(\*l->at == open\)/if (false)/'

h=src/core/head.c
mutant name-with-controls $h 's/if \(head_byte_hides\(bytes\[i\]\)\)$/if (is_blank(bytes[i]))/'
mutant after-bare-cr $h 's/^(\t*)return i \+ 1;$/\1return end;/'
mutant after-white-space-line $h "s/if \(k == 0 \|\| bytes\[k - 1\] == '.n'\)/if (false)/"
mutant inner-ends-at-cr $h 's/if \(after_cr\) \{/if (false) {/'
mutant inner-goes-on-behind-cr-blank $h 's/ && \(lf == end \|\| !is_blank\(bytes\[lf\]\)\)//'
mutant nth-counts $h 's/place\.nth = \+\+seen\[name\]/place.nth = 1 + 0 * seen[name]/'
mutant line-end-of-the-first-item $h 's/if \(find_item\(head, at, &item\)\)/if (find_item(head, at, \&item) \&\& !places->len)/'
mutant crlf-empty-line $h 's/size_t lf = at \+ \(at < length/size_t lf = at + (false/'

d=src/core/fold.c
mutant fold-apostrophes $d 's/if \(vanish && is_apostrophe\(c\)\)/if (false)/'
mutant fold-apostrophes-after-nfkc $d 's/if \(is_apostrophe\(text.chars\[i\]\)\)/if (false)/'
mutant fold-small-capitals $d 's/if \(small\)$/if (false)/'
mutant fold-invisible $d 's/if \(unicode_is_ignorable\(parts\[i\]\) \|\| /if (/'
mutant fold-tatweel $d 's/ \|\| parts\[i\] == TATWEEL\)/)/'
mutant fold-latin $d 's/if \(letters\[i\].c == c\) \{/if (false) {/'
mutant fold-one-skeleton $d 's/append_skeleton\(to, g_utf8_get_char\(at\)\);/g_string_append_unichar(to, g_utf8_get_char(at));/'
mutant fold-i-and-l $d "s/if \(\*at == 'i'\)/if (false)/"
mutant fold-vv $d "s/bytes->str\[bytes->len - 1\] = 'w';/g_string_append_c(bytes, 'v');/"
mutant fold-genitive $d 's/if \(s && r->word.letters > least\)/if (false)/'
mutant fold-any-final-s $d 's/ \|\| chars\[r->last - 1\] != FOLD_APOSTROPHE\)/)/'
mutant fold-digits $d 's/if \(digits && r->word.letters/if (false \&\& r->word.letters/'
mutant fold-umlauts $d 's/if \(r->has_umlaut\)$/if (false)/'
mutant fold-letters-after-folding $d 's/if \(!counted\) \{/if (true) {/'
mutant fold-and-parts $d '/^fold_words/,/^}/s/r.part\+\+;/;/'

l=src/core/listing.c
mutant listed-brackets $l 's/const char \*bracket = c && /const char *bracket = false \&\& /'
mutant listed-dashes $l "s/\(c == '-' \|\| c == '.' \|\| c == 0x2013/(c == '~' || c == 0x2013/"
mutant listed-bar $l "s/if \(c == '\|' \|\| /if (/"
mutant listed-dash-without-blanks $l 's/\(after_blank && before_blank &&/(/'
mutant listed-titles $l 's/if \(g_hash_table_contains\(listing->titles\[folding\], word\)\)/if (false)/'
mutant listed-titles-to-the-last $l 's/name.words->len > 2;\)/name.words->len > 1;)/'
mutant listed-initials $l 's/if \(!fold_is_initial\(word\)\)/if (true)/'
mutant listed-five-letters $l 's/#define LETTERS_ANYWHERE 6/#define LETTERS_ANYWHERE 5/'
mutant listed-seven-letters $l 's/#define LETTERS_ANYWHERE 6/#define LETTERS_ANYWHERE 7/'
mutant listed-joined-six src/core/listing.h 's/#define LISTING_JOINED_LETTERS 7/#define LISTING_JOINED_LETTERS 6/'
mutant listed-joined-one-word $l 's/KeyKind kind = n > 1 \? KEY_WORD : KEY_ALL_JOINED;/KeyKind kind = KEY_WORD;/'
mutant listed-joined-in-order $l 's/\(n > 1 \? G_N_ELEMENTS\(starts\) : 1\)/1/'
mutant listed-spellings $l 's/#define SPELLINGS_MAX 64/#define SPELLINGS_MAX 65/'
mutant listed-twice $l 's/g_ptr_array_add\(again, word\);/;/'

n=src/core/names.c
mutant names-places-apart $n 's/#define PLACES_APART 8 /#define PLACES_APART 9 /'
mutant names-places-close $n 's/#define PLACES_APART 8 /#define PLACES_APART 7 /'
mutant names-initials-are-places $n '/^find_pairs/,/^}/s/if \(fold_is_initial\(word\)\)/if (false)/'
mutant names-across-and $n '/^find_pairs/,/^}/s/if \(word->part != part\) \{/if (false) {/'
mutant names-set-across-and $n '/^different_words/,/^}/s/word->part != word_at\(folded, 0\)->part \|\| //'
mutant names-joined-across-and $n 's/ \|\|$/ || false ||/; s/word->part != word_at\(folded, 0\)->part\)/false)/'
mutant names-rest $n '/^rest_stands/,/^}/s/return false;/continue;/'
mutant names-rest-once $n 's/if \(!count \|\| count->n < times\(all, word\)\)/if (!count)/'
mutant names-on-own-address $n '/^is_found/,/^}/s/ \|\|$/;/; /^is_found/,/^}/s/^.*by_address.*$//'
mutant names-own-address-shown $n 's/if \(is_own_address\(e, shown\)\) \{/if (false) {/'
mutant names-wide-end $n 's/if \(n < 2 \|\| !name_ends\(/if (n < 2 || false \&\& !name_ends(/'
mutant names-wide-titles $n 's/return digits == end - at \|\| is_wide_title\(s, folding, text, at, end\);/return digits == end - at;/'
mutant names-wide-beginning $n 's/\(i == 0 \|\| word_ends\(chars, i - 1\)\)/true/'
mutant names-address-left $n 's/if \(start < at && \(whole \|\| may_stand_before\(\*before\)\)\) \{/if (start < at) {/'
mutant names-address-quote $n "s/strchr\(\"'=.\|\", c\)/strchr(\"=\/|\", c)/"
mutant names-decoded-once $n 's/for \(int i = 0; i < 2 && strstr\(last, "=\?"\); i\+\+\) \{/for (int i = 0; i < 1 \&\& strstr(last, "=?"); i++) {/'
mutant names-turned $n '/^add_text/,/^}/s/if \(strstr\(text, RIGHT_TO_LEFT\)\)/if (false)/'
mutant names-keep-unproved $n 's/is_name && rules->keep_counts && /is_name \&\& /'
mutant names-keep-address $n 's/if \(is_name && rules->keep_counts/if (rules->keep_counts/'
mutant names-self-some $n 's/if \(own == recipients->len\)/if (own > 0)/'
mutant names-self-address $n 's/if \(is_name && recipients && /if (recipients \&\& /'
mutant names-too-much $n 's/bool counts = search->too_much;/bool counts = false;/'
mutant names-questions $n 's/if \(s->questions_left == 0\) \{/if (false) {/'
mutant names-look-alike $n 's/for \(int f = 0; f < FOLDINGS; f\+\+\) \{$/for (int f = 0; f < 1; f++) {/'

p=src/core/person.c
mutant person-mark $p 's/if \(is_first && length >= 3/if (false \&\& length >= 3/'
mutant person-local-case $p 's/g_utf8_casefold\(normal, -1\)/g_strdup(normal)/'
mutant person-quotes $p 's/unquote\(&local, &local_length\);/;/'
mutant person-skips $p 's/if \(!is_smtp && has_prefix\(item, length\)\)/if (false)/'
mutant person-angle $p 's/is_address\(item, length\) \? person_address\(item, length\) : NULL/person_address(item, length)/'
mutant person-neither $p 's/if \(!\*ret_error && person->names->len == 0/if (false \&\& person->names->len == 0/'

e=src/core/encoded.c
mutant encoded-windows-1252 $e 's/octet < 0xa0 \? c1_range\[octet - 0x80\] : octet/octet/'
mutant encoded-neighbours $e 's/if \(after_word && !flush\(d\)\)/if (!flush(d))/; s/if \(d->charset && !g_str_equal\(d->charset, charset\) && /if (d->charset \&\& /'
mutant encoded-open $e 's/bool done = decode/if (!strstr(text, "?=")) return g_strdup(text); bool done = decode/'
mutant encoded-language $e 's/if \(language\)$/if (false)/'
mutant encoded-order $e 's/return zeros\[1\] > zeros\[0\] \? /return false ? /'

mutant elements-comment-apart $a '/^collect_comment/,/^}/s/.* = g_strdup.*/&\n\tg_string_truncate(c->text, start - 1);\n\tg_string_append(c->text, comment);\n\treturn;/'
mutant elements-across-addresses $a '/^collect_element/,/^}/s/g_string_truncate\(c->waiting, 0\);/;/'
mutant elements-group-of-first $a '/^collect_element/,/^}/s/element->group = g_bytes_ref\(c->group\);/;/'
mutant elements-group-goes-on $a '/^collect_group_end/,/^}/s/g_clear_pointer\(&c->group, g_bytes_unref\);/;/'
mutant elements-left-over $a 's/\} else if \(c.waiting->len > 0\) \{/} else if (false) {/'

y=src/store/directory.c
mutant directory-of-another-program $y 's/if \(id != APPLICATION_ID \|\| version < FORMAT\)/if (false)/'
mutant directory-newer $y 's/if \(version > FORMAT\)/if (false)/'
mutant directory-cut $y 's/ && info.st_size == pages \* page_size\)/)/'
mutant directory-damaged $y 's/if \(result != SQLITE_DONE && directory->failed == SQLITE_OK\)/if (false)/'
mutant directory-path-as-uri $y 's/g_uri_escape_string\(directory->path, "\/", false\)/g_strdup(directory->path)/'
mutant directory-shared-rest $y 's/GROUP BY key, substr\(value, 5\)/GROUP BY key/'

echo "$caught mutants caught, $alive not"
[ "$alive" -eq 0 ]
