// Whether two scripts are the same but for the names of what they declare, and for `const` and `let`.
//
//   node same.mjs WRITTEN SENT [WRITTEN SENT …]      a line of output for each two
//
// Their trees are walked side by side. A name that a script declares must stand for one name of the
// other, wherever it is meant; all else, properties and globals above all, must be spelt alike.

import { readFileSync } from "node:fs";
import typescript from "typescript";

const options = { allowJs: true, checkJs: true, noLib: true, noResolve: true, target: 99, module: 99 };
const files = process.argv.slice(2);
const program = typescript.createProgram(files, options);
const checker = program.getTypeChecker();
const Kind = typescript.SyntaxKind;
let counterpart, taken, names;

function fail(node, other, why) {
  const at = (each) => each.getSourceFile().text.slice(each.getStart(), each.getStart() + 60);
  throw new Error(`${why}: ${at(node)} … ${at(other)}`.replace(/\s+/g, " "));
}

/** What a name is declared as in its script; none for a property, a global or a key. */
function symbolOf(node) {
  const { parent } = node;
  if (typescript.isShorthandPropertyAssignment(parent)) return checker.getShorthandAssignmentValueSymbol(parent);
  if (typescript.isPropertyAccessExpression(parent) && parent.name === node && !typescript.isPrivateIdentifier(node)) return undefined;
  if (typescript.isPropertyAssignment(parent) && parent.name === node) return undefined;
  if (typescript.isBindingElement(parent) && parent.propertyName === node) return undefined;
  if (!typescript.isPrivateIdentifier(node) && typescript.isClassElement(parent) && parent.name === node) return undefined;
  return checker.getSymbolAtLocation(node);
}

/** `{name}` says the same as `{name: name}`, as a value and as a pattern. */
function pieces(node) {
  if (typescript.isShorthandPropertyAssignment(node)) return [node.name.text, node.name, node.objectAssignmentInitializer];
  if (typescript.isPropertyAssignment(node)) return [typescript.isIdentifier(node.name) ? node.name.text : node.name, node.initializer];
  if (typescript.isBindingElement(node) && typescript.isObjectBindingPattern(node.parent) && !node.dotDotDotToken) {
    const key = node.propertyName ?? node.name;
    return [typescript.isIdentifier(key) ? key.text : key, node.name, node.initializer];
  }
  const found = [];
  typescript.forEachChild(node, (child) => void found.push(child));
  return found;
}

function compare(node, other) {
  const property = (each) => each.kind === Kind.PropertyAssignment || each.kind === Kind.ShorthandPropertyAssignment;
  if (node.kind !== other.kind && !(property(node) && property(other))) fail(node, other, "another kind of thing");
  if (typescript.isIdentifier(node) || typescript.isPrivateIdentifier(node)) {
    const [mine, theirs] = [symbolOf(node), symbolOf(other)];
    if (!mine?.declarations) {
      if (node.text !== other.text) fail(node, other, "a name that is not the script's own is spelt differently");
      return;
    }
    names += 1;
    if (!theirs?.declarations) fail(node, other, "a name that is not declared");
    if (!counterpart.has(mine) && !taken.has(theirs)) counterpart.set(mine, theirs), taken.set(theirs, mine);
    if (counterpart.get(mine) !== theirs) fail(node, other, "a name that stands for another");
    return;
  }
  if ("text" in node && node.text !== other.text && node.kind !== Kind.SourceFile) fail(node, other, "another text");
  if (node.operator !== other.operator) fail(node, other, "another operator");
  const [here, there] = [pieces(node).filter(Boolean), pieces(other).filter(Boolean)];
  if (here.length !== there.length) fail(node, other, "more or fewer parts");
  here.forEach((each, place) => {
    if (typeof each !== "string" && typeof there[place] !== "string") compare(each, there[place]);
    else if (each !== there[place]) fail(node, other, "another key");
  });
}

for (let at = 0; at < files.length; at += 2) {
  [counterpart, taken, names] = [new Map(), new Map(), 0];
  try {
    compare(program.getSourceFile(files[at]), program.getSourceFile(files[at + 1]));
    console.log(`the same, with ${names} names`);
  } catch (error) {
    console.log(error.message);
  }
}
