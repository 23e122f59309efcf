/** The titles of tests, each with those of the blocks around it. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface TestTitle {
  readonly file: string;
  readonly line: number;
  /** Its own. */
  readonly text: string;
  /** As the runner prints it: the titles of its blocks, then its own. */
  readonly whole: string;
  readonly isBlock: boolean;
}

/** @param file - the path of a test file */
export function titlesIn(file: string): readonly TestTitle[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: TestTitle[] = [];
  const walk = (node: ts.Node, blocks: readonly string[]): void => {
    const title = titleOf(node);
    if (title === undefined) return node.forEachChild((child) => walk(child, blocks));
    const text = title.literal.getText().slice(1, -1);
    const line = source.getLineAndCharacterOfPosition(title.literal.getStart()).line + 1;
    const around = [...blocks, text];
    found.push({ file, line, text, whole: around.join(' '), isBlock: title.isBlock });
    node.forEachChild((child) => walk(child, title.isBlock ? around : blocks));
  };
  walk(source, []);
  return found;
}

/** Of `test(…)`, `describe(…)`, and what they are made from with `each`, `skipIf` and the like. */
function titleOf(node: ts.Node): { readonly literal: ts.Node; readonly isBlock: boolean } | undefined {
  if (!ts.isCallExpression(node) || node.arguments.length < 2) return undefined;
  const [literal] = node.arguments;
  const name = calledBy(node.expression);
  if ((name !== 'test' && name !== 'describe') || literal === undefined) return undefined;
  if (!ts.isStringLiteralLike(literal) && !ts.isTemplateExpression(literal)) return undefined;
  return { literal, isBlock: name === 'describe' };
}

function calledBy(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) ? calledBy(node.expression) : '';
}
