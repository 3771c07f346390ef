#ifndef STEPS_LIVE_H
#define STEPS_LIVE_H

#include "checks/live_test.h"
#include "graph/base/str.h"

/* A live test that runs: one person resets the password at the real page, and the
 * session follows it (session_live_start()). Everything here is a copy. */
struct live {
	char *user;			/* owned: sign-in name or object id */
	int64_t since_ms;		/* only attempts later than this */
	enum live_state state;
	int64_t stage_ms[LIVE_STAGES];	/* 0 = not seen yet */
	struct str way;			/* "mobile SMS", "" */
	struct str agent;		/* that wrote back, "" */
	struct str reason;		/* the service's own words for a failure, "" */
	struct str attempt;		/* its correlation id, "" */
	struct str summary;
	bool given_up;			/* nothing more came for LIVE_PATIENCE_MS */
	unsigned demo_step;
	char correlation[40];		/* of the demo's attempt */
};
/* Whether it is not followed any more: it ended, or nothing more came. */
bool live_over(const struct live *l);
#define LIVE_PATIENCE_MS (15 * 60 * 1000LL)

#endif
