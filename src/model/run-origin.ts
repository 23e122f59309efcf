/** Where a run came from, as far as its surroundings tell: information for people, on which nothing rests. */
export interface RunOrigin {
  /** The commit whose files were checked out. */
  readonly commit?: string;
  /** Who made that commit, or who started the job where no commit tells. */
  readonly author?: string;
  /** The job of a pipeline. */
  readonly job?: string;
  /** Address of that job. */
  readonly url?: string;
}
