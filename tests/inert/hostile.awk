# A saved tenant in which every name, reason and description is an attack, and
# every sign-in name begins with one. What the tests look for stays readable:
# the group of the rollout and the administrator who is signed in.
function attack(i) {
	return attacks[i % count]
}
BEGIN {
	FS = "\""
	count = split("=cmd|' /C calc'!A0@@+1+1@@-2+3@@\\t=1+1@@<script>alert(1)</script>" \
		"@@\\\"><img src=x onerror=alert(1)>@@</td></table><h1>No report</h1>" \
		"@@<a href=javascript:alert(1)>a</a>@@[a](javascript:alert(1)) **b** `c`" \
		"@@a | b | c\\n| d | e@@![a](https://evil.example/a.png)" \
		"@@# h\\n\\n- list\\n\\n---@@<https://evil.example>@@https://evil.example/b" \
		"@@\\u001b[31mred\\u001b[0m@@a\\u202eb\\u2066c@@\\\",\\\"=1+1@@a\\u2028b\\u0085c" \
		"@@~~gone~~ _a_ &lt;b&gt; &#60;i&#62;@@-->]]></style></script><svg onload=alert(1)>" \
		"@@\xef\xbc\x9d1+1@@a\\u0000b@@SUM(1+1)*cmd|' /C calc'!A0", attacks, "@@")
	attacks[0] = attacks[count]
	# At the beginning of a sign-in name.
	heads = split("=cmd|'|+1+|-2-|<b>|[a](b)|\\\"><img src=x>|`|*|<!--", head, "|")
}
# Names of settings in the log are Microsoft's, not a person's.
/"modifiedProperties": \[/ { settings = 1 }
/\]/ { settings = 0 }
/"(displayName|description|jobTitle|department|userDisplayName)": "/ {
	if (!settings && $4 !~ /^(SSPR|ConnectSync)/)
		sub(/": ".*"/, "\": \"" escaped(attack(NR)) "\"")
}
# What is judged by how it begins goes on with one, the same for the same text.
/"(resultReason|skuPartNumber)": "/ { sub(/",?$/, escaped(attack(length($4))) "&") }
/"userPrincipalName": "[a-z.]*@contoso.com"/ && $4 != "admin@contoso.com" {
	sub(/": "/, "\": \"" escaped(head[length($4) % heads + 1]))
}
{ print }
# Text for the right side of sub().
function escaped(text) {
	gsub(/\\/, "\\\\&", text)
	gsub(/&/, "\\\\&", text)
	return text
}
