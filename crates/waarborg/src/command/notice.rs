//! `waarborg notice`: the privacy notice that follows from a register.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use waarborg_domain::{
    notice::{LANGUAGES, Layer, Notice as Derived, Shown},
    register::Register,
};

use crate::{
    clock::WallClock,
    command::register::compiled,
    configuration,
    home::Home,
    printer::{Output, Printer, tell},
    reading,
    stop::{Outcome, Stop},
};

/// The countries of ISO 3166-1.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE \
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC \
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA \
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO \
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Shows the privacy notice.
#[derive(Debug, Args)]
pub(crate) struct Notice {
    #[command(flatten)]
    which: Which,
    /// The form; with --output json it is JSON.
    #[arg(long, value_enum)]
    format: Option<Format>,
}

/// Which notice, for whom and when.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Another register than the one of the directory.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    register: Option<PathBuf>,
    /// Show the notice of a register with open places, and mark them.
    #[arg(long)]
    draft: bool,
    /// The day for which it is shown; today when it is not said.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// Where the person lives, as two letters, or with a part of the country (US-CA); it decides who the controller is.
    #[arg(long, value_name = "COUNTRY")]
    residence: Option<String>,
    /// The language.
    #[arg(long, value_parser = LANGUAGES.to_vec(), default_value = "nl")]
    pub(super) lang: String,
    /// How deep it goes: five lines, all of it, or all of it with articles and rules.
    #[arg(long, value_parser = Layer::ALL.map(Layer::name).to_vec(), default_value = "full")]
    layer: String,
    /// The notice of one group of services; all together when it is not said.
    #[arg(long = "notice", value_name = "NAME")]
    of: Option<String>,
    #[command(flatten)]
    home: Home,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown.
    Md,
    /// A page that stands alone.
    Html,
    /// Every statement with the rules that it follows from.
    Json,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the register cannot be used, or has open places and no draft was asked for.
pub(crate) fn run(ask: &Notice, printer: &mut Printer) -> Result<Outcome, Stop> {
    let notice = derived(&ask.which)?;
    let by_default = if printer.output() == Output::Json {
        Format::Json
    } else {
        Format::Md
    };
    let text = match ask.format.unwrap_or(by_default) {
        Format::Md => notice.to_markdown(),
        Format::Html => notice.to_html_page(),
        Format::Json => notice.to_json().to_string(),
    };
    printer.text(&text)?;
    if !text.ends_with('\n') {
        printer.text("\n")?;
    }
    Ok(Outcome::Good)
}

/// A country, or a part of one (ISO 3166-2).
fn is_place(residence: &str) -> bool {
    let (country, part) = match residence.split_once('-') {
        Some((country, part)) => (country, Some(part)),
        None => (residence, None),
    };
    let is_part = |part: &str| {
        let is_written = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        (1..=3).contains(&part.len()) && part.bytes().all(is_written)
    };
    COUNTRIES.split_whitespace().any(|known| known == country) && part.is_none_or(is_part)
}

/// The notice that was asked for.
pub(super) fn derived(ask: &Which) -> Result<Derived, Stop> {
    let register = if ask.draft {
        draft(ask)?
    } else {
        compiled(ask.register.as_ref(), &ask.home)?
    };
    if let Some(residence) = &ask.residence
        && !is_place(residence)
    {
        return Err(Stop::unusable(
            format!("{residence} is no country code"),
            "write two capital letters, such as NL or US, or a part of a country such as US-CA",
        ));
    }
    let today = configuration::today(&WallClock::of(&ask.home));
    if let Some(name) = &ask.of
        && !register.services().any(|service| service.notice == *name)
    {
        return Err(Stop::unusable(
            format!("no service has the notice {name}"),
            "name the notice of a service of the register",
        ));
    }
    let shown = Shown {
        at: ask.at.unwrap_or(today),
        residence: ask.residence.as_deref(),
        language: &ask.lang,
        notice: ask.of.as_deref(),
    };
    let layer = Layer::parse(&ask.layer).unwrap_or(Layer::Full);
    let notice = Derived::in_layer(&register, &shown, layer);
    if notice.is_open() && !ask.draft {
        return Err(Stop::refused(
            "the register has open places",
            "fill them in, or add --draft to see them marked",
        ));
    }
    Ok(notice)
}

/// The register as far as it can be read, with its open places.
fn draft(ask: &Which) -> Result<Register, Stop> {
    let path = ask.register.clone().unwrap_or_else(|| ask.home.register());
    let source = reading::file(&path)?;
    let today = configuration::today(&WallClock::of(&ask.home));
    let file = path.display().to_string();
    let (register, faults) = Register::draft(&source, &file, &configuration::law()?, today);
    for fault in faults.iter().filter(|fault| fault.is_error()) {
        tell(fault);
    }
    register.ok_or_else(|| {
        Stop::unusable(
            format!("{file} cannot be read as a register"),
            "mend it as written above",
        )
    })
}
