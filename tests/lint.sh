#!/bin/sh
# lint.sh - what a careful reader checks by machine: the rules of the house
# (dependencies between rooms, banned functions, length of files), headers that
# stand alone, clang's and gcc's warnings as errors, gcc -fanalyzer, cppcheck,
# manual pages and scripts. Prints "ok" or "not ok" a line.
# shellcheck disable=SC2086 # lists of words are split on purpose
set -u
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$top" || exit 1
failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# say NAME FILE: ok when FILE is empty, else not ok and what it holds.
say() {
	if [ -s "$2" ]; then
		echo "not ok $1"
		head -n 20 "$2" | sed 's/^/    /'
		failed=1
	else
		echo "ok $1"
	fi
}

sources=$(find tui steps checks graph -name '*.c' | sort)
headers=$(find tui steps checks graph -name '*.h' | sort)

# base <- graph <- checks <- steps <- tui
{
	grep -nE '#include "(graph/[a-z_]+\.h|graph/(tenant|sign_in)/|checks/|steps/|tui/)' graph/base/*.[ch]
	grep -rnE '#include "(checks|steps|tui)/' graph
	grep -rnE '#include "(steps|tui)/' checks
	grep -rnE '#include "tui/' steps
} >"$tmp/rule" 2>/dev/null
say 'includes point from the front ends to the base only' "$tmp/rule"

{
	grep -nE '#include <.*curses' $sources $headers | grep -v '^tui/term\.c'
	grep -nE '#include <curl/' $sources $headers | grep -vE '^graph/(http|loop|probe|url)\.c'
	grep -nE '#include <.*cJSON' $sources $headers | grep -v '^graph/base/json\.c'
	grep -nE '#include <microhttpd' $sources $headers
} >"$tmp/library" 2>/dev/null
say 'each library is included in its one place' "$tmp/library"

grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|localtime|gmtime|system|alloca)[[:space:]]*\(' \
	$sources >"$tmp/banned"
say 'no banned function' "$tmp/banned"

wc -l $sources $headers | awk '$1 > 600 && $2 != "total" { print $2 ": " $1 " lines" }' >"$tmp/long"
say 'no file over 600 lines' "$tmp/long"

# The compilers read their flags from a file: no quoting to get wrong.
flags="$tmp/flags"
cat >"$flags" <<END
-std=c11 -D_GNU_SOURCE -I. -DVERSION='"lint"' $(pkg-config --cflags ncursesw libcurl libcjson openssl inih)
-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
-Wold-style-definition -Wpointer-arith -Wwrite-strings -Wformat=2 -Wundef -Wvla
-Wimplicit-fallthrough -Werror
END

# Something after the header, for one of nothing but macros.
echo 'typedef int alone;' >"$tmp/alone.c"
for header in $headers; do
	gcc "@$flags" -fsyntax-only -include "$header" "$tmp/alone.c" 2>>"$tmp/alone"
done
say 'each header stands alone' "$tmp/alone"

if command -v clang >/dev/null 2>&1; then
	printf '%s\n' $sources | xargs -P 2 -n 8 clang "@$flags" -fsyntax-only >"$tmp/clang" 2>&1
	say 'clang, warnings as errors' "$tmp/clang"
else
	echo 'skipped clang: not installed'
fi

printf '%s\n' $sources | xargs -P 2 -n 1 gcc "@$flags" -O1 -fanalyzer -S -o /dev/null >"$tmp/analyzer" 2>&1
say 'gcc -fanalyzer' "$tmp/analyzer"

if command -v cppcheck >/dev/null 2>&1; then
	cppcheck -q -j 2 --std=c11 --language=c -I. -D_GNU_SOURCE -DVERSION='"lint"' \
		--enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --template='{file}:{line}: {id}: {message}' \
		graph checks steps tui >"$tmp/cppcheck" 2>&1
	say 'cppcheck' "$tmp/cppcheck"
else
	echo 'skipped cppcheck: not installed'
fi

if command -v mandoc >/dev/null 2>&1; then
	mandoc -Tlint -W warning man/*.[1-9] >"$tmp/mandoc" 2>&1
	say 'manual pages' "$tmp/mandoc"
else
	echo 'skipped mandoc: not installed'
fi

if command -v shellcheck >/dev/null 2>&1; then
	find tests .ci -name '*.sh' -exec shellcheck -S warning {} + >"$tmp/shell" 2>&1
	say 'scripts' "$tmp/shell"
else
	echo 'skipped shellcheck: not installed'
fi
exit $failed
