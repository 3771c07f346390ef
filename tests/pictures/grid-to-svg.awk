# Turns a text dump of a screen into an SVG picture for the documents.
# usage: awk -v title="..." -f tests/pictures/grid-to-svg.awk tests/screens/step.txt >man/screen.svg
#
# Every character stands at its own place, so that the columns are right in any
# monospace font. Wide characters are not expected in the pictures.
BEGIN {
	wide = 8.4	# of one column at 14 px
	high = 18
	columns = 80
}

{
	line[NR] = $0
	if (columns_of($0) > columns)
		columns = columns_of($0)
}

END {
	w = columns * wide + 24
	h = NR * high + 24
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.1f %d\" ", w, h
	printf "role=\"img\" aria-label=\"%s\">\n", escaped(title)
	printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#1b1d23\"/>\n"
	printf "<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" "
	printf "font-size=\"14\" fill=\"#d7dae0\" xml:space=\"preserve\">\n"
	for (i = 1; i <= NR; i++)
		put_line(line[i], 12 + i * high - 4)
	print "</g>\n</svg>"
}

# Words keep together; each starts at its column.
function put_line(text, y,    column, word, c, start) {
	column = 0
	word = ""
	while (length(text)) {
		c = first_character(text)
		text = substr(text, length(c) + 1)
		if (c == " ") {
			put_word(word, start, y, column - start)
			word = ""
		} else {
			if (word == "")
				start = column
			word = word c
		}
		column++
	}
	put_word(word, start, y, column - start)
}

function put_word(word, column, y, n) {
	if (word == "")
		return
	printf "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\"%s>%s</text>\n", \
		12 + column * wide, y, n * wide, colour(word), escaped(word)
}

# State by word and glyph; colour only helps.
function colour(word) {
	if (word ~ /^(✓|done$|ok$|pass$)/)
		return " fill=\"#8bd49c\""
	if (word ~ /^(!$|WARN$|unknown$|DEMO$)/)
		return " fill=\"#e5c07b\""
	if (word ~ /^(✗|FAIL$|fails$|failed$)/)
		return " fill=\"#ef7d7d\""
	if (word ~ /^(▸|☞)/)
		return " fill=\"#7cc0ff\""
	if (word ~ /^[─│┌┐└┘├┤┬┴┼]/)
		return " fill=\"#5c6370\""
	return ""
}

# The first UTF-8 character, whether awk counts bytes or characters.
function first_character(text,    n, c) {
	c = substr(text, 1, 1)
	if (c < "\200" || length("é") == 1)
		return c
	for (n = 1; n < 4 && is_tail(substr(text, n + 1, 1)); n++)
		;
	return substr(text, 1, n)
}

function is_tail(c) {
	return c >= "\200" && c <= "\277"
}

function columns_of(text,    n) {
	for (n = 0; length(text); n++)
		text = substr(text, length(first_character(text)) + 1)
	return n
}

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}
