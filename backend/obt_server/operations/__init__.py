"""Operations on models: what a person asked clients to do to their Ollamas, how far it is, who asked for it."""
