/* Checks of benchmarks on password rules, domains, roles and registered methods. */
#include <string.h>

#include "checks/benchmark_item.h"
#include "checks/gates.h"
#include "checks/judge.h"
#include "graph/base/mem.h"

#define LINK_PASSWORDS ADMIN_CENTRE "AuthenticationMethodsMenuBlade/~/PasswordProtection"
#define LOCKOUT_TRIES 10	/* Microsoft's defaults, where none is set */
#define LOCKOUT_SECONDS 60

/* What is read of onPremisesSynchronization, which Microsoft documents for the global
 * cloud only (facts graph.md 10.9); of a cloud of one's own nobody knows. */
static bool need_features(const struct facts *f, struct findings *out, struct finding *one)
{
	if (!need_hybrid(f, out, one) || !need_area(f, out, one, AREA_SYNC))
		return false;
	if (str_same(f->cloud, "global") || str_same(f->cloud, "file"))
		return true;
	finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
		    "Does not apply: the cloud %s has no onPremisesSynchronization API.", f->cloud);
	return false;
}

ITEM_JUDGE(item_hash_sync)
{
	if (!need_features(f, out, one))
		return;
	if (f->sync.password_hash_sync == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: features.passwordSyncEnabled is not shown to us.");
		return;
	}
	area_evidence(f, out, one, AREA_SYNC, "passwordSyncEnabled: %s",
		      f->sync.password_hash_sync == TRI_YES ? "true" : "false");
	item_set(item, out, one, f->sync.password_hash_sync == TRI_YES,
		 f->sync.password_hash_sync == TRI_YES ? "It is on." : "It is off.",
		 "Turn it on in the Entra Connect wizard.");
}

ITEM_JUDGE(item_soft_match)
{
	if (!need_features(f, out, one))
		return;
	if (f->sync.soft_match_blocked == TRI_UNKNOWN || f->sync.hard_match_blocked == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the features of the synchronisation are not shown to "
			    "us.");
		return;
	}
	area_evidence(f, out, one, AREA_SYNC, "soft match %s, hard match %s",
		      f->sync.soft_match_blocked == TRI_YES ? "blocked" : "allowed",
		      f->sync.hard_match_blocked == TRI_YES ? "blocked" : "allowed");
	item_set(item, out, one, f->sync.soft_match_blocked == TRI_YES &&
		 f->sync.hard_match_blocked == TRI_YES,
		 f->sync.soft_match_blocked == TRI_YES && f->sync.hard_match_blocked == TRI_YES
		 ? "An account on premises cannot take over one in the cloud."
		 : "An account on premises can take over one in the cloud by its name or address.",
		 "Block soft and hard match once everybody is synchronised.");
}

static bool need_rules(const struct facts *f, struct findings *out, struct finding *one)
{
	one->link = LINK_PASSWORDS;
	if (!need_area(f, out, one, AREA_PASSWORDS))
		return false;
	if (!f->passwords.present)
		area_evidence(f, out, one, AREA_PASSWORDS, "no Password Rule Settings: "
			      "Microsoft's defaults hold");
	return true;
}

ITEM_JUDGE(item_banned_words)
{
	const struct password_rules *p = &f->passwords;
	bool well = p->custom_list == TRI_YES && p->words;

	if (!need_rules(f, out, one))
		return;
	if (p->present)
		area_evidence(f, out, one, AREA_PASSWORDS, "EnableBannedPasswordCheck: %s, %s",
			      p->custom_list == TRI_YES ? "true" : "false",
			      count_text(p->words, "word", &out->arena));
	item_set(item, out, one, well, well ? "Words of your own are banned."
		 : p->custom_list == TRI_YES ? "The list is on and has no word."
					     : "No words of your own are banned.",
		 "Ban the names of your house, products and places in the admin centre, Password "
		 "protection.");
}

/* Both spellings are seen (facts peers.md c6). */
static bool is_enforced(const char *mode)
{
	return str_same_nocase(mode, "Enforce") || str_same_nocase(mode, "Enforced");
}

static void tell_on_premises(const struct item *item, const struct facts *f,
			     struct findings *out, struct finding *one, bool mode_too)
{
	const struct password_rules *p = &f->passwords;
	bool on = p->on_premises == TRI_YES;

	if (!need_hybrid(f, out, one) || !need_rules(f, out, one))
		return;
	if (p->present)
		area_evidence(f, out, one, AREA_PASSWORDS,
			      "EnableBannedPasswordCheckOnPremises: %s, mode %s",
			      on ? "true" : "false", p->mode ? p->mode : "not given");
	item_set(item, out, one, on && (!mode_too || is_enforced(p->mode)),
		 !on ? "Passwords of the directory on premises are not checked."
		 : is_enforced(p->mode) || !mode_too
		 ? "Passwords of the directory on premises are checked."
		 : "Passwords of the directory on premises are only audited.",
		 "Install the agents on the domain controllers, look at the audit for some weeks, "
		 "then set the mode to Enforced.");
}

ITEM_JUDGE(item_on_premises)
{
	tell_on_premises(item, f, out, one, true);
}

ITEM_JUDGE(item_on_premises_switch)
{
	tell_on_premises(item, f, out, one, false);
}

/* Absent is Microsoft's default, which is compliant (facts peers.md c6). */
ITEM_JUDGE(item_threshold)
{
	int n = f->passwords.threshold;

	if (!need_rules(f, out, one))
		return;
	if (n >= 0)
		area_evidence(f, out, one, AREA_PASSWORDS, "LockoutThreshold: %d", n);
	item_set(item, out, one, n <= item->n, n < 0
		 ? arena_printf(&out->arena, "It is not set: the default of %d tries holds.",
				LOCKOUT_TRIES)
		 : arena_printf(&out->arena, "An account is locked after %d tries; wanted: %d at "
				"most.", n, item->n),
		 arena_printf(&out->arena, "Set the lockout threshold to %d.", item->n));
}

ITEM_JUDGE(item_duration)
{
	int n = f->passwords.duration;

	if (!need_rules(f, out, one))
		return;
	if (n >= 0)
		area_evidence(f, out, one, AREA_PASSWORDS, "LockoutDurationInSeconds: %d", n);
	item_set(item, out, one, n < 0 || n >= item->n, n < 0
		 ? arena_printf(&out->arena, "It is not set: the default of %d seconds holds.",
				LOCKOUT_SECONDS)
		 : arena_printf(&out->arena, "An account stays locked for %d seconds; wanted: %d "
				"at least.", n, item->n),
		 arena_printf(&out->arena, "Set the lockout duration to %d seconds.", item->n));
}

/* Not set is 90 days in old tenants and never in newer ones; benchmarks disagree
 * (facts peers.md c6), so it is unknown unless the benchmark passes it. */
ITEM_JUDGE(item_expiry)
{
	struct names expiring = { .n = 0 }, unset = { .n = 0 };
	const char *expire, *not_set;
	size_t domains = 0;

	if (!need_area(f, out, one, AREA_DOMAINS))
		return;
	for (size_t i = 0; i < f->domains.n; i++) {
		const struct domain *d = &f->domains.v[i];

		/* A subdomain follows its root, and federation sets its own rules. */
		if (!d->root || !d->verified || d->federated)
			continue;
		domains++;
		if (d->validity_days < 0)
			names_add(&unset, d->name);
		else if (d->validity_days != PASSWORDS_NEVER_EXPIRE)
			names_add(&expiring, d->name);
	}
	expire = names_text(&expiring, &out->arena);
	not_set = names_text(&unset, &out->arena);
	area_evidence(f, out, one, AREA_DOMAINS, "%s, expiring: %s, not set: %s",
		      count_text(domains, "root domain", &out->arena), expiring.n ? expire : "none",
		      unset.n ? not_set : "none");
	if (expiring.n || !domains) {
		item_set(item, out, one, false, domains
			 ? arena_printf(&out->arena, "Passwords expire in %s.", expire)
			 : "There is no verified domain of the cloud's own.",
			 "Let passwords never expire, and make people change them only when there "
			 "is a reason.");
	} else if (unset.n && !item->n) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell for %s: it is "
			    "not set, which means 90 days in older tenants and never in newer "
			    "ones.", not_set);
		finding_remedy(out, one, "Set passwords to never expire in the Microsoft 365 admin "
			       "centre, Security & privacy.");
	} else {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, unset.n
			    ? "Passwords do not expire, or it is not set."
			    : "Passwords do not expire.");
	}
}

ITEM_JUDGE(item_global_admins)
{
	struct names names = { .n = 0 };
	const char *text;
	size_t groups = 0;

	if (!need_area(f, out, one, AREA_ROLES))
		return;
	for (size_t i = 0; i < f->roles.n; i++) {
		const struct role_holder *h = &f->roles.v[i];

		groups += h->global && h->group;
		if (h->global && !h->group && !h->application)
			names_add(&names, h->upn ? h->upn : h->name);
	}
	text = names_text(&names, &out->arena);
	area_evidence(f, out, one, AREA_ROLES, "%s", names.n ? text : "nobody");
	if (groups) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell: %s the role "
			    "too, whose people were not read.",
			    groups == 1 ? "a group has" : "groups have");
		finding_remedy(out, one, "Count the people of that group with the %zu others.",
			       names.n);
		return;
	}
	item_set(item, out, one, names.n >= (size_t)item->least && names.n <= (size_t)item->n,
		 arena_printf(&out->arena, "%s the role Global Administrator; wanted: %d to %d. "
			      "Whoever is only eligible for it is not counted.",
			      names.n == 1 ? "1 person has" :
			      arena_printf(&out->arena, "%zu people have", names.n),
			      item->least, item->n),
		 "Give smaller roles to whoever does not need all rights, and keep two emergency "
		 "accounts.");
}

ITEM_JUDGE(item_cloud_admins)
{
	struct names names = { .n = 0 };
	const char *text;
	size_t people = 0;

	if (!need_area(f, out, one, AREA_ROLES))
		return;
	for (size_t i = 0; i < f->roles.n; i++) {
		const struct role_holder *h = &f->roles.v[i];

		if (h->group || h->application)
			continue;
		people++;
		if (h->synced == TRI_YES)
			names_add(&names, h->upn ? h->upn : h->name);
	}
	text = names_text(&names, &out->arena);
	area_evidence(f, out, one, AREA_ROLES, "%zu of %zu holders of the strongest roles are "
		      "synchronised%s%s", names.n, people, names.n ? ": " : "", text);
	item_set(item, out, one, !names.n, names.n
		 ? arena_printf(&out->arena, "%s from the directory on premises: %s.",
				names.n == 1 ? "1 administrator comes" :
				arena_printf(&out->arena, "%zu administrators come", names.n), text)
		 : "The strongest roles are held by accounts of the cloud alone.",
		 "Give the role to a separate account that exists in the cloud only.");
}

ITEM_JUDGE(item_mfa_capable)
{
	const struct registration *r = &f->registration;
	struct names names = { .n = 0 };
	const char *text;

	one->link = LINK_REGISTRATION;
	if (!need_area(f, out, one, AREA_REGISTRATION))
		return;
	if (!r->mfa_members) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report has no row.");
		return;
	}
	for (size_t i = 0; i < r->nmfa_gaps && i < MFA_GAPS_KEPT; i++)
		names_add(&names, r->mfa_gaps[i]);
	names.n = r->nmfa_gaps;
	text = names_text(&names, &out->arena);
	area_evidence(f, out, one, AREA_REGISTRATION, "isMfaCapable: %zu of %zu%s%s",
		      r->mfa_capable, r->mfa_members, names.n ? "; not: " : "", text);
	item_set(item, out, one, !r->nmfa_gaps,
		 arena_printf(&out->arena, "%zu of %zu members are MFA capable.", r->mfa_capable,
			      r->mfa_members),
		 "Let the others register a strong method.");
}

ITEM_JUDGE(item_strong_all)
{
	const struct registration *r = &f->registration;

	one->link = LINK_REGISTRATION;
	if (!need_area(f, out, one, AREA_REGISTRATION))
		return;
	if (!r->mfa_members) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report has no row.");
		return;
	}
	area_evidence(f, out, one, AREA_REGISTRATION, "passkeys, Windows Hello and their kin: "
		      "%zu of %zu", r->strong_members, r->mfa_members);
	item_set(item, out, one, r->strong_members == r->mfa_members,
		 arena_printf(&out->arena, "%zu of %zu members have registered a "
			      "phishing-resistant method.", r->strong_members, r->mfa_members),
		 "Let the others register a passkey.");
}

ITEM_JUDGE(item_strong_admins)
{
	struct names names = { .n = 0 };
	const char *text;

	if (!need_area(f, out, one, AREA_ADMINS))
		return;
	if (!f->admins.people.n) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report names no administrator.");
		return;
	}
	for (size_t i = 0; i < f->admins.people.n; i++) {
		const struct person *p = &f->admins.people.v[i];
		bool strong = false;

		for (size_t k = 0; k < p->nmethods; k++)
			strong = strong || method_is_strong(p->methods[k]);
		if (!strong)
			names_add(&names, person_label(p));
	}
	text = names_text(&names, &out->arena);
	area_evidence(f, out, one, AREA_ADMINS, "without a phishing-resistant method: %s",
		      names.n ? text : "nobody");
	item_set(item, out, one, !names.n,
		 arena_printf(&out->arena, "%zu of %zu administrators have registered a "
			      "phishing-resistant method.", f->admins.people.n - names.n,
			      f->admins.people.n),
		 "Let the others register a passkey.");
}
