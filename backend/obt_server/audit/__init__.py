"""Who did what to which, from where: written down in the transaction that did it, and never changed."""
