import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openContactFile } from '../../src/domain/contacts/contact-file.ts';
import { ContactList, type ListLine } from '../../src/domain/contacts/contact-list.ts';

const FIXTURES = new URL('../fixtures/contacts/', import.meta.url);

async function readList(bytes: Uint8Array, country = 'US') {
  const file = openContactFile(bytes);
  const list = new ContactList({ country });
  const lines: ListLine[] = [];
  for await (const line of list.read(file.records())) lines.push(line);
  const of = <T extends ListLine['type']>(type: T) => lines.filter((line): line is Extract<ListLine, { type: T }> => line.type === type);
  return { file, list, contacts: of('contact'), duplicates: of('duplicate'), rejected: of('rejected'), ignored: of('ignored') };
}

const text = (content: string) => new TextEncoder().encode(content);
const utf16be = (content: string) => Buffer.from(content, 'utf16le').swap16();

describe('lists as programs and people write them', () => {
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.csv'))) {
    it(name, async () => {
      const expected = JSON.parse(readFileSync(new URL(name.replace('.csv', '.expected.json'), FIXTURES), 'utf8'));
      const { file, list, contacts, duplicates, rejected, ignored } = await readList(readFileSync(new URL(name, FIXTURES)), expected.defaultCountry);
      expect(file.delimiter).toBe(expected.delimiter === 'tab' ? '\t' : expected.delimiter);
      expect(list.columns).toMatchObject(expected.columns);
      expect(
        contacts.map(({ contact: { line, name: said, phoneNumber, email }, extension }) => ({
          line,
          name: said,
          phoneNumber,
          ...(extension && { extension }),
          email,
        })),
      ).toEqual(expected.accepted);
      expect(duplicates.map(({ of, contact: { line, phoneNumber } }) => ({ line, of, phoneNumber }))).toEqual(expected.duplicates);
      expect(rejected.map(({ line, reason, value }) => ({ line, reason, value }))).toEqual(expected.rejected);
      expect(ignored.map(({ line }) => line)).toEqual(expected.ignoredLines);
    });
  }
});

describe('how a file is written', () => {
  it('a spreadsheet that names its separator on a line of its own is understood, and lines count on', async () => {
    const { contacts } = await readList(text('sep=|\r\nName|Phone\r\nAnn, of course|202 555 0143\r\n'));
    expect(contacts).toMatchObject([{ contact: { line: 3, name: 'Ann, of course', phoneNumber: '+12025550143' } }]);
  });

  it.each([
    ['two bytes a character, big end first, with no mark', 'utf-16be', utf16be('Name,Phone\nÅse,2025550143\n')],
    ['two bytes a character, little end first, with no mark', 'utf-16le', Buffer.from('Name,Phone\nÅse,2025550143\n', 'utf16le')],
    ['one byte a character', 'windows-1252', Buffer.from('Name,Phone\nÅse,2025550143\n', 'latin1')],
    ['no mark', 'utf-8', text('Name,Phone\nÅse,2025550143\n')],
  ])('%s', async (_case, encoding, bytes) => {
    const { file, contacts } = await readList(bytes);
    expect(file.encoding).toBe(encoding);
    expect(contacts).toMatchObject([{ contact: { name: 'Åse', phoneNumber: '+12025550143' } }]);
  });

  it('a character, a line end and a quoted cell that fall on the border of two pieces are read whole', async () => {
    const filler = (bytes: number) => `${'x'.repeat(bytes - 'Name,Phone,Note\r\nAnn,2025550143,'.length)}`;
    for (const shift of [-3, -2, -1, 0, 1]) {
      const { contacts } = await readList(
        text(`Name,Phone,Note\r\nAnn,2025550143,${filler(64 * 1024 + shift)}\r\nÉric,2025550144,"a\r\nb"\r\nBo,2025550145,\r\n`),
      );
      expect(contacts.map(({ contact }) => [contact.line, contact.name])).toEqual([
        [2, 'Ann'],
        [3, 'Éric'],
        [5, 'Bo'],
      ]);
    }
  });

  it('a quotation mark that is never closed is told with its line; the lines before it are kept', async () => {
    const { records } = openContactFile(text('Name,Phone\nAnn,2025550143\n"Bob,2025550144\nCy,2025550145\n'));
    const seen: number[] = [];
    const reading = async () => {
      for await (const { line } of records()) seen.push(line);
    };
    await expect(reading()).rejects.toMatchObject({ name: 'BrokenFile', line: 3 });
    expect(seen).toEqual([1, 2]);
  });

  it('an empty file holds nobody', async () => {
    expect((await readList(text(''))).contacts).toEqual([]);
    expect((await readList(text('\n,,\n'))).ignored).toHaveLength(2);
  });
});

describe('columns', () => {
  it('a list without a header is read from its first line, by the column that holds numbers', async () => {
    const { list, contacts } = await readList(text('Ann,2025550143\nBo,2025550144\n'));
    expect(list.columns.phone).toEqual(['Column 2']);
    expect(contacts.map(({ contact }) => contact.line)).toEqual([1, 2]);
    expect(contacts[0]?.contact.attributes).toEqual([{ key: 'Column 1', value: 'Ann' }]);
  });

  it('a header that names no number is helped by what stands below it', async () => {
    const { list } = await readList(text('Who,Where to reach\nAnn,2025550143\nBo,2025550144\n'));
    expect(list.columns.phone).toEqual(['Where to reach']);
  });

  it('columns that are nothing else are kept as attributes, and an extension with them', async () => {
    const { contacts } = await readList(text('Name,Phone,Plan,Time zone,Empty\nAnn,202-555-0143 x7,gold,America/Denver,\n'));
    expect(contacts[0]?.contact).toEqual({
      line: 2,
      name: 'Ann',
      phoneNumber: '+12025550143',
      email: null,
      timeZone: 'America/Denver',
      attributes: [
        { key: 'Plan', value: 'gold' },
        { key: 'extension', value: '7' },
      ],
    });
  });

  it('a hundred thousand lines are read in a stream', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `P ${index},+1202${String(2_000_000 + index)}`);
    const { records } = openContactFile(text(`Name,Phone\n${lines.join('\n')}\n`));
    let count = 0;
    for await (const line of new ContactList({ country: 'US' }).read(records())) if (line.type === 'contact') count += 1;
    expect(count).toBe(100_000);
  });
});
