//! The models' side: wire formats, streaming, providers.
