import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { sidebar } from '../navigation.mjs';

const pages = fileURLToPath(new URL('../pages', import.meta.url));
const titles = new Map(
  readdirSync(pages, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => [name.replace(/\.md$/, ''), titleOf(readFileSync(join(pages, name), 'utf8'))]),
);

function titleOf(text) {
  const [, title = 'Untitled'] = /^# (.+)$/m.exec(text) ?? [];
  return title.replaceAll('`', '');
}

/** As on GitHub, so that one link fits both. */
const slugify = (text) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

export default defineConfig({
  title: 'muster',
  description: 'Users as code for Mattermost',
  lang: 'en',
  srcDir: 'pages',
  base: process.env.MUSTER_SITE_BASE ?? '/',
  lastUpdated: false,
  markdown: { html: false, anchor: { slugify }, headers: { slugify } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'First day', link: '/first-day' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Commands', link: '/reference/commands' },
      { text: 'Messages', link: '/reference/errors' },
    ],
    sidebar: sidebar(titles),
    outline: { level: [2, 3] },
    footer: { message: 'Apache-2.0' },
  },
});
