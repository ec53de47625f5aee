//! Text in, findings out: personal data in Dutch, English and more, with surrogates and their restoring.
