/**
 * The software bill of materials of what users install, as CycloneDX JSON on stdout: `npm run --silent sbom > sbom.cdx.json`.
 *
 * `npm sbom --omit dev` leaves out what users and developers both need, so everything is listed here and then cut to what
 * the package reaches. It reads the lock file alone, and asks no one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const options = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
const text = execFileSync('npm', options, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
const bom = JSON.parse(text);
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** Of the lock file: what is installed for users, by name and version. */
const wanted = new Set(
  Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`),
);
const nameOf = ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`;
const components = bom.components.filter((one) => wanted.has(nameOf(one)));
const refs = new Set([bom.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
const dependencies = bom.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));

const missing = [...wanted].filter((name) => !components.some((one) => nameOf(one) === name));
if (missing.length > 0) throw new Error(`npm sbom does not list ${missing.join(', ')}`);
process.stdout.write(`${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`);
