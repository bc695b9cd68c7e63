/** The Supabase CLI, as `npx -y` runs it. */

/** Pinned: another version may want its flags otherwise, or write the same types in another form. */
export const SUPABASE_CLI = "supabase@3.1.0";
