// parse.mjs SCRIPT - reads PowerShell with the grammar of tree-sitter. Prints
// "error LINE WHAT" for what is no PowerShell 5.1 or does not hold when the script
// comes over ssh, "command NAME", "parameter COMMAND NAME" and "member NAME".
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const packages = createRequire(join(process.env.PEERS_DIR, 'package.json'));
const { Parser, Language } = packages('web-tree-sitter');

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(process.env.PEERS_DIR, 'node_modules',
	'tree-sitter-powershell', 'tree-sitter-powershell.wasm')));
const root = parser.parse(readFileSync(process.argv[2], 'utf8')).rootNode;
const set = new Set(), read = new Map();

function error(node, what) {
	console.log(`error ${node.startPosition.row + 1} ${what}`);
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

// Variables at the left of an assignment; one whose member is set counts as read.
const left = new Set();

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
	console.log(`command ${name}`);
	const walk = n => {
		if (n.type === 'command_parameter')
			console.log(`parameter ${name}:${n.text.replace(/^-|:$/g, '')}`);
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
		console.log(`member ${node.text}`);
	for (const child of node.children)
		look(child);
}

look(root);
for (const [name, node] of read)
	if (!set.has(name) && !given.has(name))
		error(node, `read and never set: $${name}`);
