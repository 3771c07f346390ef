// parse.mjs SCRIPT... - reads PowerShell with the grammar of tree-sitter. Writes to
// SCRIPT.said "error LINE WHAT" for what is no PowerShell 5.1 or does not hold when
// the script comes over ssh, "command NAME", "parameter COMMAND:NAME" and "member
// NAME". All in one process: loading the grammar takes seconds.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const packages = createRequire(join(process.env.PEERS_DIR, 'package.json'));
const { Parser, Language } = packages('web-tree-sitter');

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(process.env.PEERS_DIR, 'node_modules',
	'tree-sitter-powershell', 'tree-sitter-powershell.wasm')));
// Of the script that is read now: what is said of it, the variables that are set,
// those that are read with their first place, and those left of an assignment.
let said, set, read, left;

function error(node, what) {
	said.push(`error ${node.startPosition.row + 1} ${what}`);
}

// Variables that PowerShell itself sets.
const given = new Set(['_', 'true', 'false', 'null', 'matches', 'psversiontable',
	'executioncontext', 'erroractionpreference', 'progresspreference']);

function variable(node) {
	const name = node.text.replace(/^[$@]\{?|\}$/g, '').toLowerCase();

	// A block that comes over ssh has no script scope; see the script.
	if (name.includes(':'))
		error(node, `a variable of a named scope: ${node.text}`);
	const up = node.parent;
	const assigned = up?.type === 'foreach_statement' &&
		up.children.find(c => c.type === 'variable')?.id === node.id;

	if (assigned || up?.type === 'script_parameter' || left.has(node.id))
		set.add(name);
	else if (!read.has(name))
		read.set(name, node);
}

// A variable whose member is set counts as read.
function targets(node) {
	if (node.type === 'variable')
		left.add(node.id);
	else if (node.type !== 'member_access' && node.type !== 'element_access')
		node.children.forEach(targets);
}

function command(node) {
	const name = node.childForFieldName('command_name')?.text;

	if (!name || name.startsWith('$'))
		return;	// "& $How"
	if (!/^[A-Z][A-Za-z]+-[A-Z][A-Za-z0-9]+$/.test(name))
		error(node, `not the full name of a command: ${name}`);
	said.push(`command ${name}`);
	const walk = n => {
		if (n.type === 'command_parameter')
			said.push(`parameter ${name}:${n.text.replace(/^-|:$/g, '')}`);
		else if (n.type === 'command_elements' || n.type === 'command_argument_sep')
			n.children.forEach(walk);
	};
	node.children.forEach(walk);
}

function look(node) {
	if (node.isError || node.isMissing)
		error(node, `not understood: ${node.text.split('\n')[0] || node.type}`);
	// What came after 5.1.
	if (['&&', '||', '??', '??=', '?.', '?['].includes(node.type) ||
	    node.type === 'ternary_expression')
		error(node, `not in PowerShell 5.1: ${node.type}`);
	if (node.type === 'variable')
		variable(node);
	else if (node.type === 'command')
		command(node);
	else if (node.type === 'left_assignment_expression')
		targets(node);
	else if (node.type === 'member_name')
		said.push(`member ${node.text}`);
	for (const child of node.children)
		look(child);
}

for (const script of process.argv.slice(2)) {
	[said, set, read, left] = [[], new Set(), new Map(), new Set()];
	look(parser.parse(readFileSync(script, 'utf8')).rootNode);
	for (const [name, node] of read)
		if (!set.has(name) && !given.has(name))
			error(node, `read and never set: $${name}`);
	writeFileSync(`${script}.said`, said.map(line => `${line}\n`).join(''));
}
