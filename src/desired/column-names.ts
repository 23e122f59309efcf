/** What tables of other programs call the fields of a person: never taken as the field, only proposed for `--map`. */

const names: Readonly<Record<string, readonly string[]>> = {
  username: ['user', 'login', 'loginname', 'logon', 'logonname', 'uid', 'account', 'accountname', 'samaccountname']
    .concat(['benutzer', 'benutzername', 'anmeldename', 'utilisateur', 'nomdutilisateur', 'identifiant'])
    .concat(['usuario', 'nombredeusuario', 'utente', 'nomeutente', 'gebruiker', 'gebruikersnaam']),
  email: ['mail', 'emailaddress', 'mailaddress', 'emailadresse', 'mailadresse', 'courriel', 'adressemail'].concat([
    'adressecourriel',
    'correo',
    'correoelectronico',
    'userprincipalname',
    'upn',
  ]),
  first_name: ['givenname', 'forename', 'vorname', 'prenom', 'nombre', 'nome', 'voornaam'],
  last_name: [
    'surname',
    'familyname',
    'sn',
    'nachname',
    'familienname',
    'nomdefamille',
    'apellido',
    'apellidos',
  ].concat(['cognome', 'achternaam']),
  nickname: ['displayname', 'anzeigename', 'spitzname', 'surnom', 'apodo'],
  position: ['title', 'jobtitle', 'function', 'funktion', 'stelle', 'poste', 'fonction', 'cargo', 'puesto'],
  locale: ['language', 'sprache', 'langue', 'idioma'],
  active: ['enabled', 'isactive', 'aktiv', 'actif', 'activo', 'attivo'],
  ends: ['enddate', 'expires', 'enddatum', 'austritt', 'datedefin'],
  starts: ['startdate', 'startdatum', 'eintritt', 'datededebut'],
};

/** Without case, accents, blanks and signs. */
const plainName = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '')
    .toLowerCase();

const fieldsByName: ReadonlyMap<string, string> = new Map(
  Object.entries(names).flatMap(([field, others]) =>
    [plainName(field), ...others].map((name) => [name, field] as const),
  ),
);

/** The field that a column may be meant as. */
export const likelyField = (column: string): string | undefined => fieldsByName.get(plainName(column));

/** Ready to be typed. */
export const mapFlag = (column: string, field: string): string =>
  /^[\w.-]+$/.test(column) ? `--map ${column}=${field}` : `--map "${column.replaceAll(/["$`\\!]/g, '\\$&')}=${field}"`;
