#ifndef CHECKS_BENCHMARK_ITEM_H
#define CHECKS_BENCHMARK_ITEM_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "graph/base/json.h"

/* Inside the benchmarks: which is meant, and how one of their checks is told. */
enum { CIS_1 = 1, CIS_2 = 2, SCUBA = 4, ASD = 8, EIDSCA = 16, ZTA = 32, SCORE = 64 };

/* One check of a benchmark: what it is of, and what it wants. */
struct item {
	unsigned of;
	const char *id, *title;
	void (*judge)(const struct item *item, const struct facts *f, struct findings *out,
		      struct finding *one);
	const char *name;	/* of a setting, property or control; or why not */
	const char *want;	/* its value */
	const char *runbook;	/* where the runbook wants something else */
	int n, least;		/* a method, a limit, how a value not set counts */
	bool should;		/* a recommendation: WARN, not FAIL */
	bool later;		/* a pilot may be without it */
};
extern const struct item benchmark_items[];
extern const size_t nbenchmark_items;

/* FAIL, or WARN for a recommendation. */
enum verdict item_bad(const struct item *item);
/* PASS when well, else item_bad(); summary and remedy said alike. */
void item_set(const struct item *item, struct findings *out, struct finding *one, bool well,
	      const char *summary, const char *remedy);

#define ITEM_JUDGE(name)								\
	void name(const struct item *item, const struct facts *f, struct findings *out,	\
		  struct finding *one)

/* benchmark.c */
ITEM_JUDGE(item_setting);	/* a setting without an API; name, want */
ITEM_JUDGE(item_manual);	/* nothing that Graph tells; name says why */
ITEM_JUDGE(item_reconfirm);
ITEM_JUDGE(item_admin_reset);
ITEM_JUDGE(item_score);		/* a control of Secure Score; name */
/* benchmark_methods.c */
ITEM_JUDGE(item_off);		/* the methods of the mask n are off */
ITEM_JUDGE(item_on);		/* the method n is on */
ITEM_JUDGE(item_property);	/* name (a path) of the method n is want */
ITEM_JUDGE(item_feature);	/* feature name of Authenticator; n: FEATURE_*, what of it */
#define FEATURE_STATE 1		/* it is on */
#define FEATURE_WHOM 2		/* it is for everybody */
ITEM_JUDGE(item_fatigue);
ITEM_JUDGE(item_sms_sign_in);
ITEM_JUDGE(item_migration);
ITEM_JUDGE(item_campaign);
ITEM_JUDGE(item_groups_exist);
ITEM_JUDGE(item_system_preferred);
ITEM_JUDGE(item_report_suspicious);
ITEM_JUDGE(item_companion_apps);
ITEM_JUDGE(item_questions);
/* benchmark_access.c */
ITEM_JUDGE(item_mfa);		/* n: of whom and how strong, MFA_* */
ITEM_JUDGE(item_managed);	/* n: at registration (0) or at sign-in (1) */
ITEM_JUDGE(item_registration_place);
ITEM_JUDGE(item_device_code);
#define MFA_ALL 1
#define MFA_STRONG 2
/* benchmark_directory.c */
ITEM_JUDGE(item_hash_sync);
ITEM_JUDGE(item_soft_match);
ITEM_JUDGE(item_banned_words);
ITEM_JUDGE(item_on_premises);
ITEM_JUDGE(item_on_premises_switch);
ITEM_JUDGE(item_threshold);
ITEM_JUDGE(item_duration);
ITEM_JUDGE(item_expiry);	/* n: a value not set passes */
ITEM_JUDGE(item_global_admins);	/* from least to n */
ITEM_JUDGE(item_cloud_admins);
ITEM_JUDGE(item_mfa_capable);
ITEM_JUDGE(item_strong_admins);
ITEM_JUDGE(item_strong_all);

#endif
