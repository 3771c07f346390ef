#ifndef STEPS_PARTS_H
#define STEPS_PARTS_H

#include "steps/step.h"

/* Inside the steps: the seven of them, and what their judgements share. */
extern const struct step_ops step_group, step_enablement, step_methods, step_writeback,
			     step_admin, step_registration, step_notifications;

#define STRINGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

enum group_use {
	GROUP_READY,
	GROUP_MISSING,		/* step 1 creates it */
	GROUP_UNDECIDED,	/* several of that name: the operator picks */
	GROUP_UNUSABLE,		/* dynamic, on-premises, ... */
};
/* Whether the group can be worked with. *ret_why gets one sentence for
 * UNDECIDED and UNUSABLE, "" for the others. */
enum group_use group_use(const struct facts *f, const struct wanted *w,
			 const char **ret_why, struct arena *arena);
/* The id of the group, or "{group}" while it is not there. */
const char *group_ref(const struct facts *f);

/*
 * A change that a person makes. link is the part of the admin centre's address
 * after its host ("#view/..."), NULL when none is proved (facts portal-api.md
 * 6); the host is that of the cloud. The title is a format.
 */
struct change *guided_add(struct step_view *v, const struct facts *f, enum means m,
			  const char *id, const char *place, const char *link,
			  const char *title_fmt, ...) PRINTF_LIKE(7, 8);
/* Says under which setting a person's word about c is kept. */
void guided_attest(struct step_view *v, struct change *c, const char *setting,
		   const char *value);

/* Where the admin centre's own API may be used and was read, makes c a change that
 * the engine carries out by it; else leaves it to a person. After guided_attest().
 * group_name: for the scope. */
void portal_offer(struct step_view *v, const struct facts *f, const char *group_name,
		  struct change *c);

/* A setting of the admin centre that has no API, by setting_judge(): fills s
 * and returns whether it is as wanted. */
bool setting_from_evidence(struct step_view *v, const struct facts *f, struct setting *s,
			   const char *judged, const char *wanted);
/* The same for one that the runbook names no value for: wanted NULL leaves it as it
 * is, and it is shown only where it is known. */
bool setting_if_wanted(struct step_view *v, const struct facts *f, const char *key,
		       const char *name, const char *wanted);
/* A guided change of one setting that a person's word is kept for under its key. */
struct change *portal_guided(struct step_view *v, const struct facts *f, const char *key,
			     const char *place, const char *link, const char *title,
			     const char *value);
/* The newest word of a person about a setting, if it still stands, or NULL. */
const struct attestation *word_about(const struct facts *f, const char *setting);

/* "Ann Lee, Bob Roy, Cy Poe and 4 more"; the array holds pointers. */
const char *step_people_text(struct arena *arena, const struct person *const *v, size_t n);
/* "the 6 people in NAME", "the people in NAME (nobody yet)". */
const char *members_text(struct arena *arena, const struct facts *f, const struct wanted *w);
/* The name to show for a person. */
const char *step_person_text(const struct person *p);

#define ADMIN_CENTRE_IAM "#view/Microsoft_AAD_IAM/"

extern const struct step_ops step_application, step_consent;

#endif
