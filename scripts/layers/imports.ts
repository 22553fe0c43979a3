import ts from "typescript";

export interface ImportFound {
  readonly specifier: string;
  /** Names taken, empty for a side-effect or whole-module import. */
  readonly names: readonly string[];
  readonly line: number;
}

export interface SourceText {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function parse(file: SourceText): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

function namesOf(node: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] {
  const clause = ts.isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : node.exportClause;
  if (clause === undefined) return [];
  if (!ts.isNamedImports(clause) && !ts.isNamedExports(clause)) return [];
  return clause.elements.map((element) => (element.propertyName ?? element.name).text);
}

/** Every import of a file: static, re-export, dynamic, type-only and `import("x").T`. */
export function importsOf(source: ts.SourceFile): readonly ImportFound[] {
  const found: ImportFound[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, names: readonly string[]): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    found.push({ specifier: specifier.text, names, line: lineOf(source, node) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, namesOf(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], []);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, []);
    } else if (isWorkerUrl(node)) {
      add(node, node.arguments?.[0], []);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `new URL("./x.ts", import.meta.url)`: how a worker is named, an import in all but syntax. */
function isWorkerUrl(node: ts.Node): node is ts.NewExpression {
  if (!ts.isNewExpression(node) || node.expression.getText() !== "URL") return false;
  const [path, base] = node.arguments ?? [];
  return (
    base?.getText() === "import.meta.url" &&
    path !== undefined &&
    ts.isStringLiteralLike(path) &&
    /\.tsx?$/.test(path.text)
  );
}
