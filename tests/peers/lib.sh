# lib.sh - what the tests against programs that are not ours share: packages of
# npm, installed outside the repository and kept for the next time.
# shellcheck shell=sh disable=SC2034 # the callers use what is set here

skip() {
	echo "skipped: $1"
	exit 0
}

# Sets $installed to a folder with these packages, or skips the rest of the test.
install() {	# install NAME PACKAGE@VERSION...
	command -v node >/dev/null 2>&1 || skip 'node is not here'
	command -v npm >/dev/null 2>&1 || skip 'npm is not here'
	[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
		skip 'node is older than 20'
	cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/sspr-wizard-tests
	name=$1
	shift
	installed=$cache/$name
	[ ! -d "$installed/node_modules" ] || return 0
	mkdir -p "$cache" 2>/dev/null || cache=${TMPDIR:-/tmp}
	fresh=$(mktemp -d "$cache/$name.XXXXXX") || exit 1
	if ! timeout 240 npm install --silent --no-audit --no-fund --no-package-lock \
		--ignore-scripts --fetch-retries=1 --fetch-timeout=30000 --prefix "$fresh" "$@" \
		>"$fresh.log" 2>&1 </dev/null; then
		rm -rf "$fresh" "$fresh.log"
		skip "npm cannot install $*"
	fi
	rm -f "$fresh.log"
	# Another test may have been faster.
	mv "$fresh" "$installed" 2>/dev/null || true
	[ ! -d "$fresh" ] || rm -rf "$fresh"
}
