#include "tui/buttons.h"

#include <stdio.h>

#include "graph/base/utf8.h"

void buttons_view(struct grid *g, struct rect r, int x, int y, const struct button *b,
		  int n, int focus, unsigned first_hit)
{
	for (int i = 0; i < n; i++) {
		enum role role = i == focus ? ROLE_BUTTON_FOCUS :
				 b[i].primary ? ROLE_ACCENT : ROLE_BUTTON;
		char text[64];
		int columns;

		snprintf(text, sizeof(text), "[ %s ]", b[i].label);
		columns = utf8_width(text);
		if (x + columns > r.w)
			return;
		grid_put(g, r, x, y, role, text);
		grid_hit(g, (struct rect){ r.x + x, r.y + y, columns, 1 },
			 first_hit + (unsigned)i);
		x += columns + 2;
	}
}
