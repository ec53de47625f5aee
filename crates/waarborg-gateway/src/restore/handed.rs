//! Which tool a string of an answer goes to: what comes back in it depends on the tool's name.

use std::collections::{BTreeMap, BTreeSet};

use waarborg_detect::Kinds;
use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::json::{Leaf, LeafKind, Segment};

/// How what a tool gets is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handed {
    /// A JSON text in a string.
    Arguments,
    /// A text as it stands.
    Text,
    /// JSON in the answer itself.
    Input,
}

impl Handed {
    /// What is restored in it, for a tool that gets these kinds.
    pub(crate) const fn scope(self, gets: Kinds) -> Scope {
        match self {
            Self::Arguments | Self::Input => Scope::ToolArguments(gets),
            Self::Text => Scope::ToolText(gets),
        }
    }
}

/// The tools that a document of an answer names, by the object in which the name stands.
#[derive(Default)]
pub(crate) struct Called<'l> {
    names: BTreeMap<&'l [Segment], &'l str>,
    /// The objects that say by their type that they are a call.
    calls: BTreeSet<&'l [Segment]>,
    /// The tool that is meant where a name would stand in the document itself, and none does.
    otherwise: Option<&'l str>,
}

impl<'l> Called<'l> {
    /// Those of a document. Where no name matters, none is looked for.
    pub(crate) fn by(leaves: &'l [Leaf], surrogates: &Surrogates) -> Self {
        let mut called = Self::default();
        if !surrogates.asks_for_tools() {
            return called;
        }
        for leaf in leaves.iter().filter(|leaf| leaf.kind == LeafKind::Text) {
            let Some((Segment::Key(key), object)) = leaf.path.segments().split_last() else {
                continue;
            };
            match &**key {
                "name" => {
                    called.names.insert(object, &leaf.text);
                }
                "type" => {
                    if leaf.text.ends_with("_call") {
                        called.calls.insert(object);
                    }
                    if let Some(tool) = built_in(&leaf.text) {
                        called.names.entry(object).or_insert(tool);
                    }
                }
                _ => {}
            }
        }
        called
    }

    /// With the tool that is meant where a name would stand in the document itself, and none does.
    pub(crate) fn otherwise(mut self, name: Option<&'l str>) -> Self {
        self.otherwise = name;
        self
    }

    /// How deep the call lies in which a string stands, if it stands in one.
    pub(crate) fn call_around(&self, path: &[Segment]) -> Option<usize> {
        if self.calls.is_empty() {
            return None;
        }
        let is_call = |depth: &usize| {
            path.get(..*depth)
                .is_some_and(|object| self.calls.contains(object))
        };
        (0..path.len()).find(is_call)
    }

    /// The tool of an object, that is of the first `depth` steps of a path.
    pub(crate) fn name(&self, path: &[Segment], depth: usize) -> Option<&'l str> {
        let named = path.get(..depth).and_then(|object| self.names.get(object));
        let otherwise = self.otherwise.filter(|_| depth == 0);
        named.copied().or(otherwise)
    }
}

/// The tool of a call that says by its type which it is, such as `local_shell_call`.
fn built_in(kind: &str) -> Option<&str> {
    let tool = kind.strip_suffix("_call")?;
    (!matches!(tool, "function" | "custom_tool")).then_some(tool)
}

/// The name of a tool that comes in pieces or again and again, as clients put it together.
#[derive(Debug, Default)]
pub(crate) struct Name(String);

impl Name {
    /// More is no name but an attack on memory.
    const LONGEST: usize = 1024;

    /// Takes a piece, and says whether the name is another one now.
    ///
    /// `None` if it is too long to be one.
    pub(crate) fn push(&mut self, piece: &str) -> Option<bool> {
        if piece.is_empty() || piece == self.0 {
            return Some(false);
        }
        if self.0.len() + piece.len() > Self::LONGEST {
            return None;
        }
        self.0.push_str(piece);
        Some(true)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
