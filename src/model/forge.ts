/** Where pull requests are reviewed, as far as muster talks to it: notes on pull requests, and issues. */

export const forgeKinds = ['github', 'gitlab', 'plain'] as const;
/** `plain`: files and stdout, for every other place. */
export type ForgeKind = (typeof forgeKinds)[number];

export interface PullRequest {
  /** As people call it: a number on GitHub and GitLab. */
  readonly name: string;
  /** The ref of the repository by which its newest commit is fetched. */
  readonly ref: string;
  /** The branch that it wants to be merged into. */
  readonly target: string;
  /** The newest commit, where the forge tells. */
  readonly head?: string;
}

/** A comment on a pull request. */
export interface Note {
  readonly id: string;
  readonly body: string;
}

export interface Issue extends Note {
  readonly title: string;
  readonly isOpen: boolean;
}

export type IssueDraft = Omit<Issue, 'id'>;

/** How a job finds the pull requests that concern it. */
export interface PullRequests {
  /**
   * The pull request that this job is about.
   *
   * @param named - by a flag; without it the one of the event
   * @returns `undefined` where it is about none
   */
  pullRequest(named: string | undefined): Promise<PullRequest | undefined>;
  /** Those that are to be merged into the branch of this job. */
  openPullRequests(): Promise<readonly PullRequest[]>;
  /** The merged pull request that brought a commit; `undefined`: none did. */
  mergedAs(commit: string): Promise<PullRequest | undefined>;
}

/** Comments that begin with a mark, and that the caller wrote. */
export interface Notes {
  notesOf(pullRequest: PullRequest): Promise<readonly Note[]>;
  addNote(pullRequest: PullRequest, body: string): Promise<void>;
  /** @returns whether it was still there */
  editNote(pullRequest: PullRequest, note: Note, body: string): Promise<boolean>;
  /** Where it is gone by now nothing happens. */
  removeNote(pullRequest: PullRequest, note: Note): Promise<void>;
}

/** The same of issues. */
export interface Issues {
  /** Open and closed ones, the oldest first. */
  issues(): Promise<readonly Issue[]>;
  addIssue(issue: IssueDraft): Promise<void>;
  editIssue(issue: Issue, becomes: IssueDraft): Promise<void>;
}

/** What one job may do at its forge. Notes and issues are those alone that begin with a mark, and that the caller wrote: who that is the
 * token of a job of GitHub does not tell, and any bot counts. A person may have edited them: what they say is believed where it is signed. */
export interface Forge extends PullRequests, Notes, Issues {
  readonly kind: ForgeKind;
  /** The repository, for what is signed; never holds a secret. */
  readonly place: string;
}
