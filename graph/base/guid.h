#ifndef GRAPH_BASE_GUID_H
#define GRAPH_BASE_GUID_H

/* A new random GUID, "0f8fad5b-d9cb-469f-a165-70867728950e" (RFC 9562 version 4). */
#define GUID_TEXT 37
void guid_make(char out[GUID_TEXT]);

#endif
