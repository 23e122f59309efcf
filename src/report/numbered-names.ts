const wordsOf = (text: string): readonly RegExpExecArray[] => [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)];
const keyOf = (text: string): string => text.toLowerCase();

/** Names, e-mails and the like, each with what is shown instead. Case makes no other person. */
export class NumberedNames {
  readonly #labels = new Map<string, string>();
  /** What belongs to one person goes before what it is of another. */
  readonly #own = new Map<string, Map<string, string>>();
  readonly #firstWords = new Set<string>();
  #people = 0;
  #longest = 0;
  /** Texts that were looked through and hold no name: plans say the same things again and again. */
  readonly #clean = new Set<string>();

  addPerson(name: string): string {
    const known = this.#labels.get(keyOf(name));
    if (known !== undefined) return known;
    this.#people += 1;
    const label = `person-${this.#people}`;
    this.#add(name, label);
    return label;
  }

  addDetail(person: string, field: string, text: string): void {
    const own = this.#own.get(person) ?? new Map<string, string>();
    this.#own.set(person, own);
    if (text === '' || own.has(keyOf(text)) || keyOf(text) === keyOf(person)) return;
    const base = `${this.addPerson(person)}-${field}`;
    const taken = new Set(own.values());
    let label = base;
    for (let i = 2; taken.has(label); i++) label = `${base}-${i}`;
    own.set(keyOf(text), label);
    this.#add(text, label);
  }

  #add(text: string, label: string): void {
    const words = wordsOf(text);
    const [first] = words;
    const last = words.at(-1);
    const forms = [text];
    if (first !== undefined && last !== undefined) {
      // In a sentence it is found from its first letter to its last.
      const bare = text.slice(first.index, last.index + last[0].length);
      forms.push(bare);
      this.#firstWords.add(keyOf(first[0]));
      this.#longest = Math.max(this.#longest, words.length);
    }
    for (const form of forms) if (!this.#labels.has(keyOf(form))) this.#labels.set(keyOf(form), label);
  }

  /** @param person - whose text it is, if it is known */
  replace(text: string, person = ''): string {
    if (this.#clean.has(text)) return text;
    const own = this.#own.get(person);
    const find = (part: string): string | undefined => own?.get(keyOf(part)) ?? this.#labels.get(keyOf(part));
    const replaced = find(text) ?? this.#replaceWords(text, find);
    if (replaced === text) this.#clean.add(text);
    return replaced;
  }

  /** Whole words only: `ada` inside `adamant` is not a name. The longest name that begins at a word is it. */
  #replaceWords(text: string, find: (part: string) => string | undefined): string {
    const words = wordsOf(text);
    const parts: string[] = [];
    let from = 0;
    for (let i = 0; i < words.length; i++) {
      const first = words[i];
      if (first === undefined || !this.#firstWords.has(keyOf(first[0]))) continue;
      for (let j = Math.min(words.length, i + this.#longest) - 1; j >= i; j--) {
        const last = words[j];
        if (last === undefined) continue;
        const end = last.index + last[0].length;
        const label = find(text.slice(first.index, end));
        if (label === undefined) continue;
        parts.push(text.slice(from, first.index), label);
        from = end;
        i = j;
        break;
      }
    }
    return `${parts.join('')}${text.slice(from)}`.replace(/[^\s@<>"(),;]+@[^\s@<>"(),;]+\.\p{L}{2,}/gu, '(e-mail)');
  }
}
