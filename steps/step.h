#ifndef STEPS_STEP_H
#define STEPS_STEP_H

#include <stddef.h>

#include "checks/check.h"
#include "checks/facts.h"
#include "checks/wanted.h"
#include "steps/plan.h"

/*
 * A step of the runbook: pure functions of facts and wanted values. A step
 * never sends and never waits. The engine reads the areas it names, shows the
 * plan, carries it out, reads again: the plan must then be empty.
 */
struct setting {
	const char *name;		/* "Number of methods required" */
	const char *key;		/* "methods.required": stable */
	const char *current, *wanted;	/* never NULL; "?" = not known */
	bool matches;
	enum confidence confidence;
	const char *how;		/* how we know; "" if plain */
};

/* Where the value of a setting was found: the request that was made, a document, or
 * a person's word. Never NULL. */
const char *setting_source(const struct facts *f, const struct setting *s);

struct note {				/* what the operator must know here */
	bool warning;
	const char *text;
};

enum step_state {
	STEP_DONE, STEP_CHANGES, STEP_GUIDED, STEP_BLOCKED, STEP_UNKNOWN,
	STEP_NOT_APPLICABLE,
};
const char *step_state_name(enum step_state s);	/* "not-applicable", ... */
const char *step_state_word(enum step_state s);	/* "1 to do in the portal"... short word */

/* One step as it stands: what screens, plan JSON and the engine work from. */
struct step_view {
	const struct step_ops *ops;
	struct arena arena;
	enum step_state state;
	const char *reason;		/* for BLOCKED, UNKNOWN, NOT_APPLICABLE */
	struct setting *settings;
	size_t nsettings, settings_cap;
	struct note *notes;
	size_t nnotes, notes_cap;
	struct plan plan;
};

struct step_ops {
	const char *id;			/* "group": in journals, for ever */
	unsigned version;
	unsigned number;		/* 1 to 7 */
	const char *title;		/* "Security group" */
	const char *why;		/* one or two sentences for the screen */
	const char *const *requires;	/* ids of steps, NULL-terminated */
	unsigned areas;			/* AREA_BIT()s it is judged from */
	unsigned evidence;		/* those of them that only add evidence: when one
					   may not be read, settings are "?" and the step
					   is not UNKNOWN for it */
	const char *const *write_scopes; /* NULL-terminated */
	/*
	 * Pure: fills settings, notes, plan and, where the generic rule of
	 * step_judge() does not fit, state and reason (step_decide()).
	 */
	void (*judge)(const struct facts *f, const struct wanted *w, struct step_view *v);
};

extern const struct step_ops *const steps[];	/* NULL-terminated, in order */
#define STEPS_COUNT 7
/* The app registration: no part of the runbook (steps/registration.h). */
extern const struct step_ops *const steps_registration[];	/* NULL-terminated */
const struct step_ops *step_find(const char *id);

/*
 * Judges one step into *v (released first, so zero or an earlier view).
 * Generic state: UNKNOWN when an area it needs could not be read, and then the
 * plan is empty and every setting "?"; else what the step decided; else CHANGES
 * when the plan has automatic changes, GUIDED when only guided ones, else DONE.
 */
void step_judge(const struct step_ops *ops, const struct facts *f,
		const struct wanted *w, struct step_view *v);
void step_view_release(struct step_view *v);

/* The weakest of what the step stands on: a step is not better known than the
 * setting known least. */
enum confidence step_confidence(const struct step_view *v);

/* For judge(): */
struct setting *step_setting(struct step_view *v, const char *key, const char *name);
/* Fills a setting; texts are copied into the view. */
void setting_fill(struct step_view *v, struct setting *s, const char *current,
		  const char *wanted, bool matches, enum confidence c, const char *how);
/* Sets state and reason against the generic rule: BLOCKED, NOT_APPLICABLE, ... */
void step_decide(struct step_view *v, enum step_state state, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void step_note(struct step_view *v, bool warning, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
