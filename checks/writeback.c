/* Password writeback. No API tells it; features.passwordWritebackEnabled is not
 * in use and is never read (facts graph.md 2.2). */
#include "checks/judge.h"

#include "checks/servers.h"
#include "checks/server_events.h"
#include "graph/base/clock.h"

#define LINK_TROUBLE LINK_DOCS "troubleshoot-sspr-writeback"

static void trace_evidence(const struct facts *f, struct findings *out, struct finding *one)
{
	const struct audit *a = &f->audit;
	char when[TIME_TEXT];

	if (a->writeback_on_ms)
		area_evidence(f, out, one, AREA_AUDIT, "enabled on %s",
			      time_format(a->writeback_on_ms, when));
	if (a->writeback_off_ms)
		area_evidence(f, out, one, AREA_AUDIT, "disabled on %s",
			      time_format(a->writeback_off_ms, when));
	if (a->last_written_back_ms)
		area_evidence(f, out, one, AREA_AUDIT, "%s written back, the last on %s",
			      count_text(a->written_back, "password", &out->arena),
			      time_format(a->last_written_back_ms, when));
	if (a->last_writeback_failure_ms)
		area_evidence(f, out, one, AREA_AUDIT, "last failure on %s: %s",
			      time_format(a->last_writeback_failure_ms, when),
			      a->last_writeback_failure ? a->last_writeback_failure : "?");
}

/* The tenant's switch alone is half of it: does anything show the server's? */
static bool server_shows(const struct facts *f, struct arena *arena)
{
	enum confidence confidence;
	const char *how;
	int64_t time_ms;

	return str_same(writeback_server_judge(f, &confidence, &how, &time_ms, arena), "on");
}

/*
 * What an imported document of the server says, read there: a cause that stops
 * everything, or a password that was written back, which proves both ends. False
 * when it decides nothing. A reset that the cloud saw later speaks louder.
 */
static bool judge_by_server(const struct facts *f, struct findings *out, struct finding *one)
{
	const struct server_facts *s = &f->server;
	struct server_causes causes;
	char date[TIME_TEXT];

	if (!server_facts_stand(s, f->now_ms))
		return false;
	servers_doctor(f, &causes, &out->arena);
	finding_evidence(out, one, s->where, s->collected_ms, "writeback enabled: %s",
			 s->writeback == SERVER_YES ? "yes"
			 : s->writeback == SERVER_NO ? "no" : "not known");
	for (size_t i = 0; i < causes.n; i++)
		finding_evidence(out, one, s->where, s->collected_ms, "%s", causes.v[i].what);
	if (causes.n && causes.v[0].verdict == VERDICT_FAIL) {
		if (facts_read(f, AREA_AUDIT) && f->audit.last_written_back_ms > s->collected_ms)
			return false;
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED, "On %s: %s", s->where,
			    causes.v[0].what);
		finding_remedy(out, one, "%s", causes.v[0].remedy);
		return true;
	}
	if (s->writeback != SERVER_YES || !server_event_last(s, 31002) ||
	    (facts_read(f, AREA_AUDIT) && f->audit.writeback_off_ms > server_event_last(s, 31002)))
		return false;
	finding_set(out, one, causes.n ? VERDICT_WARN : VERDICT_PASS, CONFIDENCE_PROVED,
		    "On %s writeback is on, and a reset was written back on %s%s%s", s->where,
		    time_format_date(server_event_last(s, 31002), date),
		    causes.n ? "; but: " : ".", causes.n ? causes.v[0].what : "");
	finding_remedy(out, one, "%s", causes.n ? causes.v[0].remedy : "");
	return true;
}

static void judge_prereq(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.writeback", "writeback",
					   "Password writeback");
	const struct audit *a = &f->audit;
	enum confidence confidence;
	const char *how, *value;
	int64_t time_ms;

	one->link = LINK_WRITEBACK;
	if (!need_hybrid(f, out, one))
		return;
	if (!w->writeback) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: writeback is not wanted.");
		return;
	}
	value = setting_judge(f, "writeback.tenant", &confidence, &how, &time_ms, &out->arena);
	if (facts_read(f, AREA_AUDIT))
		trace_evidence(f, out, one);
	finding_remedy(out, one, "Step 4 leads through it. The script of `sspr-wizard "
		       "server-script` reads it on the Connect server, `sspr-wizard import` takes "
		       "in its result.");
	if (judge_by_server(f, out, one))
		return;
	/* On is proved by a reset that came through; all else lets it be inferred. */
	if (str_same(value, "on") && confidence == CONFIDENCE_PROVED && !a->last_written_back_ms)
		confidence = CONFIDENCE_LIKELY;
	if (confidence == CONFIDENCE_CONTRADICTED)
		finding_set(out, one, VERDICT_WARN, confidence, "%s", how);
	else if (!value && !facts_read(f, AREA_AUDIT))
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell: %s.",
			    facts_why_unknown(f, AREA_AUDIT, &out->arena));
	else if (!value)
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: no API says it, and the audit log of 30 days has no "
			    "trace of it.");
	else if (str_same(value, "off"))
		finding_set(out, one, VERDICT_FAIL, confidence, "Writeback is off. %s", how);
	else if (a->last_writeback_failure_ms > a->last_written_back_ms)
		finding_set(out, one, VERDICT_WARN, confidence,
			    "Writeback is on, but the last attempt failed. %s", how);
	else if (!server_shows(f, &out->arena))
		finding_set(out, one, VERDICT_WARN, confidence,
			    "The tenant's switch is on, but nothing shows that the server's is. "
			    "%s", how);
	else
		finding_set(out, one, VERDICT_PASS, confidence, "Writeback is on. %s", how);
	if (one->verdict == VERDICT_PASS)
		one->remedy = "";
}

static bool failed_on_premises(const struct event *e)
{
	return str_same_nocase(e->result, "failure") && e->reason &&
	       str_find_nocase(e->reason, "on-premises");
}

/* Attempts, not events: an attempt leaves several of them, one after another. */
static size_t count_failures(const struct audit *a)
{
	const struct event *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct event *e = &a->v[i];

		if (!failed_on_premises(e))
			continue;
		n += !last || !str_same(last->correlation_id, e->correlation_id);
		last = e;
	}
	return n;
}

static void judge_failures(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.writeback-failures", "writeback",
					   "Writeback failures");
	const struct audit *a = &f->audit;
	size_t n;

	one->link = LINK_TROUBLE;
	if (!need_hybrid(f, out, one) || !need_area(f, out, one, AREA_AUDIT))
		return;
	n = count_failures(a);
	trace_evidence(f, out, one);
	if (!a->last_writeback_failure_ms) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No writeback failed in the last 30 days (%zu succeeded).",
			    a->written_back);
		return;
	}
	finding_set(out, one, a->last_writeback_failure_ms > a->last_written_back_ms
		    ? VERDICT_FAIL : VERDICT_WARN, CONFIDENCE_PROVED,
		    "%s did not reach the on-premises directory; %s.",
		    count_text(n ? n : 1, "attempt", &out->arena),
		    a->last_writeback_failure_ms > a->last_written_back_ms
		    ? "none has succeeded since the last failure"
		    : "a later one succeeded");
	finding_remedy(out, one, "On the Connect server: is the service running, is writeback "
		       "on, are port 443 to Service Bus and the domain controllers reachable? "
		       "See events of PasswordResetService in the Application log.");
}

void judge_writeback(const struct facts *f, const struct wanted *w, struct findings *out)
{
	judge_prereq(f, w, out);
	judge_failures(f, out);
}
