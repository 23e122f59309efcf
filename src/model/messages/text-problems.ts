// What is wrong with the text of a file, whatever it should hold: its bytes, its YAML, its table.

export const textProblems = {
  'file-unreadable': {
    when: 'A file cannot be read, is no text in UTF-8, is too large, or lies where it must not.',
    texts: {
      any: { text: 'cannot read {name}: {why}', todo: '{todo}' },
      approvals: { text: 'cannot read the approvals {name}: {why}', todo: 'check approvals in muster.yaml' },
      waivers: { text: 'cannot read the waivers {name}: {why}', todo: 'check waivers in muster.yaml' },
      seed: { text: 'cannot read the seed {name}: {why}', todo: 'check --seed' },
      'other-owner': {
        text: '{name} belongs to another user (uid {uid})',
        todo: 'name it with --files if you trust it, or run muster elsewhere',
      },
      'open-to-all': {
        text: '{name} can be written by everyone',
        todo: 'name it with --files if you trust it, or run muster elsewhere',
      },
    },
  },
  'merge-conflict': {
    when: 'A file was left in the middle of a merge.',
    text: 'the file has the markers of a merge conflict',
    todo: 'resolve the conflict in git, and delete the lines <<<<<<<, ======= and >>>>>>>',
  },
  'json-lines': {
    when: 'A file holds one JSON object in each line, as a bulk export does.',
    text: 'the file holds JSON lines, expected one YAML or JSON document',
    todo: 'muster import --from-bulk makes a users file of a bulk export of Mattermost',
  },
  table: {
    when: 'A file is a table where YAML is expected.',
    text: 'the file is a table (CSV), expected YAML',
    todo: 'muster import --from-csv makes a users file of a table',
  },
  'empty-file': {
    when: 'A file holds nothing.',
    text: 'the file is empty',
    todo: 'an empty file does not mean "no people": write entries, or remove the file',
  },
  'odd-blank': {
    when: 'A character that looks like a space stands where YAML needs one.',
    text: 'a {name} stands where YAML needs a space',
    todo: 'replace it with a space; such characters come with text copied from web pages',
  },
  'hidden-line-end': {
    when: 'A line ends with a sign that YAML takes for the end of a line, and git and many editors do not.',
    text: 'a carriage return without a line feed: git and many editors do not see that the line ends here',
    todo: 'save the file with the line ends of Unix (LF) or Windows (CRLF)',
  },
  'yaml-syntax': {
    when: 'A file is no YAML.',
    texts: {
      syntax: {
        text: 'not valid YAML: {reason}',
        todo: 'look at this line and the one above it: indentation, brackets, quotes; a text needs quotes if it has ": " or " #" in it or begins with a sign',
      },
      tab: {
        text: 'not valid YAML: a tab stands where spaces belong',
        todo: 'write spaces: expand -t 2 FILE prints it so; most editors can insert spaces for the Tab key',
      },
    },
  },
  'yaml-too-deep': {
    when: 'Lists and maps stand in one another deeper than any file of muster needs.',
    text: 'nested deeper than {levels} levels',
    todo: 'a users file needs no more than five',
  },
  'too-many-values': {
    when: 'A file is larger than muster reads.',
    text: 'the file may hold more than {millions} million values',
    todo: 'split it, or check whether it is the right file',
  },
  'yaml-documents': {
    when: 'A file holds several YAML documents.',
    text: '{documents} documents in one file, where one is expected',
    todo: 'split the file, or delete the line ---',
  },
  'yaml-key': {
    when: 'A key is no plain text, or too long.',
    texts: {
      'no-text': { text: 'a key that is not a plain text', todo: 'put quotes around it' },
      'too-long': { text: 'a key longer than {max} characters' },
    },
  },
  'yaml-merge': {
    when: 'The merge key `<<` has a value that cannot be merged.',
    text: 'the merge key << takes a map or a list of maps',
  },
  'yaml-alias': {
    when: 'An alias names an anchor that is not there.',
    texts: {
      'not-shown': { text: 'no anchor for this alias', todo: 'a text that begins with * needs quotes' },
      named: { text: '*{name} has no anchor &{name} before it', todo: 'a text that begins with * needs quotes' },
    },
  },
  'yaml-expansion': {
    when: 'Aliases repeat a part of the file so often that the whole would be far too large.',
    text: 'aliases and merge keys expand to far more than the file holds',
    todo: 'write the values out',
  },
  'yaml-tag': {
    when: 'A value has a YAML tag, such as `!!binary`.',
    texts: {
      'not-shown': {
        text: 'a tag is not allowed',
        todo: 'tags are never needed here: delete it, or put quotes around a text that begins with !',
      },
      named: {
        text: 'the tag {tag} is not allowed',
        todo: 'tags are never needed here: delete it, or put quotes around a text that begins with !',
      },
    },
  },
  'forbidden-key': {
    when: 'A key has a name that programs give another meaning, such as `__proto__`.',
    text: 'the key {name} is not allowed',
    todo: 'choose another name',
  },
  'duplicate-key': {
    when: 'A map has the same key twice.',
    text: '{name} stands twice',
    todo: 'keep one of the two lines',
  },
  'null-value': {
    when: 'A key has no value, or the value null.',
    texts: {
      item: { text: 'no value here (null)', todo: 'write the item after its dash, or delete the dash' },
      top: { text: 'no value here (null)', todo: 'write its content on the lines below, indented by spaces' },
      cleared: {
        text: 'no value here (null)',
        todo: 'write "" to clear the field, or delete the line to stop managing it',
      },
      managed: {
        text: 'no value here (null)',
        todo: 'write a value, or delete the line to stop managing the field',
      },
      'word-cleared': {
        text: 'no value here (null)',
        todo: 'for the word itself write "{word}" in quotes; write "" to clear the field, or delete the line to stop managing it',
      },
      'word-managed': {
        text: 'no value here (null)',
        todo: 'for the word itself write "{word}" in quotes; write a value, or delete the line to stop managing the field',
      },
    },
  },
  'text-too-long': {
    when: 'A text is longer than any field can hold.',
    text: 'a text longer than {max} characters',
  },
  'unusable-character': {
    when: 'A text has a character that no server can keep.',
    text: 'a text with a character that no server can keep (NUL, or half of a pair)',
    todo: 'take the escape out',
  },
  'secret-in-file': {
    when: 'A field whose name says that it holds a secret. Secrets never stand in files.',
    texts: {
      field: {
        text: '{name} does not belong in a file',
        todo: 'take it out and change it; a first password comes from a source of muster.yaml (initial_password), the token of muster itself from MUSTER_TOKEN',
      },
      'top-level': {
        text: 'a secret at the top level does not belong in a file',
        todo: 'take it out and change it; a first password comes from a source of muster.yaml (initial_password), the token of muster itself from MUSTER_TOKEN',
      },
    },
  },
  'more-problems': {
    when: 'More problems were found than are shown.',
    text: 'and {problems}',
    todo: 'fix these first',
  },
  'csv-quote-open': {
    when: 'A quote in a table is never closed.',
    text: 'a quote is opened here and never closed',
    todo: 'close it; a quote inside of quotes is written twice',
  },
  'csv-quote': {
    when: 'A quote in a table stands beside other text of its cell.',
    text: 'a quote stands beside other text of its cell',
    todo: 'put the whole cell into quotes, and write each quote inside of it twice',
  },
  'csv-empty': {
    when: 'A table has no line.',
    text: 'the file is empty',
    todo: 'the first line names the columns, and each further line is a person',
  },
  'csv-row': {
    when: 'A row of a table has more or fewer cells than the first line.',
    text: 'the row has {cells}, and the first line names {columns}',
    todo: 'put a cell that holds the separator into quotes',
  },
  'not-a-bulk-file': {
    when: 'A file that should be a bulk export of Mattermost is none.',
    text: 'the first line is not {"type":"version","version":1}: this is no bulk export',
    todo: 'name the .jsonl file that mmctl export made, unpacked',
  },
  'bulk-line': {
    when: 'A line of a bulk export cannot be used.',
    texts: {
      'no-object': { text: 'the line is no JSON object with a type', todo: 'each line of a bulk export is one object' },
      'no-user': { text: 'a line of type user has no user', todo: 'export the file again' },
    },
  },
} as const;
