//! Sound that goes along with a document. Nobody looks into it before it goes, so it counts as holding everything that
//! there is: it goes to a model of one's own that the register lets have it, or where the policy stops nothing at all.

use std::ops::Range;
use std::sync::Arc;

use waarborg_detect::{About, AgeGroup, Kind, Whose};

use super::enclosed::Fixed;
use super::screen::{Report, Screening};
use crate::policy::{DataClass, Found, Policy, Setting, Verdict};
use crate::register::Destination;

/// The field under which the register lists sound among what a recipient may be sent.
pub const SOUND: &str = "sound";

/// Sound beside a document.
#[derive(Clone)]
pub struct Recording {
    form: Arc<Vec<u8>>,
    range: Range<usize>,
    kind: SoundKind,
}

impl Recording {
    /// The sound that stands in a form there, if it is any that we know.
    #[must_use]
    pub fn in_form(form: Arc<Vec<u8>>, range: Range<usize>) -> Option<Self> {
        let kind = SoundKind::of(form.get(range.clone())?)?;
        Some(Self { form, range, kind })
    }

    /// What kind of sound it is.
    #[must_use]
    pub const fn kind(&self) -> SoundKind {
        self.kind
    }

    /// As how many bytes of text it counts, where nobody counts what it uses: a minute is about a thousand tokens.
    #[must_use]
    pub fn n_bytes_of_text(&self) -> usize {
        self.range.len() / 125
    }
}

impl AsRef<[u8]> for Recording {
    fn as_ref(&self) -> &[u8] {
        self.form.get(self.range.clone()).unwrap_or_default()
    }
}

/// A kind of sound, as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundKind {
    /// MPEG audio.
    Mp3,
    /// MPEG-4, also with pictures.
    Mp4,
    /// Ogg, with whatever is in it.
    Ogg,
    /// WAVE.
    Wav,
    /// FLAC.
    Flac,
    /// `WebM` or Matroska.
    Webm,
}

impl SoundKind {
    /// What the first bytes say.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let at = |place: usize, expected: &[u8]| {
            bytes
                .get(place..)
                .is_some_and(|rest| rest.starts_with(expected))
        };
        if at(0, b"ID3") || is_frame(bytes) {
            Some(Self::Mp3)
        } else if at(4, b"ftyp") {
            Some(Self::Mp4)
        } else if at(0, b"OggS") {
            Some(Self::Ogg)
        } else if at(0, b"RIFF") && at(8, b"WAVE") {
            Some(Self::Wav)
        } else if at(0, b"fLaC") {
            Some(Self::Flac)
        } else if at(0, b"\x1a\x45\xdf\xa3") {
            Some(Self::Webm)
        } else {
            None
        }
    }

    /// The name under which a file of this kind goes; its own may say something of somebody.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Mp3 => "sound.mp3",
            Self::Mp4 => "sound.mp4",
            Self::Ogg => "sound.ogg",
            Self::Wav => "sound.wav",
            Self::Flac => "sound.flac",
            Self::Webm => "sound.webm",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Mp4 => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Webm => "audio/webm",
        }
    }
}

/// Whether a frame of MPEG audio, layer II or III, begins here.
fn is_frame(bytes: &[u8]) -> bool {
    let Some([0xff, kind, rate, _]) = bytes.get(..4) else {
        return false;
    };
    let (version, layer) = (kind >> 3 & 3, kind >> 1 & 3);
    kind >> 5 == 7
        && version != 1
        && matches!(layer, 1 | 2)
        && rate >> 4 != 15
        && rate >> 2 & 3 != 3
}

/// Stops a prompt whose sound may not go where it would.
pub(super) fn hear(report: &mut Report, screening: &Screening<'_>) {
    let setting = Setting {
        destination: screening.destination,
        has_ground: screening.has_ground,
        without_identifiers: false,
    };
    let stops = if screening.destination == Destination::Own {
        Vec::new()
    } else {
        what_stops(screening.policy, setting)
    };
    if stops.is_empty() {
        report.sent.unheard += 1;
        return;
    }
    for class in stops {
        if !report.stopped_by.contains(&class) {
            report.stopped_by.push(class);
        }
    }
    report.verdict = Verdict::Block;
    report.fixed = Some(Fixed::InSound);
}

/// The classes of data of which something could not go as it is.
fn what_stops(policy: &Policy, setting: Setting) -> Vec<DataClass> {
    let may_be_stopped = |kind: Kind, whose: Whose, age: Option<AgeGroup>| {
        let about = About {
            whose,
            age,
            ..About::default()
        };
        let class = policy.class(kind, 1.0);
        let found = Found {
            kind,
            class,
            score: 1.0,
            about: &about,
        };
        let goes = class == DataClass::NotPersonal
            || policy.decide(found, setting).verdict == Verdict::Allow;
        (!goes).then_some(class)
    };
    let mut stops = Vec::new();
    for kind in Kind::ALL {
        for whose in Whose::ALL {
            for age in [None, Some(AgeGroup::Child), Some(AgeGroup::Adult)] {
                stops.extend(may_be_stopped(*kind, *whose, age));
            }
        }
    }
    if policy.decide_on_list(setting).verdict != Verdict::Allow {
        stops.push(DataClass::BulkList);
    }
    stops.sort();
    stops.dedup();
    stops
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finder::{Finder, FinderFailed};
    use crate::json::{LeafKind, Limits, Path};
    use crate::prompt::{LeafRole, Prompt, Protocol, Screen, Waived};
    use waarborg_detect::Finding;
    use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};

    /// Finds nothing.
    struct Nothing;

    impl Finder for Nothing {
        fn find(&self, _: &str) -> Result<Vec<Finding>, FinderFailed> {
            Ok(Vec::new())
        }
    }

    struct Strings;

    impl Protocol for Strings {
        fn role(&self, _: &Path, _: LeafKind, _: &str) -> LeafRole {
            LeafRole::Text
        }
    }

    fn recording(bytes: &[u8]) -> Option<Recording> {
        let form = [b"voor", bytes, b"na"].concat();
        Recording::in_form(Arc::new(form), 4..4 + bytes.len())
    }

    fn screened(policy: &str, destination: Destination) -> Screen {
        let body = br#"{"model":"m"}"#.to_vec();
        let prompt = Prompt::parse(body, &Limits::default(), &Strings).unwrap();
        let prompt = prompt.with_recording(recording(b"OggS...").unwrap());
        let screening = Screening {
            finder: &Nothing,
            policy: &Policy::shipped(policy).unwrap(),
            destination,
            has_ground: true,
            waived: &Waived::default(),
            witness: None,
        };
        let mut surrogates = Surrogates::new(ConversationKey::new([1; 32]), Language::Dutch);
        prompt.screen(&screening, &mut surrogates).unwrap()
    }

    #[test]
    fn sound_goes_to_an_own_model_or_where_nothing_is_stopped() {
        for (policy, destination, goes) in [
            ("strict", Destination::Own, true),
            ("strict", Destination::Eu, false),
            ("pseudonymise", Destination::Own, true),
            ("pseudonymise", Destination::Eu, false),
            ("formats", Destination::OutsideEu, false),
            ("observe", Destination::Public, true),
        ] {
            let screen = screened(policy, destination);
            let passed = match &screen {
                Screen::Passed { prompt, report } => {
                    assert_eq!(report.sent.unheard, 1);
                    assert_eq!(prompt.recording().unwrap().as_ref(), b"OggS...");
                    true
                }
                Screen::Refused { report } => {
                    assert_eq!(report.fixed, Some(Fixed::InSound));
                    assert!(report.stopped_by.contains(&DataClass::SpecialCategory));
                    false
                }
            };
            assert_eq!(passed, goes, "{policy} {destination:?}");
        }
    }

    #[test]
    fn what_is_sound_shows_in_its_first_bytes() {
        for (bytes, kind) in [
            (&b"ID3\x04\0"[..], Some(SoundKind::Mp3)),
            (b"\xff\xfb\x90\x64", Some(SoundKind::Mp3)),
            (b"\xff\xf1\x50\x80", None),
            (b"\xff\xff\xff\xff", None),
            (b"\xff\xfb", None),
            (b"\0\0\0\x20ftypM4A ", Some(SoundKind::Mp4)),
            (b"OggS", Some(SoundKind::Ogg)),
            (b"RIFF\x24\0\0\0WAVEfmt ", Some(SoundKind::Wav)),
            (b"RIFF\x24\0\0\0AVI ", None),
            (b"fLaC", Some(SoundKind::Flac)),
            (b"\x1a\x45\xdf\xa3", Some(SoundKind::Webm)),
            (b"%PDF-1.7", None),
            (b"", None),
        ] {
            assert_eq!(SoundKind::of(bytes), kind, "{bytes:?}");
        }
        assert!(recording(b"tekst").is_none());
    }
}
