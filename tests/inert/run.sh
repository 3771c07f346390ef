#!/bin/sh
# run.sh BUILD_DIR - proves that what a hostile tenant is called stays text, with
# readers that are not ours: a spreadsheet (gnumeric), a Markdown renderer
# (cmark-gfm) and a browser (Chromium). The measure is the same tenant with plain
# names: in a reader both must have the same skeleton, element for element. Prints
# "ok ..." or "not ok ..." a line, and "skipped ..." where a reader is missing.
set -u
build=${1:?usage: run.sh BUILD_DIR}
prog=$build/sspr-wizard
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config
LC_ALL=C.UTF-8 TZ=UTC SSPR_WIZARD_NOW=2026-11-25T10:11:12Z
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL TZ SSPR_WIZARD_NOW
mkdir -p "$HOME"
bad=0

report() {	# report STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		bad=1
	fi
}

# none LOG NAME: the log of what was found must be empty.
none() {
	[ ! -s "$1" ]
	report $? "$2"
	head -n 5 "$1" | sed 's/^/    /'
}

# written TENANT NAME WORD...: a document in $dir/TENANT.NAME.
written() {
	tenant=$1 name=$2
	shift 2
	if [ "$tenant" = names ]; then
		"$prog" "$@" --demo=hostile-names >"$dir/names.$name" 2>"$dir/err" </dev/null
	else
		"$prog" "$@" --demo --demo-state "$dir/$tenant" --state-dir "$dir/journal" \
			>"$dir/$tenant.$name" 2>"$dir/err" </dev/null
	fi
	if [ $? -gt 2 ] || [ ! -s "$dir/$tenant.$name" ]; then
		report 1 "$tenant.$name is written"
		sed 's/^/    /' "$dir/err"
	fi
}

# All documents of a tenant; WHO is a person of it.
documents() {	# documents TENANT WHO
	for format in html markdown csv json junit sarif openmetrics; do
		written "$1" "report.$format" report --format "$format"
		written "$1" "asd.$format" report --format "$format" --baseline asd
	done
	for format in text csv json; do
		for view in audit sign-ins usage; do
			written "$1" "$view.$format" monitor "$view" --format "$format"
		done
		[ "$format" = csv ] && continue
		written "$1" "check.$format" check --format "$format"
		written "$1" "plan.$format" plan --format "$format"
		written "$1" "diagnose.$format" diagnose "$2" --format "$format"
	done
}

"$prog" check --demo=troubled --demo-state "$dir/plain" --state-dir "$dir/journal" \
	>/dev/null 2>&1 </dev/null
awk -f "$here/hostile.awk" "$dir/plain" >"$dir/hostile"
documents plain kenji.mori@contoso.com
documents hostile "+1+kenji.mori@contoso.com"
documents names "=cmd|' /C calc'!A0@contoso.com"
[ "$bad" -eq 0 ]
report $? "$(find "$dir" -name '*.*' | wc -l) documents are written"

# What a name must do to be dangerous must be there, or nothing is proved.
# there FILE TEXT...
there() {
	file=$dir/$1
	shift
	for text; do
		grep -qF -e "$text" "$file"
		report $? "${file##*/}: $text is in it"
	done
}

there hostile.report.json "+1+kenji.mori" "<b>" "[a](b)" "evil.example" "</td></table><h1>"
there names.audit.csv "'=cmd|" "'@SUM"
there hostile.audit.csv "'+1+" "'-2" "[a](javascript:alert(1))"

# No control character but the newline, none that hides or turns text, no lone
# byte; and in JSON none that comes out of an escape.
hidden='[\x00-\x09\x0b-\x1f\x7f\x{80}-\x{9f}\x{ad}\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}'
hidden=$hidden'\x{2060}-\x{206f}\x{feff}\x{fff9}-\x{fffb}\x{e0000}-\x{e007f}]'
escape='(?<!\\)(\\\\)*\\(u00[01][0-9a-f]|u007f|u00[89][0-9a-f]|u20[0-2][0-9a-f]|[bfrt])'
for file in "$dir"/*.*.*; do
	name=${file##*/}
	iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>"$dir/found"
	case $name in
	*.html) # Its own style and script have tabs.
		tr -d '\t' <"$file" | grep -nP "$hidden" ;;
	*.json | *.sarif)
		grep -nP "$hidden" "$file"
		grep -niP "$escape" "$file" ;;
	*)	grep -nP "$hidden" "$file" ;;
	esac | cat -v >>"$dir/found"
	none "$dir/found" "$name: no control character, no escape, nothing that turns text"
done

# Some spreadsheets also take +, -, @, a tab and the full-width forms for the
# beginning of a formula, behind spaces too. All text is quoted.
for file in "$dir"/*.csv; do
	grep -nP '(^|,)"[ \x{a0}\x{3000}]*[=+\-@|\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]' "$file" \
		>"$dir/found"
	none "$dir/found" "${file##*/}: no cell begins as a formula does"
done
if command -v ssconvert >/dev/null 2>&1; then
	for file in "$dir"/*.csv; do
		ssconvert -I Gnumeric_stf:stf_csvtab -E UTF-8 -T Gnumeric_XmlIO:sax:0 "$file" \
			"$dir/sheet" >"$dir/err" 2>&1
		# A cell with a formula has no type of its value.
		grep -q '<gnm:Cell ' "$dir/sheet" || echo "no cell" >"$dir/found"
		grep '<gnm:Cell ' "$dir/sheet" | grep -v 'ValueType="[0-9]*"' >"$dir/found"
		none "$dir/found" "${file##*/}: gnumeric finds no formula"
		# No line and no column more than were written.
		sed -n 's/.*<gnm:Cell Row="\([0-9]*\)" Col="\([0-9]*\)".*/\1 \2/p' "$dir/sheet" |
			awk '$1 > row { row = $1 } $2 > col { col = $2 }
				END { print row + 1, col + 1 }' >"$dir/shape"
		echo "$(wc -l <"$file") $(head -n 1 "$file" | tr ',' '\n' | wc -l)" |
			diff - "$dir/shape" >"$dir/found"
		none "$dir/found" "${file##*/}: each text stays in its cell"
	done
	printf '"=1+1"\n' >"$dir/formula.csv"
	ssconvert -I Gnumeric_stf:stf_csvtab -T Gnumeric_XmlIO:sax:0 "$dir/formula.csv" \
		"$dir/sheet" >"$dir/err" 2>&1
	grep '<gnm:Cell ' "$dir/sheet" | grep -v ValueType | grep -q '=1+1'
	report $? "gnumeric would find one"
else
	echo "skipped: CSV in a spreadsheet: ssconvert (gnumeric) is not installed"
fi

# The elements of a page, one a line; what renderers make of a bare address is
# looked at below.
elements() {	# elements FILE
	grep -o '<[a-zA-Z/!][^>]*>' "$1"
}

# same_skeleton WHAT OTHER NAME
same_skeleton() {
	[ -s "$1" ] || echo "no element" >"$dir/found"
	diff "$1" "$2" >"$dir/found"
	none "$dir/found" "$3"
}

if command -v cmark-gfm >/dev/null 2>&1; then
	for file in "$dir"/*.markdown; do
		# --unsafe shows raw HTML that got through, the extensions more ways to it.
		cmark-gfm --unsafe -e table -e strikethrough -e autolink -e tasklist \
			-e footnotes "$file" >"$file.page"
		elements "$file.page" | grep -v '^</*a[ >]' >"$file.elements"
		# An address stays what it says: the renderer's own mailto: link of it.
		sed 's/<a href="mailto:\([^"]*\)">\1<\/a>//g' "$file.page" |
			grep -o '<a [^>]*>' | grep -v '^<a href="https://\(entra\|learn\)\.microsoft\.com/[^"]*">$' \
			>"$dir/found"
		none "$dir/found" "${file##*/}: cmark-gfm finds no link but to Microsoft's pages"
	done
	for name in report asd; do
		same_skeleton "$dir/plain.$name.markdown.elements" \
			"$dir/hostile.$name.markdown.elements" \
			"hostile.$name.markdown: cmark-gfm finds the elements of the plain one"
	done
else
	echo "skipped: Markdown in a renderer: cmark-gfm is not installed"
fi

if command -v chromium >/dev/null 2>&1; then
	for file in "$dir"/*.html; do
		timeout 60 chromium --headless --no-sandbox --disable-gpu \
			--disable-dev-shm-usage --enable-logging=stderr \
			--user-data-dir="$dir/browser" --dump-dom "file://$file" \
			>"$file.dom" 2>"$dir/err" </dev/null
		grep CONSOLE "$dir/err" >"$dir/found"
		none "$dir/found" "${file##*/}: Chromium runs and refuses nothing"
		elements "$file.dom" >"$file.elements"
		# The title is text; what is written into it must stay there.
		grep -ci '<script\|<img\|<svg [^rv]\|<iframe\|<base\|<form\| on[a-z]*=' \
			"$file.elements" >"$dir/count"
		[ "$(cat "$dir/count")" -eq 1 ]
		report $? "${file##*/}: Chromium finds one script, ours, and no picture from outside"
	done
	for name in report asd; do
		same_skeleton "$dir/plain.$name.html.elements" "$dir/hostile.$name.html.elements" \
			"hostile.$name.html: Chromium finds the elements of the plain one"
	done
else
	echo "skipped: HTML in a browser: chromium is not installed"
fi

exit "$bad"
