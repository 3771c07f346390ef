#ifndef CHECKS_JUDGE_H
#define CHECKS_JUDGE_H

#include "checks/check.h"
#include "graph/base/str.h"

/* Inside the checks: the opening moves that many of them share. */

/* Each entry of the table in check.c. */
void judge_licence(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_connect(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_sync_health(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_domains(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_writeback(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_group(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_members(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_registration(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_registered(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_methods(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_admins(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_access(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_monitoring(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_permissions(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_target(const struct facts *f, const struct wanted *w, struct findings *out);
void judge_ports(const struct facts *f, const struct wanted *w, struct findings *out);

/* Whether an area was read. If not, the finding is UNKNOWN, or NOT_APPLICABLE
 * where this cloud has no such thing, with the reason. */
bool need_area(const struct facts *f, struct findings *out, struct finding *one, enum area a);
/* Whether the tenant is hybrid. A cloud-only one gets NOT_APPLICABLE. */
bool need_hybrid(const struct facts *f, struct findings *out, struct finding *one);
/* Whether the group is there and chosen; else says why not. */
bool need_group(const struct facts *f, const struct wanted *w, struct findings *out,
		struct finding *one);
/* The same, and its members are read. */
bool need_members(const struct facts *f, const struct wanted *w, struct findings *out,
		  struct finding *one);

/* Evidence from an area: its request, and when it was observed. */
#define area_evidence(f, out, one, a, ...)						\
	finding_evidence((out), (one), (f)->source[a].request, (f)->source[a].observed_ms, \
			 __VA_ARGS__)

/* "ann@contoso.com, bob@contoso.com and 3 more". Zero is valid and empty. */
struct names {
	struct str text;
	size_t n;
};
void names_add(struct names *names, const char *name);
/* The text, copied to the arena; frees the list's own memory, keeps n. */
const char *names_text(struct names *names, struct arena *arena);
/* What a person is called in findings: sign-in name, else name, else id. */
const char *person_label(const struct person *p);
/* A person of the directory who can sign in: who a rollout is for. */
bool person_counts(const struct person *p);
/* Whether the event blocks its person for 24 hours (facts graph.md 8.4). */
bool event_blocks(const struct event *e);
/* "1 person", "3 people". */
const char *count_people(size_t n, struct arena *arena);
/* "1 reset", "3 resets". */
const char *count_text(size_t n, const char *what, struct arena *arena);

#define ADMIN_CENTRE "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/"
#define LINK_GROUPS ADMIN_CENTRE "GroupsManagementMenuBlade/~/AllGroups"
#define LINK_METHODS ADMIN_CENTRE "AuthenticationMethodsMenuBlade/~/AdminAuthMethods"
#define LINK_REGISTRATION ADMIN_CENTRE "AuthenticationMethodsMenuBlade/~/UserRegistrationDetails"
#define LINK_ACTIVITY ADMIN_CENTRE "AuthenticationMethodsMenuBlade/~/AuthMethodsActivity"
#define LINK_WRITEBACK ADMIN_CENTRE "PasswordResetMenuBlade/~/OnPremisesIntegration"
#define LINK_ADMIN ADMIN_CENTRE "PasswordResetMenuBlade/~/AdminPasswordResetPolicy"
#define LINK_COUNT ADMIN_CENTRE "PasswordResetMenuBlade/~/AuthenticationMethods"
#define LINK_CONNECT "https://entra.microsoft.com/#view/Microsoft_AAD_Connect_Provisioning/" \
	"AADConnectMenuBlade/~/ConnectSync"
#define LINK_DOCS "https://learn.microsoft.com/entra/identity/authentication/"

#endif
