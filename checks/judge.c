#include "checks/judge.h"

#include <string.h>

#include "graph/base/str.h"

#define NAMES_SHOWN 5	/* as many as fit a sentence; the rest is counted */

/* Why a request was in vain, without naming it twice, and the id by which
 * Microsoft finds it. */
static void unread_evidence(struct findings *out, struct finding *one, const struct source *s)
{
	const char *why = s->err.msg[0] ? s->err.msg : "not answered";
	size_t n = strlen(s->request);

	if (str_starts(why, s->request) && str_starts(why + n, ": "))
		why += n + 2;
	finding_evidence(out, one, s->request, s->observed_ms, "%s%s%s", why,
			 s->err.request_id[0] ? "; request id " : "", s->err.request_id);
}

bool need_area(const struct facts *f, struct findings *out, struct finding *one, enum area a)
{
	const struct source *s = &f->source[a];
	const char *why;

	if (s->state == SOURCE_READ)
		return true;
	why = facts_why_unknown(f, a, &out->arena);
	if (s->state == SOURCE_ABSENT)
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: %s.", why);
	else
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell: %s.",
			    why);
	if (s->err.todo[0])
		finding_remedy(out, one, "%s", s->err.todo);
	if (s->request && s->request[0])
		unread_evidence(out, one, s);
	return false;
}

bool need_hybrid(const struct facts *f, struct findings *out, struct finding *one)
{
	if (!need_area(f, out, one, AREA_ORGANIZATION))
		return false;
	if (facts_hybrid(f) == TRI_YES)
		return true;
	finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
		    "Does not apply: the tenant is cloud-only, nothing was ever synchronised "
		    "from an on-premises directory.");
	area_evidence(f, out, one, AREA_ORGANIZATION, "onPremisesSyncEnabled is not set");
	return false;
}

bool need_group(const struct facts *f, const struct wanted *w, struct findings *out,
		struct finding *one)
{
	if (!need_area(f, out, one, AREA_GROUP))
		return false;
	if (!f->groups.n) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply yet: there is no group %s.", w->group_name);
		return false;
	}
	if (!f->groups.chosen) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: which group named %s is meant is not decided.",
			    w->group_name);
		finding_remedy(out, one, "See the finding on the group.");
		return false;
	}
	return true;
}

bool need_members(const struct facts *f, const struct wanted *w, struct findings *out,
		  struct finding *one)
{
	return need_group(f, w, out, one) && need_area(f, out, one, AREA_MEMBERS);
}

void names_add(struct names *names, const char *name)
{
	if (names->n++ >= NAMES_SHOWN)
		return;
	str_addf(&names->text, "%s%s", names->n > 1 ? ", " : "", name);
}

const char *names_text(struct names *names, struct arena *arena)
{
	const char *ret;

	if (names->n > NAMES_SHOWN)
		str_addf(&names->text, " and %zu more", names->n - NAMES_SHOWN);
	ret = arena_strdup(arena, str_text(&names->text));
	str_release(&names->text);
	return ret;
}

const char *person_label(const struct person *p)
{
	if (p->upn)
		return p->upn;
	if (p->display_name)
		return p->display_name;
	return p->id ? p->id : "(no name)";
}

bool person_counts(const struct person *p)
{
	return p->type == USER_MEMBER && p->enabled != TRI_NO;
}

const char *count_people(size_t n, struct arena *arena)
{
	return n == 1 ? "1 person" : arena_printf(arena, "%zu people", n);
}

const char *count_text(size_t n, const char *what, struct arena *arena)
{
	return arena_printf(arena, "%zu %s%s", n, what, n == 1 ? "" : "s");
}
