import { useData } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import './style.css';

/** All pages at the end of each: menus and search need scripts, and pages do not. */
function AllPages() {
  const { theme, site } = useData();
  const sections = theme.value.sidebar.map(({ text, items }) =>
    h('section', [
      h('h2', text),
      h(
        'ul',
        items.map((item) =>
          h('li', h('a', { href: `${site.value.base.slice(0, -1)}${pathOf(item.link)}` }, item.text)),
        ),
      ),
    ]),
  );
  return h('nav', { class: 'all-pages', 'aria-label': 'All pages' }, sections);
}

const pathOf = (link) => (link.endsWith('/') ? link : `${link}.html`);

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-after': () => h(AllPages) }),
};
