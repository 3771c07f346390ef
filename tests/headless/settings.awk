# Prints a simulated tenant's state file as one "path = value" line for each
# value, without what happened ("log") and when it was written down. Two states
# are the same tenant when these lines are equal.
# A string never spans lines, so a line at a time is enough.
{
	text = $0
	while (length(text)) {
		if (match(text, /^[ \t\r\n,]+/)) {
			take()
		} else if (match(text, /^"([^"\\]|\\.)*"/)) {
			word = take()
			if (kind[depth] == "{" && match(text, /^[ \t\r\n]*:/)) {
				take()
				key = substr(word, 2, length(word) - 2)
			} else {
				value(word)
			}
		} else if (match(text, /^[{[]/)) {
			where = place()
			kind[++depth] = take()
			path[depth] = where
			item[depth] = 0
			if (where == "/log")
				skip = depth
		} else if (match(text, /^[}\]]/)) {
			take()
			if (skip == depth)
				skip = 0
			depth--
		} else {
			match(text, /^[^ \t\r\n,}\]]+/)
			value(take())
		}
	}
}

function take(    head) {
	head = substr(text, 1, RLENGTH)
	text = substr(text, RLENGTH + 1)
	return head
}

function place() {
	if (!depth)
		return ""
	if (kind[depth] == "[")
		return path[depth] "/" item[depth]++
	return path[depth] "/" key
}

function value(word,    where) {
	where = place()
	if (skip || where ~ /\/(lastModifiedDateTime|lastUpdatedDateTime)$/)
		return
	print where " = " word
}
