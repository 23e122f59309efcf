import './read-yaml.test.ts';
