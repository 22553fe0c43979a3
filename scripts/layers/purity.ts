import ts from "typescript";
import { lineOf } from "./imports.ts";

/** What makes two runs of the same inputs differ, or differ between machines. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  "Date",
  "FinalizationRegistry",
  "Intl",
  "Promise",
  "WeakRef",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "performance",
  "process",
  "queueMicrotask",
  "requestAnimationFrame",
  "setImmediate",
  "setInterval",
  "setTimeout",
]);

/** What only makes code asynchronous. */
const ASYNCHRONOUS: ReadonlySet<string> = new Set(["Promise", "async", "await", "queueMicrotask"]);

const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set([
  "localeCompare",
  "toLocaleDateString",
  "toLocaleLowerCase",
  "toLocaleString",
  "toLocaleTimeString",
  "toLocaleUpperCase",
]);

export interface Impurity {
  readonly line: number;
  readonly what: string;
}

/** Uses of clock, chance, timers, promises, I/O or locale in a file of the deterministic core. */
export function impuritiesOf(
  source: ts.SourceFile,
  kind: "synchronous" | "promises",
): readonly Impurity[] {
  const found: Impurity[] = [];
  const own = declaredIn(source);
  const visit = (node: ts.Node): void => {
    const what = impurity(node, own);
    const allowed = kind === "promises" && what !== undefined && ASYNCHRONOUS.has(what);
    if (what !== undefined && !allowed) found.push({ line: lineOf(source, node), what });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Names the file declares itself: a local `process` is not Node's. */
function declaredIn(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const named =
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node);
    if (named && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function impurity(node: ts.Node, own: ReadonlySet<string>): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const text = `${node.expression.getText()}.${node.name.text}`;
    if (text === "Math.random") return text;
    return FORBIDDEN_MEMBERS.has(node.name.text) ? node.name.text : undefined;
  }
  if (ts.isElementAccessExpression(node) && node.expression.getText() === "Math") {
    return "Math by a computed name";
  }
  if (ts.isAwaitExpression(node)) return "await";
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return "async";
  if (!ts.isIdentifier(node) || !FORBIDDEN_NAMES.has(node.text) || own.has(node.text)) {
    return undefined;
  }
  return isReference(node) ? node.text : undefined;
}

/** Whether the identifier refers to something, instead of naming a member, key or declaration. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent))
    return parent.initializer === node;
  return !(
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent)
  );
}
