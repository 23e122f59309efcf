/** Reviews of access, as pull requests: `open`, `status`, `close`, `verify`. */
import { Option } from 'commander';
import { argument, type CommandRow, command } from '../command-row.ts';
import { connection, options, type ReviewCloseFlags, type ReviewFlags } from '../options.ts';

const name = () => argument('<name>');

const open = command<ReviewFlags>({
  name: 'open',
  arguments: [name()],
  summary: 'freeze who has what into a file for each reviewer',
  description:
    'Reads every account of the server with its roles and tokens, and writes reviews/<name>/<owner>.yaml: a row for each grant, what changed since the last review first. policy.review.owners says whose rows stand in which file. Proves that no account is missing, or refuses. Writes nothing to the server.',
  options: [options.files(), options.at(), ...connection(), options.stateDir()],
  formats: ['text', 'json'],
  examples: [['muster review open 2027-q1', 'then commit reviews/2027-q1']],
  run: async ([review = ''], flags, io) => (await import('../commands/review.ts')).reviewOpenCommand(review, flags, io),
});

const status = command<ReviewFlags>({
  name: 'status',
  arguments: [name()],
  summary: 'count what is decided, file by file',
  description:
    'Counts the rows that are kept, revoked and still open, and shows what would be in the way of closing. Needs no server.',
  options: [options.config()],
  formats: ['text', 'json'],
  examples: [['muster review status 2027-q1'], ['muster review status 2027-q1 --format json']],
  run: async ([review = ''], flags, io) =>
    (await import('../commands/review.ts')).reviewStatusCommand(review, flags, io),
});

const close = command<ReviewCloseFlags>({
  name: 'close',
  arguments: [name()],
  summary: 'check every decision, and write the removals into the users files',
  description:
    'Refuses with 3 while a row is undecided, missing, added or edited, was decided by its own person or on an impossible day, or is privileged and has no reason. Then writes what was revoked into the users files, comments and order kept: the plan of these edits removes it. Writes nothing to the server.',
  options: [
    options.files(),
    options.at(),
    ...connection(),
    new Option('--digest <sha256>', 'refuse another manifest than the one that muster review open named'),
  ],
  formats: ['text', 'json'],
  examples: [['muster review close 2027-q1', 'then look at git diff, and run muster plan']],
  run: async ([review = ''], flags, io) =>
    (await import('../commands/review.ts')).reviewCloseCommand(review, flags, io),
});

const verify = command<ReviewFlags>({
  name: 'verify',
  arguments: [name()],
  summary: 'prove that each revoked grant is gone',
  description:
    'Reads the server, and says of each grant that the review revoked whether it is gone. Exits with 9 when one is still there.',
  options: [options.files(), options.at(), ...connection()],
  formats: ['text', 'json'],
  examples: [['muster review verify 2027-q1', 'after muster apply']],
  showsExitCodes: true,
  run: async ([review = ''], flags, io) =>
    (await import('../commands/review.ts')).reviewVerifyCommand(review, flags, io),
});

const review: CommandRow = {
  name: 'review',
  summary: 'let people review who has access, as pull requests',
  description:
    'Reviews of access: muster review open freezes who has what into files, reviewers decide in pull requests, muster review close writes the removals into the users files, and after muster apply muster review verify proves them.',
  options: [],
  examples: [
    ['muster review open 2027-q1', 'a file for each reviewer'],
    ['muster review status 2027-q1'],
    ['muster review close 2027-q1', 'what was revoked goes into the users files'],
    ['muster review verify 2027-q1', 'after muster apply'],
  ],
  commands: [open, status, close, verify],
};

export const reviewRows: { readonly [name in 'review']: CommandRow } = { review };
