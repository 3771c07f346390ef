#ifndef CHECKS_BENCHMARK_H
#define CHECKS_BENCHMARK_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/wanted.h"

/*
 * Published baselines that a tenant is measured against beside the runbook
 * (facts peers.md c). They only judge: where they want something else than the
 * runbook, the finding says so, and no step ever follows them.
 */
struct benchmark {
	const char *name;	/* "cis-m365-7", for --baseline */
	const char *title;	/* "CIS Microsoft 365 Foundations 7.0.0, level 1" */
};
extern const struct benchmark benchmarks[];	/* ends with a NULL name */
const struct benchmark *benchmark_find(const char *name);	/* or NULL */

/*
 * Adds a finding for each of its checks that can be told from what Graph
 * answers, ids "cis.5.2.4.1", "scuba.MS.AAD.3.5v2", "asd.methods". Nothing when
 * w->benchmark is NULL.
 */
void benchmark_judge(const struct facts *f, const struct wanted *w, struct findings *out);

#endif
