#include "checks/acceptance.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"

/* The next part of a text, without the spaces around it; NULL at its end. */
static char *next_part(char **rest)
{
	char *part = *rest, *end;

	if (!part)
		return NULL;
	end = strchr(part, ';');
	*rest = end ? end + 1 : NULL;
	if (!end)
		end = part + strlen(part);
	part += strspn(part, " \t");
	while (end > part && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return part;
}

int acceptance_parse(char *text, struct acceptance *ret, struct err *err)
{
	char *rest = text, *reason = next_part(&rest), *owner = next_part(&rest);
	char *date = next_part(&rest), whole[TIME_TEXT];

	if (!reason || !owner || !date || rest || !*reason || !*owner || strlen(date) != 10)
		return err_set(err, ERR_INVALID, 0,
			       "what is accepted needs \"reason; owner; YYYY-MM-DD\"");
	snprintf(whole, sizeof(whole), "%sT23:59:59Z", date);
	if (time_parse(whole, &ret->until_ms) < 0)
		return err_set(err, ERR_INVALID, 0, "\"%s\" is no date", date);
	ret->reason = reason;
	ret->owner = owner;
	return 0;
}

void findings_accept(struct findings *f, const struct acceptance *v, size_t n, int64_t now_ms)
{
	char date[TIME_TEXT];

	for (size_t i = 0; i < f->n; i++) {
		struct finding *one = &f->v[i];

		if (one->verdict != VERDICT_WARN && one->verdict != VERDICT_FAIL)
			continue;
		for (size_t k = 0; k < n; k++) {
			bool over = now_ms > v[k].until_ms;

			if (!str_same(v[k].id, one->id))
				continue;
			finding_evidence(f, one, "the profile", 0,
					 "accepted by %s until %s%s: %s", v[k].owner,
					 time_format_date(v[k].until_ms, date),
					 over ? ", which is over" : "", v[k].reason);
			if (!over)
				finding_set(f, one, VERDICT_ACCEPTED, one->confidence,
					    "Accepted by %s until %s: %s. %s", v[k].owner, date,
					    v[k].reason, one->summary);
			break;
		}
	}
}
