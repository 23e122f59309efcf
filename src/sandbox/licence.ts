/** What a licence grants, as far as the users API cares. */
export interface Licence {
  readonly sku: 'professional' | 'enterprise' | 'advanced';
  /** Seats that were bought; they bind only where `enforceSeats` is on. */
  readonly users: number;
  readonly extraUsers: number;
  readonly enforceSeats: boolean;
  readonly guests: boolean;
  readonly ldap: boolean;
  readonly ldapGroups: boolean;
  readonly saml: boolean;
  readonly mfa: boolean;
  readonly customPermissionsSchemes: boolean;
}

/** How a licence is asked for: by name, or in full, or by its differences from the enterprise one. */
export type LicenceOption = 'none' | 'professional' | 'enterprise' | Partial<Licence>;

const enterprise: Licence = {
  sku: 'enterprise',
  users: 1_000_000,
  extraUsers: 0,
  enforceSeats: false,
  guests: true,
  ldap: true,
  ldapGroups: true,
  saml: true,
  mfa: true,
  customPermissionsSchemes: true,
};

const professional: Licence = { ...enterprise, sku: 'professional', ldapGroups: false };

/** @returns undefined for a server without a licence */
export function makeLicence(option: LicenceOption = 'none'): Licence | undefined {
  if (option === 'none') return undefined;
  if (option === 'professional') return professional;
  if (option === 'enterprise') return enterprise;
  return { ...enterprise, ...option };
}

/** The seats of a server: where it warns, and where it refuses to create or activate (API §7.4). 0 = no limit. */
export interface SeatLimits {
  readonly soft: number;
  readonly hard: number;
}

export function seatLimits(licence: Licence | undefined): SeatLimits {
  if (licence === undefined) return { soft: 200, hard: 250 };
  if (!licence.enforceSeats) return { soft: 0, hard: 0 };
  return { soft: licence.users, hard: licence.users + licence.extraUsers };
}
