//! What the store needs of the master key while it runs, and the fingerprints made with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;
use waarborg_domain::audit::{KeyTrace, LogName, LogSigner};
use waarborg_domain::ids::Token;
use waarborg_usecase::ports::ConversationSecrets;

use crate::keys::{Key, MacKey, Master, Place, mac, open, seal};

/// Keys derived from the master key; which stays in memory only through these.
pub(crate) struct Secrets {
    house: Key,
    house_trace: KeyTrace,
    signer: LogSigner,
    tokens: MacKey,
    conversations: MacKey,
    backups: Key,
    key_backups: Key,
    mark: String,
}

impl Secrets {
    pub(crate) fn new(master: &Master, log: LogName) -> Self {
        let house = master.derive("audit payloads");
        Self {
            house_trace: KeyTrace::of(house.as_bytes()),
            house,
            signer: master.log_signer(log),
            tokens: MacKey::new(&master.derive("fingerprints of tokens")),
            conversations: MacKey::new(&master.derive("surrogates of conversations")),
            backups: backup_key(master),
            key_backups: key_backup_key(master),
            mark: STANDARD.encode(mac(&master.derive("mark of the installation"), &[])),
        }
    }

    /// Seals entries that name nobody.
    pub(crate) fn house(&self) -> &Key {
        &self.house
    }

    /// The trace of that key.
    pub(crate) const fn house_trace(&self) -> KeyTrace {
        self.house_trace
    }

    pub(crate) fn signer(&self) -> &LogSigner {
        &self.signer
    }

    /// Makes the digests of backups.
    pub(crate) fn backups(&self) -> &Key {
        &self.backups
    }

    /// Makes the digests of backups of the key store.
    pub(crate) fn key_backups(&self) -> &Key {
        &self.key_backups
    }

    /// By this the data knows its keys.
    pub(crate) fn installation_mark(&self) -> &str {
        &self.mark
    }

    /// What is kept of a token: enough to recognise it, too little to make it.
    pub(crate) fn fingerprint(&self, kind: &str, token: &Token) -> [u8; 32] {
        self.tokens.mac(&[kind.as_bytes(), token.bytes()])
    }
}

/// The key of the digest at the end of a backup.
pub(crate) fn backup_key(master: &Master) -> Key {
    master.derive("digests of backups")
}

/// The key of the digest at the end of a backup of the key store.
pub(crate) fn key_backup_key(master: &Master) -> Key {
    master.derive("digests of key backups")
}

impl ConversationSecrets for Secrets {
    fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32] {
        self.conversations.mac(scope)
    }

    fn seal(&self, scope: &[&[u8]], text: &str) -> Option<Vec<u8>> {
        let key = Key::take(&mut self.conversation_key(scope))?;
        seal(&key, &IN_MEMORY, text.as_bytes()).ok()
    }

    fn open(&self, scope: &[&[u8]], sealed: &[u8]) -> Option<String> {
        let key = Key::take(&mut self.conversation_key(scope))?;
        let text = open(&key, &IN_MEMORY, sealed).ok()?;
        std::str::from_utf8(&text).ok().map(str::to_owned)
    }
}

/// Where what is sealed for minutes belongs: in no table.
const IN_MEMORY: Place<'static> = Place {
    table: "",
    row: &[],
    column: "text",
    subject: Uuid::nil(),
    category: "",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_memory_is_sealed_and_opens_for_who_names_the_same_scope() {
        let folder = tempfile::tempdir().unwrap();
        let master = Master::load_or_create(folder.path()).unwrap();
        let secrets = Secrets::new(&master, LogName::new("log").unwrap());
        let sealed = secrets.seal(&[b"a", b"bc"], "Kanarietekst").unwrap();
        assert!(!sealed.windows(6).any(|piece| piece == b"Kanari"));
        let opened = |scope: &[&[u8]]| secrets.open(scope, &sealed);
        assert_eq!(opened(&[b"a", b"bc"]).as_deref(), Some("Kanarietekst"));
        assert_eq!(opened(&[b"ab", b"c"]), None);
        assert_eq!(opened(&[b"a"]), None);
        let twice = secrets.seal(&[b"a", b"bc"], "Kanarietekst").unwrap();
        assert_ne!(twice, sealed, "each has a random number of its own");
        assert_eq!(secrets.open(&[b"a", b"bc"], &sealed[1..]), None);
    }
}
