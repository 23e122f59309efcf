/** What the commands for pipelines believe, and how they share what they keep. */
import type { Area } from './mutant.ts';

const marks = { file: 'model/ci-mark.ts', noticedBy: ['model/ci-mark'] };
const branch = { file: 'app/ci/state-branch.ts', noticedBy: ['ci/refusals'] };
const seal = { file: 'secrets/state-seal.ts', noticedBy: ['secrets/state-seal'] };
const state = { file: 'app/ci/state.ts', noticedBy: ['ci/state'] };

export const kit: Area = {
  mutants: [
    {
      ...marks,
      text: "mac) === 'fits'",
      becomes: "mac) !== 'missing'",
      breaks: 'A comment that anyone wrote says which plan is applied.',
    },
    {
      ...marks,
      text: '.sign(signedText(mark, draft, place))',
      becomes: '.sign(signedText(mark, draft, ""))',
      breaks: 'No comment of muster is believed any more.',
    },
    {
      ...marks,
      text: '\\n${belowMark(body)',
      becomes: '\\n${belowMark("")',
      breaks: 'What a comment shows can be edited, and another plan is applied than people reviewed.',
    },
    {
      ...marks,
      text: 'inner] = /^<!--',
      becomes: 'inner] = /<!--',
      breaks: 'A mark that a person quotes within a text counts.',
    },
    {
      ...marks,
      text: 'one.kind === other.kind && one.server === other.server',
      becomes: 'one.kind === other.kind',
      breaks: 'The comment about one server is written over that of another.',
    },
    {
      ...marks,
      text: ".replaceAll('-', '%2D')",
      becomes: '',
      breaks: 'A name of a server ends the hidden mark, and shows the rest of it.',
    },
    {
      ...branch,
      text: "`--force-with-lease=refs/heads/${branch}:${this.#base ?? ''}`",
      becomes: "'--force'",
      breaks: 'Of two jobs that keep something at the same time one loses it.',
      noticedBy: ['ci/forges.long'],
      titles: /by one of two jobs at the same time/,
    },
    {
      ...branch,
      text: ' && held.untilMs - nowMs <= claimMs + slackMs',
      becomes: '',
      breaks: 'A claim that never ends keeps all jobs away.',
    },
    {
      ...branch,
      text: 'held !== undefined && held.untilMs > nowMs &&',
      becomes: 'held !== undefined && held.untilMs < nowMs &&',
      breaks: 'Two jobs apply at the same time.',
    },
    {
      ...branch,
      text: 'isOwnClaim ? [...gone, claimFile] : gone',
      becomes: 'gone',
      breaks: 'After a job no other one may apply for an hour.',
      noticedBy: ['ci/killed-job.long'],
      titles: /run again/,
    },
    {
      ...seal,
      text: '!sealed.subarray(0, nonceAt).equals(start)',
      becomes: 'false',
      breaks: 'What is changed at its beginning still opens.',
    },
    {
      ...seal,
      text: 'const nonce = randomBytes(nonceBytes);',
      becomes: 'const nonce = Buffer.alloc(nonceBytes);',
      breaks: 'Sealed twice with one nonce, contents can be told from each other.',
    },
    {
      ...state,
      text: 'seal.close(name, content)])),',
      becomes: 'content])),',
      breaks: 'What is kept lies there for all to read.',
    },
    {
      ...state,
      text: 'if (closed > 0)',
      becomes: 'if (closed > 9)',
      breaks: 'No one is told that what was kept is not believed.',
    },
    {
      file: 'forge/github.ts',
      text: 'const maxEvent = 32 *',
      becomes: 'const maxEvent = 3200 *',
      breaks: 'An event without end fills the memory of the job.',
      noticedBy: ['ci/refusals'],
    },
    {
      file: 'forge/github.ts',
      text: "if (name === 'pull_request_target')",
      becomes: "if (name === 'pull_request_target_')",
      breaks: 'A token that may write meets the files of a stranger.',
      noticedBy: ['ci/refusals'],
    },
    {
      file: 'app/ci/repository.ts',
      text: ' && new URL(url).origin === new URL(server).origin',
      becomes: '',
      breaks: 'The token of the forge is sent to another server.',
      noticedBy: ['ci/refusals'],
    },
  ],
};
