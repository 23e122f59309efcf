// Who may call an operation, in words that several rows share.

export const anySession: string = 'any session';
export const nobodySpecial: string = 'none: no session is needed';
export const systemAdmin: string = 'manage_system';
export const selfOrEdit: string = 'oneself, or edit_other_users (manage_system if the target is a system admin)';
export const selfOrEditOrBot: string = `${selfOrEdit}; for a bot manage_bots or manage_others_bots`;
export const writeUserManagement: string =
  'sysconsole_write_user_management_users (manage_system if the target is a system admin)';
export const readUserManagement: string = 'sysconsole_read_user_management_users';
