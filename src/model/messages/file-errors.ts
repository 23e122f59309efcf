// What is said of input as a whole, and of files that a run should write.

export const fileErrors = {
  INPUT_REFUSED: {
    exit: 'input',
    blame: 'user',
    when: 'Something in the files, the flags or the settings is wrong. Each problem has a code of its own. Nothing was written.',
    texts: {
      one: { text: '{problem}' },
      several: { text: '{problems} in the input, the first: {first}' },
    },
  },
  REPORT_NOT_WRITTEN: {
    exit: 'input',
    blame: 'user',
    when: 'A report or evidence cannot be written where it was wanted.',
    texts: {
      report: {
        text: 'the report cannot be written to {path} ({why})',
        todo: 'check the path, and whether you may write there',
      },
      evidence: {
        text: 'the evidence cannot be written to {path} ({why})',
        todo: 'check the path, and whether you may write there; the folder must be new or empty',
      },
    },
  },
  PLAN_FILE_NOT_WRITTEN: {
    exit: 'input',
    blame: 'user',
    when: 'A plan file cannot be written where it was wanted.',
    texts: {
      'no-file': {
        text: 'the plan cannot be written to {path} (it is no regular file)',
        todo: 'name a file; --format json writes the plan to the standard output',
      },
      failed: {
        text: 'the plan cannot be written to {path} ({why})',
        todo: 'check the path, and whether you may write there',
      },
    },
  },
  USERS_FILE_NOT_WRITTEN: {
    exit: 'input',
    blame: 'user',
    when: 'A file of an import, an undo or a review cannot be written where it was wanted.',
    text: '{path} cannot be written ({why})',
    todo: 'check the path, and whether you may write there',
  },
  OUTPUT_NOT_WRITTEN: {
    exit: 'bug',
    blame: 'user',
    when: 'The standard output takes nothing more, such as a file on a full disk. What was under way was carried out all the same.',
    texts: {
      failed: {
        text: 'the output cannot be written ({why})',
        todo: 'make room, or send it elsewhere; muster journal shows what a run did',
      },
    },
  },
  WORKING_DIR_GONE: {
    exit: 'input',
    blame: 'user',
    when: 'The working directory was removed, or may not be entered any more.',
    text: 'the working directory does not exist any more',
    todo: 'change to a folder that exists',
  },
} as const;
