// The rooms of src/ and the arrows that may run between them. Arrows only go down this map.
const mayImport = {
  model: [],
  source: ['model'],
  config: ['model', 'source'],
  desired: ['model', 'source'],
  api: ['model'],
  resources: ['model', 'api'],
  match: ['model'],
  live: ['model'],
  plan: ['model', 'match'],
  runs: ['model'],
  audit: ['model', 'match', 'runs'],
  apply: ['model'],
  disk: [],
  journal: ['model', 'disk'],
  secrets: ['model', 'disk'],
  forge: ['model', 'api', 'disk'],
  report: ['model'],
  sandbox: [],
  app: [
    'model',
    'source',
    'config',
    'desired',
    'live',
    'resources',
    'api',
    'match',
    'plan',
    'runs',
    'audit',
    'apply',
    'disk',
    'journal',
    'secrets',
    'forge',
  ],
  daemon: ['model', 'config', 'app'],
  cli: ['model', 'config', 'app', 'daemon', 'report', 'sandbox'],
};

// Where a package may be imported.
const packageHome = {
  undici: ['api'],
  'p-queue': ['api', 'apply', 'live'],
  'js-yaml': ['source'],
  yaml: ['desired', 'report'],
  ajv: ['source', 'plan'],
  'ajv-formats': ['plan'],
  diff: ['report'],
  'string-width': ['report'],
  commander: ['cli'],
  croner: ['config'],
  'pg-boss': ['daemon'],
  'prom-client': ['daemon'],
  '@opentelemetry/api': ['daemon'],
  hono: ['sandbox', 'report', 'daemon'],
  '@hono/node-server': ['sandbox', 'daemon'],
};

const pure = ['model', 'match', 'plan', 'runs', 'audit', 'report'];
const roomPath = (rooms) => (rooms.length === 0 ? '^$' : `^src/(${rooms.join('|')})/`);

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/index\\.ts$', '\\.d\\.ts$'] },
      to: {},
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(mayImport).map(([room, others]) => ({
      name: `arrows-from-${room}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: roomPath([room, ...others]) },
    })),
    ...Object.entries(packageHome).map(([name, rooms]) => ({
      name: `home-of-${name.replace(/[^a-z]+/g, '-')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: roomPath(rooms) },
      to: { path: `node_modules/${name}/` },
    })),
    {
      name: 'packages-have-a-home',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/', pathNot: `node_modules/(${Object.keys(packageHome).join('|')}|@types)/` },
    },
    {
      name: 'secrets-are-opened-in-api-and-secrets-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(api|secrets|model)/' },
      to: { path: '^src/model/reveal-secret\\.ts$' },
    },
    {
      name: 'definitions-are-pure',
      severity: 'error',
      from: { path: '^src/resources/[^/]+/definition\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(model/|resources/[^/]+/definition-)' },
    },
    {
      name: 'kinds-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/resources/([^/]+)/' },
      to: { path: '^src/resources/[^/]+/', pathNot: '^src/resources/$1/' },
    },
    {
      name: 'pure-rooms-touch-no-world',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(util|crypto)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
