#include "checks/report_monitor.h"

#include "graph/base/mem.h"

static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const letters[] = { " ", "_", ".", "-", ":", "=", "+", "*", "#" };
#define HEIGHT (COUNT_OF(blocks) - 1)

void chart_columns(struct str *out, const size_t *v, size_t n, bool ascii)
{
	size_t max = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i] > max)
			max = v[i];
	for (size_t i = 0; i < n; i++) {
		/* Rounded up: what happened once must be seen. */
		size_t h = max ? (v[i] * HEIGHT + max - 1) / max : 0;

		str_add(out, ascii ? letters[h] : blocks[h]);
	}
}

void chart_bar(struct str *out, size_t n, size_t max, int columns, bool ascii)
{
	size_t len = max ? (n * (size_t)columns + max - 1) / max : 0;

	while (len--)
		str_add(out, ascii ? "#" : "█");
}
