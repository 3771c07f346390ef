#include "tui/exit_status.h"

#include "tui/options.h"

/* From well to bad: what could not be told is worse than a warning only when
 * nothing else is known, so that a tenant with one missing permission still
 * says what needs attention. */
static int rank(int status)
{
	switch (status) {
	case EXIT_WELL:
		return 0;
	case EXIT_CANNOT:
		return 1;
	case EXIT_ATTENTION:
		return 2;
	case EXIT_BAD:
		return 3;
	default:
		return 4;
	}
}

int exit_worse(int a, int b)
{
	return rank(a) > rank(b) ? a : b;
}

int exit_of_findings(const struct findings *f)
{
	switch (findings_verdict(f)) {
	case VERDICT_FAIL:
		return EXIT_BAD;
	case VERDICT_WARN:
		return EXIT_ATTENTION;
	case VERDICT_UNKNOWN:
		return EXIT_CANNOT;
	case VERDICT_PASS:
	case VERDICT_NOT_APPLICABLE:
	case VERDICT_ACCEPTED:
		break;
	}
	return EXIT_WELL;
}

int exit_of_views(const struct step_view *views, size_t n)
{
	int status = EXIT_WELL;

	for (size_t i = 0; i < n; i++) {
		switch (views[i].state) {
		case STEP_CHANGES:
		case STEP_GUIDED:
		case STEP_BLOCKED:
			status = exit_worse(status, EXIT_ATTENTION);
			break;
		case STEP_UNKNOWN:
			status = exit_worse(status, EXIT_CANNOT);
			break;
		case STEP_DONE:
		case STEP_NOT_APPLICABLE:
			break;
		}
	}
	return status;
}

int exit_of_progress(const struct progress *p, size_t n)
{
	int status = EXIT_WELL;

	for (size_t i = 0; i < n; i++) {
		switch (p[i].outcome) {
		case OUTCOME_FAILED:
			return EXIT_BAD;
		case OUTCOME_NONE:
		case OUTCOME_UNKNOWN:
		case OUTCOME_STOPPED:
			status = EXIT_CANNOT;
			break;
		case OUTCOME_DONE:
			break;
		}
	}
	return status;
}

int exit_of_readiness(const struct readiness *r)
{
	switch (r->decision) {
	case DECISION_GO:
		return EXIT_WELL;
	case DECISION_NO_GO:
		return r->ready ? EXIT_ATTENTION : EXIT_BAD;
	case DECISION_UNKNOWN:
		break;
	}
	return EXIT_CANNOT;
}

int exit_of_error(const struct err *err)
{
	return err->kind == ERR_INVALID ? EXIT_USAGE : EXIT_CANNOT;
}
