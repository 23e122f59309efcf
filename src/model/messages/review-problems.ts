// What is wrong with an access review, with evidence, or with what an audit is asked.

export const reviewProblems = {
  'review-name': {
    when: 'A review cannot be called so.',
    text: '{name} cannot be the name of a review',
    todo: 'write 1 to 64 of a-z, 0-9, dot, dash or underscore, such as 2027-q1',
  },
  'review-elsewhere': {
    when: 'The folder of a review, or the one above, is a link that leads out of the folder of muster.yaml.',
    text: '{path} leads out of the folder of muster.yaml',
    todo: 'make it a folder, not a link',
  },
  'review-exists': {
    when: 'A review of this name was opened before.',
    text: 'there is a review {name} already: {path}',
    todo: 'choose another name, such as 2027-q2',
  },
  'review-not-found': {
    when: 'No review of this name was opened.',
    text: 'there is no review {name}: {path} is missing',
    todo: 'open it with muster review open, or check the name',
  },
  'review-file-added': {
    when: 'The folder of a review has a file that was not there when the review was opened.',
    text: '{file} was not there when the review was opened',
    todo: 'take it out of the folder, or open a new review',
  },
  'review-file-missing': {
    when: 'A file of a review is missing.',
    text: 'the file of {owner} is missing: {file}',
    todo: 'take it back from git',
  },
  'review-manifest-edited': {
    when: 'The manifest of a review was edited.',
    texts: {
      inside: {
        text: 'the manifest is not as muster wrote it',
        todo: 'take it back from git, as it was when the review was opened',
      },
      'other-digest': {
        text: 'the manifest has the digest {digest}, expected {expected}',
        todo: 'take the manifest back from git, as it was when the review was opened',
      },
    },
  },
  'review-row-twice': {
    when: 'A review has a row twice.',
    text: 'the same grant stands here a second time',
    todo: 'delete one of the two rows',
  },
  'review-row-added': {
    when: 'A row was written into a review.',
    text: '{grant} of {person} was not there when the review was opened',
    todo: 'delete the row, or open a new review',
  },
  'review-row-moved': {
    when: 'A row was moved into the file of another owner.',
    text: '{grant} of {person} belongs to {owner}, and stands in the file of {found}',
    todo: 'take the frozen lines back from git: only decision, by, on and reason are yours',
  },
  'review-row-edited': {
    when: 'The frozen facts of a row were edited.',
    text: 'the frozen facts of {grant} of {person} were edited',
    todo: 'take the frozen lines back from git: only decision, by, on and reason are yours',
  },
  'review-row-missing': {
    when: 'A row was taken out of a review.',
    text: 'the row for {grant} of {person} is missing',
    todo: 'take the frozen lines back from git: only decision, by, on and reason are yours',
  },
  'review-undecided': {
    when: 'A review is closed before every row is decided.',
    text: '{grant} of {person} is not decided',
    todo: 'write decision: keep or revoke',
  },
  'review-by-missing': {
    when: 'A decision names no one who made it.',
    text: 'no one is named who decided {grant} of {person}',
    todo: 'write by: with your username or e-mail, in the row or at the top',
  },
  'review-self': {
    when: 'A person decided about their own access.',
    text: '{person} decided about their own {grant}',
    todo: 'let another person decide, and write by: into the row',
  },
  'review-on-missing': {
    when: 'A decision names no day.',
    text: 'no day is named on which {grant} of {person} was decided',
    todo: 'write on: with a day such as {today}, in the row or at the top',
  },
  'review-date': {
    when: 'A decision names a day before the review was opened, or one that is still to come.',
    text: '{grant} of {person} cannot have been decided on {on}',
    todo: 'write a day from {opened}, when the review was opened, to {today}',
  },
  'review-reason-missing': {
    when: 'A decision about a privileged grant has no reason.',
    text: '{grant} of {person} is privileged, and its decision has no reason',
    todo: 'write reason: with a few words',
  },
  'review-not-proven': {
    when: '`policy.approvals.signature` is `require`, and git does not prove who decided.',
    texts: {
      plain: {
        text: 'the decision of {by} about {grant} of {person} is {status}',
        todo: 'let them commit it, signed with a key that approvers of muster.yaml names',
      },
      because: {
        text: 'the decision of {by} about {grant} of {person} is {status} ({why})',
        todo: 'let them commit it, signed with a key that approvers of muster.yaml names',
      },
    },
  },
  'review-closed': {
    when: 'A review was closed before.',
    text: 'the review {name} was closed on {closed}',
    todo: 'prove that it was carried out with muster review verify {name}',
  },
  'review-not-closed': {
    when: 'A review is to be verified, and is still open.',
    text: 'the review {name} is not closed',
    todo: 'run muster review close {name} first',
  },
  'review-changed': {
    when: 'A review was changed after it was closed.',
    text: 'the review {name} was changed after it was closed',
    todo: 'take its folder back from git, as it was when the review was closed',
  },
  'whom-to-audit': {
    when: 'An audit of one person names none, and draws no sample.',
    text: 'name one person, or draw a sample',
    todo: 'muster audit {about} ada, or muster audit {about} --sample 25 --seed 7; --left-on is of one person',
  },
  'left-on': {
    when: '`--left-on` is no date.',
    text: '{text} is no date and no moment',
    todo: 'write --left-on 2027-03-31, the last day of access, or a moment',
  },
  'access-moment': {
    when: '`--at` is no date and no moment, or in `muster access` one that is not over.',
    texts: {
      'no-date': {
        text: '{text} is no date and no moment',
        todo: 'write a date such as 2027-03-31, or 2027-03-31T18:00:00Z',
      },
      'not-over': { text: '{text} is not over yet', todo: 'leave --at out to read who has what now' },
    },
  },
  'no-out': {
    when: 'Evidence is asked for without a folder to write it to.',
    text: 'no folder to write the evidence to',
    todo: 'name one with --out that is not there yet, or is empty',
  },
  'evidence-folder-taken': {
    when: 'The folder for evidence holds something already.',
    text: '{folder} is not empty',
    todo: 'name a folder that is not there yet, or is empty',
  },
  'no-signers': {
    when: 'The file of allowed signers holds no public key.',
    texts: {
      none: {
        text: '{name} holds no public key',
        todo: 'name a .pub file, or a file of allowed signers as ssh-keygen -Y verify takes it',
      },
      'not-read': {
        text: '{name} holds no public key ({why})',
        todo: 'name a .pub file, or a file of allowed signers as ssh-keygen -Y verify takes it',
      },
    },
  },
  'no-evidence': {
    when: 'A folder is no evidence that muster wrote.',
    texts: {
      'not-read': {
        text: '{folder} is no evidence pack: {why}',
        todo: 'name the folder that muster evidence wrote',
      },
      'no-manifest': {
        text: '{folder} is no evidence pack: it holds no manifest',
        todo: 'name the folder that muster evidence wrote',
      },
    },
  },
} as const;
