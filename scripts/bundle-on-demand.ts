/** What of the command line is loaded when it is first called: few runs need it, and to compile it takes time. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAst } from 'vite';

/** One file: what it is made of, and which function of it is called how there. */
export interface FileOnDemand {
  readonly file: string;
  /** A source below the repository, or a module of a package. */
  readonly modules: readonly ModuleOnDemand[];
}

export interface ModuleOnDemand {
  readonly name: string;
  /** By its name in the module the one in the file, where several modules may have a function of the same name. */
  readonly functions: ReadonlyMap<string, string>;
}

/** Each a file, with the functions that are called; one that is made with `new` is a function, too. */
const alone: Readonly<Record<string, readonly string[]>> = {
  'string-width': ['default'],
  diff: ['diffLines'],
  croner: ['Cron'],
  'commander/lib/help.js': ['Help', 'stripColor'],
  'commander/lib/suggestSimilar.js': ['suggestSimilar'],
  'undici/lib/dispatcher/proxy-agent.js': ['default'],
  'src/plan/generated/validate-plan-file.ts': ['validatePlan'],
  'src/source/generated/validate-config-file.ts': ['validateConfigFile'],
  'src/source/generated/validate-users-file.ts': ['validateUsersFile'],
  'src/source/generated/validate-approvals-file.ts': ['validateApprovalsFile'],
  'src/source/generated/validate-waivers-file.ts': ['validateWaiversFile'],
  'src/source/generated/validate-bundles-file.ts': ['validateBundlesFile'],
  'src/source/generated/validate-review-closed.ts': ['validateReviewClosed'],
  'src/source/generated/validate-review-file.ts': ['validateReviewFile'],
  'src/source/generated/validate-review-manifest.ts': ['validateReviewManifest'],
  'src/source/generated/validate-reconcile-state.ts': ['validateReconcileState'],
  'src/source/generated/validate-sandbox-seed-file.ts': ['validateSandboxSeedFile'],
};

/**
 * Sources that lie in a file together, since a run that needs one of them needs others. Only their functions can be called: whatever
 * imports something else of them ends the build. What only they import lies there, too.
 */
const together: Readonly<Record<string, readonly string[]>> = {
  errors: ['src/model/messages/errors.ts', 'src/model/messages/message.ts'],
  problems: ['src/model/messages/problems.ts', 'src/model/messages/read-refusals.ts'],
  'other-commands': ['src/cli/command-rows.ts'],
  base: [
    'src/app/compare-people.ts',
    'src/config/compare-entries.ts',
    'src/config/compare-approvals.ts',
    'src/config/compare-settings.ts',
    'src/config/folder-base.ts',
    'src/config/git-base.ts',
    'src/config/load-base.ts',
    'src/config/run-git.ts',
    'src/config/setting-fields.ts',
    'src/desired/load-bundles.ts',
    'src/model/openpgp.ts',
  ],
  formats: [
    'src/report/annotations.ts',
    'src/report/audit-annotations.ts',
    'src/report/comparison-markdown.ts',
    'src/report/plan-diff.ts',
    'src/report/plan-html/page.ts',
    'src/report/plan-junit.ts',
    'src/report/plan-markdown.ts',
    'src/report/plan-sarif.ts',
    'src/report/redact-plan.ts',
  ],
  'carry-out': [
    'src/journal/lock.ts',
    'src/resources/membership/definition-actions.ts',
    'src/resources/membership/operations.ts',
    'src/resources/membership/runner.ts',
    'src/resources/server/plan-uses.ts',
    'src/resources/token/definition-actions.ts',
    'src/resources/token/definition-declared.ts',
    'src/resources/token/operations.ts',
    'src/resources/token/runner.ts',
    'src/resources/user/definition-actions.ts',
    'src/resources/user/operations.ts',
    'src/resources/user/runner.ts',
    'src/secrets/run-command.ts',
    'src/secrets/secret-dir.ts',
    'src/secrets/secret-store.ts',
  ],
  'audit-and-review': [
    'src/resources/audit/reader.ts',
    'src/resources/membership/definition-audit.ts',
    'src/resources/membership/definition-entry.ts',
    'src/resources/membership/definition-review.ts',
    'src/resources/membership/definition-undo.ts',
    'src/resources/token/definition-audit.ts',
    'src/resources/token/definition-entry.ts',
    'src/resources/token/definition-review.ts',
    'src/resources/token/definition-undo.ts',
    'src/resources/user/definition-audit.ts',
    'src/resources/user/definition-entry.ts',
    'src/resources/user/definition-review.ts',
    'src/resources/user/definition-undo.ts',
  ],
  'what-happens': ['src/report/apply-text.ts'],
  git: [
    'src/app/authorship.ts',
    'src/app/commit-signature.ts',
    'src/app/git-commit.ts',
    'src/app/run-gpg.ts',
    'src/model/ssh-signature.ts',
  ],
  memberships: [
    'src/resources/membership/everything.ts',
    'src/resources/membership/inside.ts',
    'src/resources/membership/members-by-ids.ts',
    'src/resources/membership/places.ts',
    'src/resources/membership/protected.ts',
    'src/resources/membership/whole.ts',
  ],
  memory: [
    'src/app/read-warmly.ts',
    'src/app/standing-plan.ts',
    'src/journal/declared-memory.ts',
    'src/journal/observations.ts',
    'src/journal/people-cache.ts',
    'src/plan/selection.ts',
    'src/resources/user/warm.ts',
  ],
  'odd-files': [
    'src/source/any-yaml.ts',
    'src/source/build-document.ts',
    'src/source/node-index.ts',
    'src/source/check-schema.ts',
    'src/source/decode-text.ts',
    'src/source/foreign-fields.ts',
    'src/source/odd-blanks.ts',
    'src/source/other-sorts.ts',
  ],
};

/** @param root - of the repository */
export async function filesOnDemand(root: string): Promise<readonly FileOnDemand[]> {
  const files: FileOnDemand[] = Object.entries(alone).map(([name, functions]) => ({
    file: fileNamed(name.replace(/^.*\/|\.[jt]s$/g, '')),
    modules: [{ name, functions: new Map(functions.map((one) => [one, one])) }],
  }));
  for (const [group, names] of Object.entries(together)) {
    const modules: ModuleOnDemand[] = [];
    for (const [i, name] of names.entries()) {
      const functions = functionsOf(await readFile(join(root, name), 'utf8'));
      modules.push({ name, functions: new Map(functions.map((one) => [one, `${one}_${i}`])) });
    }
    files.push({ file: fileNamed(group), modules });
  }
  return files;
}

const fileNamed = (name: string): string => `on-demand-${name}.js`;

/** The functions that a source exports. */
function functionsOf(text: string): readonly string[] {
  return parseAst(text, { lang: 'ts' }).body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration') return declaration.id?.name ?? [];
    if (declaration?.type !== 'VariableDeclaration') return [];
    return declaration.declarations.flatMap(({ id, init }) =>
      id.type === 'Identifier' && init?.type === 'ArrowFunctionExpression' ? id.name : [],
    );
  });
}

/** The text of a file: what its modules export, under the names that are told apart. */
export const entryText = ({ modules }: FileOnDemand, pathOf: (name: string) => string): string =>
  modules
    .map(({ name, functions }) => {
      const names = [...functions].map(([own, there]) => `${own} as ${there}`);
      return `export { ${names.join(', ')} } from ${JSON.stringify(pathOf(name))};`;
    })
    .join('\n');

/** What stands for one of its modules elsewhere; what a function has left on itself, such as `errors`, is there, too. */
export function deferringText(file: string, { functions }: ModuleOnDemand): string {
  const lines = [...functions].map(
    ([own, there]) => `
function deferred_${own}(...args) {
  const made = load().${there};
  if (new.target !== undefined) return new made(...args);
  const result = made(...args);
  deferred_${own}.errors = made.errors;
  return result;
}
export { deferred_${own} as ${own} };`,
  );
  return `let loaded;\nconst load = () => (loaded ??= require('./${file}'));\n${lines.join('\n')}`;
}
