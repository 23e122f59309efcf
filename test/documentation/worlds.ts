/** What a page takes for granted: the server, the files and the programs that its commands need. */
import { parse } from 'yaml';
import type { SandboxSeed } from '../../src/sandbox/index.ts';
import { fences } from './fences.ts';

export interface World {
  readonly seed?: SandboxSeed;
  readonly files?: Readonly<Record<string, string>>;
  /** Of its servers, as the page writes them. */
  readonly addresses?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What a person does before the commands of the page. */
  readonly before?: string;
  /** The page begins without a server's address and token in the environment. */
  readonly isBare?: boolean;
}

const people: SandboxSeed = {
  users: [
    { username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_admin'] },
    { username: 'ben', email: 'ben@example.com' },
    { username: 'grace', email: 'grace@example.com', roles: ['system_user', 'system_admin'] },
  ],
};

const usersFile = `version: 1
users:
  - { username: ada, email: ada@example.com, roles: [system_user, system_admin] }
  - { username: ben, email: ben@example.com }
  - { username: grace, email: grace@example.com, roles: [system_user, system_admin] }
`;

export const usual: World = {
  seed: people,
  files: { 'muster.yaml': 'version: 1\nserver: https://chat.example.com\n', 'users.yaml': usersFile },
};

/** The people that the page itself begins with. */
function seedOf(page: string): SandboxSeed {
  const seed = fences.find(({ path, marks }) => path === page && marks['file']?.endsWith('seed.yaml') === true);
  return parse(seed?.text ?? '') as SandboxSeed;
}

const committed = `
git init --quiet --initial-branch main .
git config user.name Ada; git config user.email ada@example.com
git add muster.yaml users.yaml; git commit --quiet --message 'People'
git clone --quiet --bare . origin.git; git remote add origin "$PWD/origin.git"; git fetch --quiet
`;

export const worlds: Readonly<Record<string, World>> = {
  'docs/access.md': { ...usual, before: 'muster access --record > access.txt' },
  'docs/audit.md': {
    ...usual,
    files: { ...usual.files, 'users.yaml': usersFile.replace('ben@example.com', 'ben@example.com, ends: 2026-10-31') },
  },
  'docs/evidence.md': {
    ...usual,
    before: `mkdir -p ~/.ssh; ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519; touch manifest.sha256`,
  },
  'docs/files.md': { ...usual, before: committed },
  'docs/first-day.md': {
    seed: seedOf('docs/first-day.md'),
    addresses: ['http://127.0.0.1:8065'],
    isBare: true,
    before: 'export MUSTER_SERVER=http://127.0.0.1:8065 MUSTER_TOKEN="$TOKEN_0"',
  },
  'docs/operations.md': { ...usual, before: 'muster reconcile --once > log.txt 2>&1' },
  'docs/recipes.md': {
    ...usual,
    seed: { users: [...(people.users ?? []), { username: 'linus', email: 'linus@example.com' }] },
    files: { ...usual.files, 'users.yaml': `${usersFile}  - { username: linus, active: false }\n` },
  },
  'docs/schedule.md': { ...usual, before: "sed -i 's/ben@example.com/ben@example.com, nickname: Ben/' users.yaml" },
  'docs/fleet.md': {
    seed: people,
    addresses: ['https://eu.chat.example.com', 'https://us.chat.example.com'],
    files: { 'eu/all.yaml': usersFile, 'us/all.yaml': usersFile, 'approvals/us.yaml': 'version: 1\napprovals: []\n' },
    env: { MUSTER_SERVER_EU: 'https://eu.chat.example.com', MUSTER_SERVER_US: 'https://us.chat.example.com' },
    before: 'export MUSTER_TOKEN_EU="$TOKEN_0" MUSTER_TOKEN_US="$TOKEN_1"',
  },
};
