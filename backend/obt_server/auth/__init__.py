"""Who sent this, and what they may do: enrolment tokens, client keys, sign-in links, browser sessions."""
