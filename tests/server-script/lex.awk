# Reads PowerShell as far as brackets, quotes and command names go. Prints
# "error LINE WHAT", "command NAME LINE" and "function NAME LINE".
function fail(what) { print "error " NR " " what; broken = 1 }

function word_ends() {
	if (word ~ /^[A-Za-z]+-[A-Za-z]+$/ && before !~ /[$.\-:\[]/) {
		if (last == "function")
			print "function " word " " NR
		else
			print "command " word " " NR
	}
	if (word != "")
		last = word
	word = ""
}

# The innermost open bracket or quote.
function top() { return depth ? open[depth] : "" }

function push(c) { open[++depth] = c; line_of[depth] = NR }

function pop(c) {
	if (top() != c && !(c == "(" && top() == "$(")) {
		fail("closes a " c " that is not open")
		return
	}
	depth--
}

function code(c, next_c) {
	if (c ~ /[A-Za-z0-9_-]/) {
		if (word == "")
			before = previous
		word = word c
		return 0
	}
	word_ends()
	if (c == "#")
		return 2
	if (c == "'" || c == "\"")
		push(c)
	else if (c == "(" || c == "{" || c == "[")
		push(c)
	else if (c == ")")
		pop("(")
	else if (c == "}")
		pop("{")
	else if (c == "]")
		pop("[")
	else if (c == "`")
		return 1
	else if (c == "@" && (next_c == "'" || next_c == "\""))
		fail("a here-string")
	else if ((c == "&" && next_c == "&") || (c == "?" && next_c ~ /[?.]/))
		fail("not in PowerShell 5.1: " c next_c)
	return 0
}

{
	if (/[^ -~\t]/)
		fail("a character outside ASCII")
	previous = ""
	for (i = 1; i <= length($0); i++) {
		c = substr($0, i, 1)
		next_c = substr($0, i + 1, 1)
		if (top() == "'") {
			if (c == "'" && next_c == "'")
				i++
			else if (c == "'")
				depth--
		} else if (top() == "\"") {
			if (c == "`" || (c == "\"" && next_c == "\""))
				i++
			else if (c == "\"")
				depth--
			else if (c == "$" && next_c == "(") {
				push("$(")
				i++
				c = "("
			}
		} else {
			skip = code(c, next_c)
			if (skip == 2)
				break
			i += skip
		}
		previous = c
	}
	word_ends()
	if (top() == "'" || top() == "\"") {
		fail("a quote stays open at the end of the line")
		depth--
	}
}

END {
	for (; depth; depth--)
		print "error " line_of[depth] " " open[depth] " stays open"
}
