#ifndef CHECKS_HTML_PARTS_H
#define CHECKS_HTML_PARTS_H

/*
 * The style and the script of the HTML report. The report's content policy
 * allows exactly these two by their SHA-256, so that nothing a tenant is called
 * can ever run or restyle it; a test computes the digests again.
 */
extern const char html_style[], html_script[];
#define HTML_STYLE_HASH "sha256-KybJSxuuJWRZrjiseLILdt5J2y4DVnNPa5kL9uAv/zc="
#define HTML_SCRIPT_HASH "sha256-CBY2DYDT700a+DxHxzUeY+RsROAirNDEiQyoO0bPyBg="

#endif
