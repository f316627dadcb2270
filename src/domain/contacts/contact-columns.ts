import { readContactNumber } from './contact-number.ts';

/** Which columns of a file mean what, by their names as the header has them. All others are kept as attributes. */
export interface ContactColumns {
  /** In the order in which they are said: given name, family name. */
  readonly name: readonly string[];
  /** In the order in which they are tried. */
  readonly phone: readonly string[];
  readonly email: string | null;
  readonly timeZone: string | null;
}

type Role = 'fullName' | 'givenName' | 'familyName' | 'phone' | 'mobile' | 'email' | 'timeZone';

/** Names of columns as programs write them, without marks, spaces and accents. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  fullName: [
    ...['name', 'fullname', 'contactname', 'contact', 'customer', 'customername', 'clientname', 'displayname', 'person', 'recipient'],
    ...['vollername', 'kunde', 'kontakt', 'ansprechpartner', 'nomcomplet', 'nometprenom', 'nombrecompleto', 'nombreyapellidos', 'cliente'],
    ...['nomecompleto', 'nominativo', 'naam', 'volledigenaam', 'namn', 'navn', 'nimi', 'imieinazwisko', '氏名', '名前', '姓名', '이름'],
  ],
  givenName: [
    ...['firstname', 'givenname', 'first', 'forename', 'fname', 'vorname', 'rufname', 'prenom', 'nombre', 'nombres', 'primeronombre', 'nome'],
    ...['primeironome', 'voornaam', 'fornamn', 'fornavn', 'etunimi', 'imie', 'jmeno', '名'],
  ],
  familyName: [
    ...['lastname', 'familyname', 'surname', 'last', 'lname', 'nachname', 'familienname', 'zuname', 'nom', 'nomdefamille', 'apellido', 'apellidos'],
    ...['cognome', 'sobrenome', 'apelido', 'ultimonome', 'achternaam', 'efternamn', 'etternavn', 'efternavn', 'sukunimi', 'nazwisko', 'prijmeni', '姓'],
  ],
  phone: [
    ...['phone', 'phonenumber', 'phoneno', 'telephone', 'telephonenumber', 'tel', 'telno', 'number', 'contactnumber', 'landline', 'homephone', 'workphone'],
    ...[
      'businessphone',
      'primaryphone',
      'mainphone',
      'phone1',
      'dayphone',
      'daytimephone',
      'telefon',
      'telefonnummer',
      'rufnummer',
      'festnetz',
      'telefonprivat',
    ],
    ...[
      'telefongeschaftlich',
      'numerodetelephone',
      'numerotelephone',
      'telephonefixe',
      'fixe',
      'telefono',
      'numerodetelefono',
      'numeroditelefono',
      'telefonofijo',
    ],
    ...[
      'telefone',
      'numerodetelefone',
      'telefoon',
      'telefoonnummer',
      'puhelin',
      'puhelinnumero',
      'numertelefonu',
      '電話',
      '電話番号',
      '电话',
      '전화번호',
      'тел',
      'телефон',
    ],
  ],
  mobile: [
    ...['mobile', 'mobilephone', 'mobilephonenumber', 'mobilenumber', 'cell', 'cellphone', 'cellnumber', 'cellular', 'phone2', 'handy', 'handynummer', 'mobil'],
    ...[
      'mobilnummer',
      'mobiltelefon',
      'portable',
      'telephoneportable',
      'telephonemobile',
      'movil',
      'telefonomovil',
      'celular',
      'cellulare',
      'telemovel',
      'mobiel',
    ],
    ...['whatsapp', 'whatsappnumber', 'sms', 'smsnumber', 'komorka', 'matkapuhelin', '携帯', '携帯電話', '手机'],
  ],
  email: [
    ...['email', 'emailaddress', 'mail', 'mailaddress', 'emailadresse', 'mailadresse', 'courriel', 'adressemail', 'adresseemail', 'adresseelectronique'],
    ...[
      'correo',
      'correoelectronico',
      'postaelettronica',
      'indirizzoemail',
      'correioeletronico',
      'emailadres',
      'epost',
      'epostadress',
      'sahkoposti',
      'メール',
      '邮箱',
    ],
  ],
  timeZone: ['timezone', 'tz', 'zeitzone', 'fuseauhoraire', 'zonahoraria', 'fusoorario', 'fusohorario', 'tijdzone'],
};

const roleOf = new Map<string, Role>(
  (['fullName', 'givenName', 'familyName', 'phone', 'mobile', 'email', 'timeZone'] as const).flatMap((role) =>
    NAMES[role].map((name) => [name, role] as const),
  ),
);

/**
 * Guesses what the columns of a file mean from their names; where no name tells which holds telephone numbers, the
 * column does in which most of the lines hold one.
 *
 * @param header the names as they stand in the file.
 * @param sample some lines of cells.
 * @param country in which numbers without one are read.
 */
export function guessColumns(header: readonly string[], sample: readonly (readonly string[])[], country: string): ContactColumns {
  const named = (role: Role) => header.filter((name) => roleOf.get(plainName(name)) === role);
  const given = named('givenName');
  const family = named('familyName');
  const full = named('fullName');
  const phone = [...named('phone'), ...named('mobile')];
  return {
    name: (family.length > 0 || full.length === 0) && given.length + family.length > 0 ? [...given.slice(0, 1), ...family] : full.slice(0, 1),
    phone: phone.length > 0 ? phone : mostlyNumbers(header, sample, country),
    email: named('email')[0] ?? null,
    timeZone: named('timeZone')[0] ?? null,
  };
}

/** Whether a file's first line is one of contacts already, and no header. */
export const looksLikeContact = (cells: readonly string[], country: string): boolean =>
  !cells.some((cell) => roleOf.has(plainName(cell))) && cells.some((cell) => /\d{5}/.test(cell.replace(/\D/g, '')) && readContactNumber([cell], country).ok);

function mostlyNumbers(header: readonly string[], sample: readonly (readonly string[])[], country: string): string[] {
  const counts = header.map((name, index) => ({ name, count: sample.filter((cells) => readContactNumber([cells[index] ?? ''], country).ok).length }));
  const best = counts.reduce((most, next) => (next.count > most.count ? next : most), { name: '', count: 0 });
  return best.count > 0 && best.count * 2 > sample.length ? [best.name] : [];
}

/** `E-mail ` and `e_mail` are one name; so are `Téléphone` and `telephone`. */
const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{Nd}]/gu, '')
    .toLowerCase();
