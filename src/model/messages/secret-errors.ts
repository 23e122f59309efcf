// What is said of the caller's token, and of the places that secrets come from and go to.

export const secretErrors = {
  CALLER_TOKEN: {
    exit: 'input',
    blame: 'user',
    when: 'There is no token to talk to the server with, or it lies where it must not, or it belongs to another server.',
    texts: {
      'server-name': {
        text: 'a server cannot be called {name}: MUSTER_TOKEN_FILE has another meaning',
        todo: 'give the server another name',
      },
      'no-token': {
        text: 'no token: muster does not know who it is',
        todo: 'set {variable}, or {fileVariable} to a file outside every repository, with the access token of a system administrator',
      },
      'too-large': { text: 'the token file {path} is too large', todo: 'put the token there alone' },
      unreadable: { text: 'cannot read the token file {path}: {why}', todo: 'check {variable}' },
      'no-file': { text: '{path} is not a regular file', todo: 'name a file' },
      'other-owner': { text: '{path} belongs to another user', todo: 'it must belong to you or to root' },
      'others-may-read': {
        text: 'others may read {path} (mode {mode})',
        todo: 'chmod 600 {path}; for a secret of Kubernetes: defaultMode: 0440',
      },
      'others-may-write': {
        text: 'others may write {path} (mode {mode})',
        todo: 'chmod 600 {path}; for a secret of Kubernetes: defaultMode: 0440',
      },
      'in-quotes': {
        text: 'the token in {where} stands in quotes',
        todo: 'remove the quotes: there they are part of the value',
      },
      'no-word': {
        text: '{where} holds no token: expected one word of at most 128 characters',
        todo: 'put the token there alone',
      },
      'in-repository': {
        text: 'the token file {path} lies in the repository {repository}',
        todo: 'keep it outside, so that it is never committed',
      },
      'pin-too-large': {
        text: '{path} is too large',
        todo: 'put the address of the server there alone, such as https://chat.example.com',
      },
      'pin-no-address': {
        text: '{path} holds no address of a server',
        todo: 'put the address of the server there alone, such as https://chat.example.com',
      },
      'pin-unreadable': {
        text: 'cannot read {path}: {why}',
        todo: 'put the address of the server there alone, such as https://chat.example.com',
      },
      'other-server': {
        text: '{binder} binds the token to {bound}, {by} names {named}',
        todo: 'nothing was sent; name the same server in both, or use a token of the other server',
      },
      unbound: {
        text: 'CI is set, and nothing says which server the token belongs to',
        todo: 'set {variable} in the settings of the pipeline, beside the token',
      },
      'file-unbound': {
        text: 'CI is set, and nothing says which server the token belongs to',
        todo: "write the server's address into {file}.server, or set {variable} in the settings of the pipeline, beside the token",
      },
    },
  },
  SECRET_PLACE: {
    exit: 'input',
    blame: 'user',
    when: 'A folder or file for secrets is not as safe, or not as usable, as it has to be. Nothing was written to it.',
    texts: {
      'cannot-make-folder': {
        text: 'cannot make the folder {path}: {why}',
        todo: 'check secrets.dir of muster.yaml',
      },
      'cannot-make': { text: 'cannot make {path}: {why}', todo: 'check secrets.dir of muster.yaml' },
      'cannot-write': { text: 'cannot write {path}: {why}', todo: 'check secrets.dir of muster.yaml' },
      'cannot-read': { text: 'cannot read {path}: {why}', todo: 'check secrets.dir of muster.yaml' },
      'no-folder': { text: '{path} is not a folder', todo: 'a folder for secrets must not be a link' },
      'others-may-look': { text: 'others may look into {path}', todo: 'chmod 700 {path}' },
      'others-may-read': { text: 'others may read {path}', todo: 'chmod 600 {path}' },
      'other-owner': { text: '{path} belongs to another user', todo: 'run muster as its owner, or make it anew' },
      outside: {
        text: '{path} lies outside the secrets directory {root}',
        todo: 'name a path inside secrets.dir',
      },
      'no-file-name': { text: '{name} is no name for a file' },
      'no-such-file': {
        text: 'there is no file {path} in {root}',
        todo: 'check secrets.sources; a link is not followed',
      },
      'too-large': { text: '{path} is too large for a secret', todo: 'it must hold the secret alone' },
    },
  },
  SECRET_SOURCE: {
    exit: 'input',
    blame: 'user',
    when: 'A secret could not be read from its source.',
    texts: {
      'no-such-source': {
        text: 'there is no source {name}',
        todo: 'define it in secrets.sources of muster.yaml',
      },
      nothing: { text: 'the source {name} gives nothing', todo: 'it must give one secret, on one line' },
      'several-lines': {
        text: 'the source {name} gives more than one line',
        todo: 'it must give one secret, on one line',
      },
      'not-set': { text: 'the source {name} is not set', todo: 'set the environment variable {variable}' },
      'no-program': {
        text: 'the program {program} of {what} cannot be found',
        todo: 'install it, or correct the command in muster.yaml',
      },
      'variables-not-set': {
        text: '{what} needs {variables}, which {are} not set',
        todo: 'set it in the environment of muster, or take it out of muster.yaml',
      },
      'not-started': {
        text: 'the source {name} could not be started: {why}',
        todo: 'check its command in muster.yaml',
      },
      failed: { text: 'the source {name} ended with {ending}', todo: 'run its command by hand to see why' },
      'output-held': {
        text: 'the source {name} ended, and what it started still holds its output',
        todo: 'its command has to wait for what it starts',
      },
    },
  },
  SIGN_KEY: {
    exit: 'input',
    blame: 'user',
    when: 'The key that evidence should be signed with cannot be used. Nothing was written.',
    texts: {
      unreadable: {
        text: 'cannot read the signing key {path}: {why}',
        todo: 'check --sign-key, or evidence.sign_key in muster.yaml',
      },
      'no-file': { text: 'the signing key {path} is not a regular file', todo: 'name a file' },
      'other-owner': {
        text: 'the signing key {path} belongs to another user',
        todo: 'it must belong to you or to root',
      },
      'others-may-use': {
        text: 'others may read or write the signing key {path} (mode {mode})',
        todo: 'chmod 600 {path}',
      },
      'no-key': {
        text: '{path} is no private key of OpenSSH',
        todo: 'make one with ssh-keygen -t ed25519 -N "" -f evidence_key',
      },
      encrypted: {
        text: 'the signing key {path} is encrypted, and muster asks for no passphrase',
        todo: 'run muster evidence without a key, then sign the folder: ssh-keygen -Y sign -f KEY -n muster-evidence manifest.sha256',
      },
      'other-type': {
        text: 'the signing key {path} is of the type {type}, expected {expected}',
        todo: 'make one with ssh-keygen -t ed25519 -N "" -f evidence_key',
      },
    },
  },
  SINK_FAILED: {
    exit: 'input',
    blame: 'user',
    when: 'A new secret did not arrive in its sink, or the sink cannot be used.',
    texts: {
      'no-such-sink': { text: 'there is no sink {name}', todo: 'define it in secrets.sinks of muster.yaml' },
      'no-program': {
        text: 'the program {program} of {what} cannot be found',
        todo: 'install it, or correct the command in muster.yaml',
      },
      'variables-not-set': {
        text: '{what} needs {variables}, which {are} not set',
        todo: 'set it in the environment of muster, or take it out of muster.yaml',
      },
      'no-input': {
        text: 'the sink {name} cannot be given a secret: {why}',
        todo: 'set TMPDIR to a folder that muster may write',
      },
      'not-started': { text: 'the sink {name} could not be started: {why}', todo: 'check its command in muster.yaml' },
      failed: { text: 'the sink {name} ended with {ending}', todo: 'run its command by hand to see why' },
      'secret-not-read': {
        text: 'the sink {name} ended without reading the secret',
        todo: 'its command has to read standard input to the end before it exits',
      },
      'not-confirmed': {
        text: 'the sink {name} did not confirm the secret that it was given',
        todo: 'its command has to print the SHA-256 of exactly what it stored, in hexadecimal',
      },
      'username-as-option': {
        text: "the username {user} would be read as an option by the sink's command",
        todo: 'put something before {placeholder} in the command, such as --user={placeholder}',
      },
      'username-as-folder': {
        text: "the username {user} would lead the sink's command to another folder",
        todo: 'put something beside {placeholder} in the command, such as user-{placeholder}/{name}',
      },
    },
  },
} as const;
