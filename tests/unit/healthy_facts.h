#ifndef TESTS_UNIT_HEALTHY_FACTS_H
#define TESTS_UNIT_HEALTHY_FACTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "checks/check.h"
#include "graph/base/str.h"

/*
 * Facts made by hand: a hybrid tenant in which all is well, four people in the
 * group (two synchronised) and one administrator. Tests change one thing and
 * look at one finding. Release with facts_release().
 */
#define NOW_MS 1795600800000LL	/* 25 Nov 2026, 10:00 UTC */
#define HOUR_MS (60 * 60 * 1000LL)
#define DAY_MS (24 * HOUR_MS)
#define GROUP_ID "11111111-0000-0000-0000-000000000001"

static const char *const app_phone[] = { "microsoftAuthenticatorPush", "mobilePhone" };
static const char *const app_email[] = { "softwareOneTimePasscode", "email" };

static inline struct person *add_person(struct facts *f, struct people *p, const char *id,
					const char *upn, bool synced)
{
	struct person *one;

	ARENA_GROW(&f->arena, p->v, p->n, p->cap);
	one = &p->v[p->n++];
	*one = (struct person){
		.id = id, .display_name = upn, .upn = upn, .type = USER_MEMBER,
		.enabled = TRI_YES, .synced = synced ? TRI_YES : TRI_NO,
		.licensed = TRI_YES, .licence_warning = TRI_NO, .basic_licensed = TRI_YES,
		.direct = true, .admin = TRI_NO, .row_ms = NOW_MS - 2 * HOUR_MS,
		.sspr_registered = TRI_YES, .sspr_enabled = TRI_YES, .sspr_capable = TRI_YES,
		.mfa_registered = TRI_YES, .methods = app_phone, .nmethods = 2,
	};
	return one;
}

/* Adds an event, newest last; returns it. */
static inline struct event *add_event(struct facts *f, enum event_kind kind,
				      const char *result, const char *reason, int64_t age_ms,
				      const char *correlation_id)
{
	struct audit *a = &f->audit;

	ARENA_GROW(&f->arena, a->v, a->n, a->cap);
	a->total++;
	a->v[a->n] = (struct event){
		.kind = kind, .time_ms = NOW_MS - age_ms, .activity = "activity",
		.result = result, .reason = reason, .correlation_id = correlation_id,
		.user_id = "u1", .upn = "ann@contoso.com", .actor = "ann@contoso.com",
	};
	return &a->v[a->n++];
}

static inline void healthy_method(struct facts *f, enum method_id id)
{
	struct method *m = &f->methods.method[id];

	m->present = m->enabled = true;
	m->include = arena_alloc(&f->arena, sizeof(*m->include));
	m->ninclude = 1;
	m->include[0] = (struct target){
		.id = GROUP_ID, .type = "group",
		.json = "{\"id\":\"" GROUP_ID "\",\"isUsableForSignIn\":false}",
	};
}

static inline void healthy_tenant(struct facts *f)
{
	struct sku *sku;

	f->organization = (struct organization){
		.id = "tenant", .display_name = "Contoso", .default_domain = "contoso.com",
		.tenant_type = "AAD", .sync_enabled = TRI_YES, .ever_synced = true,
		.last_sync_ms = NOW_MS - HOUR_MS / 2, .custom_domain = true,
	};
	ARENA_GROW(&f->arena, f->licences.v, f->licences.n, f->licences.cap);
	sku = &f->licences.v[f->licences.n++];
	*sku = (struct sku){
		.part_number = "SPE_E3", .status = "Enabled", .p1 = true, .people = true,
		.enabled = 25, .consumed = 20,
	};
	ARENA_GROW(&f->arena, f->sync.identities, f->sync.nidentities,
		   f->sync.identities_cap);
	f->sync.identities[f->sync.nidentities++] = (struct sync_identity){
		.id = "s1", .name = "Sync_CONNECT01_0a1b@contoso.onmicrosoft.com",
		.server = "CONNECT01",
	};
	f->sync.accounts_read = f->sync.applications_read = f->sync.jobs_read = true;
	f->authorization.admins_may_reset = TRI_YES;
	f->access.security_defaults = TRI_NO;
	f->branding.hide_reset_link = TRI_NO;
}

static inline void healthy_facts(struct facts *f)
{
	struct group *g;
	struct person *admin;

	facts_init(f);
	f->now_ms = NOW_MS;
	for (size_t i = 0; i < AREA_COUNT; i++) {
		f->source[i].state = SOURCE_READ;
		f->source[i].observed_ms = NOW_MS;
		f->source[i].request = "GET /v1.0/test";
	}
	healthy_tenant(f);
	ARENA_GROW(&f->arena, f->groups.v, f->groups.n, f->groups.cap);
	g = &f->groups.v[f->groups.n++];
	*g = (struct group){ .id = GROUP_ID, .display_name = "SSPR-Enabled-Users",
			     .security = true, .created_ms = NOW_MS - 10 * DAY_MS };
	f->groups.chosen = g;
	add_person(f, &f->members.people, "u1", "ann@contoso.com", true);
	add_person(f, &f->members.people, "u2", "bob@contoso.com", true);
	add_person(f, &f->members.people, "u3", "cem@contoso.com", false);
	add_person(f, &f->members.people, "u4", "dora@contoso.com", false)->methods = app_email;
	admin = add_person(f, &f->admins.people, "a1", "root@contoso.com", false);
	admin->admin = TRI_YES;
	healthy_method(f, METHOD_AUTHENTICATOR);
	healthy_method(f, METHOD_SMS);
	healthy_method(f, METHOD_EMAIL);
	healthy_method(f, METHOD_TAP);
	f->methods.migration = MIGRATION_COMPLETE;
	f->methods.bytes = 3000;
	f->registration = (struct registration){
		.rows = 101, .members_total = 100, .enabled_total = 4, .enabled_in_group = 4,
		.not_enabled_outside = 96, .capable_total = 4, .registered_total = 60,
		.oldest_row_ms = NOW_MS - 5 * HOUR_MS, .newest_row_ms = NOW_MS - HOUR_MS,
		.have_counts = true, .count_total = 100, .count_enabled = 4,
	};
	add_event(f, EVENT_FLOW, "success", "User completed the mobile SMS verification option",
		  DAY_MS, "c1");
	add_event(f, EVENT_RESET, "success", "Successfully completed reset.", DAY_MS, "c1");
	f->audit.flows = f->audit.resets = f->audit.written_back = 1;
	f->audit.last_written_back_ms = NOW_MS - DAY_MS;
	ARENA_GROW(&f->arena, f->ports.v, f->ports.n, f->ports.cap);
	f->ports.v[f->ports.n++] = (struct port_probe){
		.host = "login.microsoftonline.com", .port = 443, .answered = true,
		.where = "server CONNECT01",
	};
	{
		static struct held_role roles[] = {
			{ "Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf" },
		};

		f->held = (struct held_roles){ .v = roles, .n = 1 };
	}
}

/* Puts an area to a state other than READ, with a reason. */
static inline void lose_area(struct facts *f, enum area a, enum source_state state,
			     const char *why)
{
	f->source[a].state = state;
	err_set(&f->source[a].err, state == SOURCE_FORBIDDEN ? ERR_FORBIDDEN : ERR_HTTP, 403,
		"%s", why);
}

/* One row of a table: what is changed, and what a finding then says. */
struct judge_case {
	const char *what;
	void (*change)(struct facts *f);	/* NULL: nothing */
	const char *id;
	enum verdict verdict;
	enum confidence confidence;
	const char *summary;	/* a part of it, or NULL */
};

/* Runs a table and fails the test that calls it, naming the row. */
static inline void judge_cases(const struct judge_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct judge_case *c = &cases[i];
		struct findings out = { .v = NULL };
		const struct finding *one;
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		if (c->change)
			c->change(&f);
		checks_run(&f, &w, c->id, &out);
		one = findings_find(&out, c->id);
		if (!one)
			fail_msg("%s: no finding %s", c->what, c->id);
		if (one->verdict != c->verdict || one->confidence != c->confidence)
			fail_msg("%s: %s is %s (%s), not %s (%s): %s", c->what, c->id,
				 verdict_name(one->verdict), confidence_name(one->confidence),
				 verdict_name(c->verdict), confidence_name(c->confidence),
				 one->summary);
		if (c->summary && !strstr(one->summary, c->summary))
			fail_msg("%s: %s does not say '%s' but: %s", c->what, c->id, c->summary,
				 one->summary);
		assert_true(str_ends(one->summary, "."));
		if (one->verdict == VERDICT_FAIL)
			assert_true(one->remedy[0] != '\0');
		findings_clear(&out);
		facts_release(&f);
	}
}

#endif
