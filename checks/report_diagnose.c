#include "checks/diagnose.h"
#include "checks/judge.h"
#include "checks/report.h"

#include "graph/base/clock.h"

static bool is_cause(const struct finding *one)
{
	return one->verdict == VERDICT_FAIL || one->verdict == VERDICT_WARN;
}

static const char *can_text(enum tri can)
{
	switch (can) {
	case TRI_YES:
		return "can reset the password";
	case TRI_NO:
		return "cannot reset the password";
	case TRI_UNKNOWN:
		break;
	}
	return "may or may not be able to reset: something could not be read";
}

static void add_cause(struct json *list, const struct finding *one)
{
	struct json *obj = json_append(list, report_finding_json(one));
	const char *name = runbook_case_title(diagnose_case(one));

	json_remove(obj, "area");
	if (name)
		json_add_string(obj, "runbookCase", name);
	else
		json_add_null(obj, "runbookCase");
}

struct json *report_diagnose_json(const struct facts *f, const struct person *p, enum tri can,
				  const struct findings *findings)
{
	struct json *doc = json_new_object(), *list;
	struct arena arena = { 0 };

	json_add_string(doc, "schema", "sspr-wizard/diagnose/1");
	json_add(doc, "tenant", report_tenant(f));
	json_add_string(doc, "observedAt",
			time_format(f->now_ms, arena_alloc(&arena, TIME_TEXT)));
	json_add_string(doc, "user", person_label(p));
	json_add_string(doc, "id", p->id);
	if (can == TRI_UNKNOWN)
		json_add_null(doc, "canReset");
	else
		json_add_bool(doc, "canReset", can == TRI_YES);
	list = json_add_array(doc, "causes");
	for (size_t i = 0; i < findings->n; i++)
		if (is_cause(&findings->v[i]))
			add_cause(list, &findings->v[i]);
	list = json_add_array(doc, "facts");
	for (size_t i = 0; i < findings->n; i++)
		json_append(list, report_finding_json(&findings->v[i]));
	json_add_string(doc, "message", diagnose_message(f, p, can, findings, &arena));
	arena_clear(&arena);
	return doc;
}

static void put_causes(const struct facts *f, const struct findings *findings, int columns,
		       bool ascii, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *one = &findings->v[i];
		const char *name = runbook_case_title(diagnose_case(one));

		if (!is_cause(one))
			continue;
		if (!n++)
			str_add(out, "\nWhat is in the way\n");
		report_finding_text(one, f->now_ms, columns, ascii, out);
		if (name)
			str_addf(out, "            Runbook, Troubleshooting: %s\n", name);
	}
}

void report_diagnose_text(const struct facts *f, const struct person *p, enum tri can,
			  const struct findings *findings, int columns, bool ascii,
			  struct str *out)
{
	struct arena arena = { 0 };
	const char *message = diagnose_message(f, p, can, findings, &arena);
	bool any = false;
	char when[TIME_TEXT];

	str_addf(out, "%s %s (%s).\n", person_label(p), can_text(can),
		 time_format(f->now_ms, when));
	put_causes(f, findings, columns, ascii, out);
	for (size_t i = 0; i < findings->n; i++) {
		if (is_cause(&findings->v[i]))
			continue;
		if (!any)
			str_add(out, "\nWhat was looked at besides\n");
		any = true;
		report_finding_text(&findings->v[i], f->now_ms, columns, ascii, out);
	}
	str_addf(out, "\nTo tell the person\n\n%s", message);
	arena_clear(&arena);
}
