/**
 * Search and sort, for browsers that run scripts: the page is whole without. It only reads what stands in the table and moves or
 * hides rows; no text becomes HTML.
 */
export const script = `
'use strict';
const order = new Intl.Collator('en', { numeric: true });
for (const table of document.querySelectorAll('table.sortable')) {
  const [body] = table.tBodies;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const keyed = [...body.rows].map((row) => {
        const cell = row.cells[column];
        return { row, key: cell.dataset.key ?? cell.textContent };
      });
      keyed.sort((one, other) => order.compare(one.key, other.key));
      if (down) keyed.reverse();
      const sorted = document.createDocumentFragment();
      for (const { row } of keyed) sorted.append(row);
      body.append(sorted);
    });
  });
}
for (const tools of document.querySelectorAll('.tools')) {
  const table = document.getElementById(tools.dataset.table);
  const [search] = tools.getElementsByTagName('input');
  const [severity] = tools.getElementsByTagName('select');
  const [shown] = tools.getElementsByTagName('output');
  let texts;
  let waiting;
  const narrow = () => {
    texts ??= [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    const words = search.value.toLowerCase().split(' ').filter((word) => word !== '');
    let left = 0;
    for (const [row, text] of texts) {
      const fits =
        words.every((word) => text.includes(word)) &&
        (severity.value === '' || row.cells[0].className === severity.value);
      row.hidden = !fits;
      if (fits) left += 1;
    }
    shown.textContent = left + ' of ' + texts.length;
  };
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(narrow, 150);
  });
  severity.addEventListener('change', narrow);
  tools.hidden = false;
}
`;
