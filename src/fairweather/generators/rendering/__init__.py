"""Weather drawn on ready pictures: the classical strategies of the reference study, one per file, and what they share."""
