import { Document, isCollection, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { UserEntry, UsersFile } from '../model/generated/users-file.ts';

/** An entry to write, with a remark for whoever reads the file. */
export interface EntryToWrite {
  readonly entry: UserEntry;
  readonly remark?: string;
}

export interface FileToWrite {
  readonly defaults?: UsersFile['defaults'];
  readonly onCreate?: UsersFile['on_create'];
  readonly users: readonly EntryToWrite[];
}

/** Fields that read best on one line. */
const onOneLine: ReadonlySet<string> = new Set(['roles', 'auth', 'previous_usernames', 'defaults', 'on_create']);

const heading =
  ' Who: the people of this server. A field that is not named is not managed; deleting an entry is not offboarding.';

/** A users file as text: stable order, one entry after the other, remarks as comments. */
export function writeUsersFile({ defaults, onCreate, users }: FileToWrite): string {
  const document = new Document({
    version: 1,
    ...(defaults !== undefined && { defaults }),
    ...(onCreate !== undefined && { on_create: onCreate }),
    users: users.map(({ entry }) => entry),
  });
  document.commentBefore = heading;
  if (isMap(document.contents)) putOnOneLine(document.contents);
  const list = document.get('users');
  for (const [i, item] of isSeq(list) ? list.items.entries() : []) {
    if (!isMap(item)) continue;
    putOnOneLine(item);
    item.spaceBefore = i > 0;
    const remark = users[i]?.remark;
    if (remark !== undefined) item.commentBefore = ` ${remark}`;
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function putOnOneLine(map: YAMLMap): void {
  for (const { key, value } of map.items) {
    if (isScalar(key) && onOneLine.has(String(key.value)) && isCollection(value)) value.flow = true;
  }
}
