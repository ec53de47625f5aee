//! The config of LiteLLM as providers of waarborg.toml and recipients of register.toml, with an account of what was
//! not taken over and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::command::yaml::{Node, Value, YamlFault, read};

/// Which of LiteLLM's providers speak a format that we know: its name there, ours, and where it is found.
const PROVIDERS: [(&str, &str, Option<&str>); 15] = [
    ("openai", "openai", Some("https://api.openai.com/v1")),
    (
        "text-completion-openai",
        "openai",
        Some("https://api.openai.com/v1"),
    ),
    (
        "anthropic",
        "anthropic",
        Some("https://api.anthropic.com/v1"),
    ),
    ("ollama", "ollama", Some("http://127.0.0.1:11434")),
    ("ollama_chat", "ollama", Some("http://127.0.0.1:11434")),
    ("mistral", "openai", Some("https://api.mistral.ai/v1")),
    ("groq", "openai", Some("https://api.groq.com/openai/v1")),
    ("deepseek", "openai", Some("https://api.deepseek.com/v1")),
    ("openrouter", "openai", Some("https://openrouter.ai/api/v1")),
    ("xai", "openai", Some("https://api.x.ai/v1")),
    ("hosted_vllm", "openai", None),
    ("openai_like", "openai", None),
    ("custom_openai", "openai", None),
    ("lm_studio", "openai", None),
    ("litellm_proxy", "openai", None),
];

/// What is done here of what stands in `litellm_params`.
const TAKEN: [&str; 8] = [
    "model",
    "api_base",
    "base_url",
    "api_key",
    "weight",
    "timeout",
    "input_cost_per_token",
    "output_cost_per_token",
];

/// Parts of the file that have a counterpart of another form, or none.
const PARTS: [(&str, &str); 8] = [
    (
        "guardrails",
        "every request is screened here, by the policy of the register",
    ),
    (
        "general_settings",
        "keys are issued with `waarborg keys issue`, and what is kept stands in the register",
    ),
    (
        "router_settings",
        "recipients with the same model stand in for each other; weights, retries and timeouts belong to each",
    ),
    (
        "litellm_settings",
        "recipients with the same model stand in for each other; nothing is cached or called back",
    ),
    ("mcp_servers", "tools are the business of the client"),
    (
        "environment_variables",
        "put secrets in files that key_file names, or in the environment of the program",
    ),
    (
        "credential_list",
        "name the key of each provider with key_file or key_env",
    ),
    ("include", "import the other files one by one"),
];

/// What came of a file.
#[derive(Debug, Default)]
pub(super) struct Import {
    /// Who is asked, in the order of the file.
    pub(super) recipients: Vec<Recipient>,
    /// What was not taken over.
    pub(super) left: Vec<Note>,
}

/// Something that was not taken over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) why: String,
}

/// One address with one key: a recipient of its own.
#[derive(Debug)]
pub(super) struct Recipient {
    name: String,
    provider: &'static str,
    base_url: String,
    key: Key,
    /// The names that clients use, and by which the recipient knows them.
    models: BTreeMap<String, String>,
    weight: Option<u64>,
    answer_seconds: Option<u64>,
    /// Cents per million tokens, read and written.
    prices: (Option<u64>, Option<u64>),
}

/// Where a key is found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    None,
    /// In the environment, by this name.
    Environment(String),
    /// It stood in the file itself, on this line.
    Written(usize),
}

/// Translates a file.
///
/// # Errors
///
/// [`YamlFault`] when it is no YAML.
pub(super) fn import(source: &str) -> Result<Import, YamlFault> {
    let document = read(source)?;
    let mut import = Import::default();
    let models = document.get("model_list").map(Node::items);
    for deployment in models.unwrap_or_default() {
        import.take(deployment);
    }
    if let Value::Table(parts) = &document.value {
        for (name, part) in parts.iter().filter(|(name, _)| name != "model_list") {
            let known = PARTS.iter().find(|(known, _)| known == name);
            let why = known.map_or("it has no counterpart here", |(_, why)| why);
            import.leave(part, name, why);
        }
    }
    Ok(import)
}

impl Import {
    /// The names of the models that were taken over.
    pub(super) fn models(&self) -> Vec<&str> {
        let models = self.recipients.iter().flat_map(|one| one.models.keys());
        models.map(String::as_str).collect()
    }

    fn leave(&mut self, node: &Node, name: &str, why: &str) {
        self.left.push(Note {
            line: node.line,
            name: name.to_owned(),
            why: why.to_owned(),
        });
    }

    fn take(&mut self, deployment: &Node) {
        let model = deployment.get("model_name").and_then(Node::word);
        let params = deployment.get("litellm_params");
        let asked = params.and_then(|params| params.get("model")?.word());
        let (Some(model), Some(params), Some(asked)) = (model, params, asked) else {
            self.leave(
                deployment,
                "model_list",
                "it names no model_name and litellm_params.model",
            );
            return;
        };
        let (prefix, known_as) = asked.split_once('/').unwrap_or(("openai", asked));
        let Some((_, provider, usual)) = PROVIDERS.iter().find(|(name, _, _)| *name == prefix)
        else {
            let why = format!(
                "Waarborg does not speak the format of {prefix}; a server in between that speaks OpenAI's will do"
            );
            self.leave(deployment, model, &why);
            return;
        };
        let word = |name: &str| params.get(name).and_then(Node::word);
        let base_url = word("api_base").or_else(|| word("base_url"));
        let Some(base_url) = base_url.or(*usual) else {
            self.leave(deployment, model, "it has no api_base");
            return;
        };
        if base_url.starts_with("os.environ/") {
            self.leave(
                deployment,
                model,
                "its address stands in the environment; the register must name it",
            );
            return;
        }
        let key = key(params.get("api_key"));
        let place = self.place(prefix, provider, base_url, &key);
        let Some(recipient) = self.recipients.get_mut(place) else {
            return;
        };
        let before = recipient.models.get(model).cloned();
        if before.as_ref().is_some_and(|before| before != known_as) {
            self.leave(
                deployment,
                model,
                "the same recipient has this model already, under another name",
            );
            return;
        }
        recipient
            .models
            .insert(model.to_owned(), known_as.to_owned());
        let number = |name: &str| word(name).and_then(|word| word.parse::<f64>().ok());
        recipient.weight = number("weight").map(whole).or(recipient.weight);
        recipient.answer_seconds = number("timeout").map(whole).or(recipient.answer_seconds);
        // What one token costs in money, in hundredths of it for a million.
        let price = |name: &str| number(name).map(|cost| whole(cost * 100_000_000.0));
        recipient.prices.0 = price("input_cost_per_token").or(recipient.prices.0);
        recipient.prices.1 = price("output_cost_per_token").or(recipient.prices.1);
        if let Value::Table(rows) = &params.value {
            for (name, node) in rows
                .iter()
                .filter(|(name, _)| !TAKEN.contains(&name.as_str()))
            {
                let why = match name.as_str() {
                    "rpm" | "tpm" => {
                        "shares belong to a key: `waarborg keys issue --requests-per-minute … --tokens-per-day …`"
                    }
                    "mock_response" => "no answers are invented here",
                    _ => "it has no counterpart here",
                };
                self.leave(node, &format!("{model}.{name}"), why);
            }
        }
    }

    /// The place of the recipient with this address and key.
    fn place(&mut self, prefix: &str, provider: &'static str, base_url: &str, key: &Key) -> usize {
        let is_it = |one: &Recipient| {
            one.provider == provider && one.base_url == base_url && same(&one.key, key)
        };
        if let Some(place) = self.recipients.iter().position(is_it) {
            return place;
        }
        let stem = prefix.replace('_', "-");
        let is_free = |name: &String| self.recipients.iter().all(|one| one.name != *name);
        let numbered = (2..).map(|number: usize| format!("{stem}-{number}"));
        let name = std::iter::once(stem.clone()).chain(numbered).find(is_free);
        self.recipients.push(Recipient {
            name: name.unwrap_or(stem),
            provider,
            base_url: base_url.to_owned(),
            key: key.clone(),
            models: BTreeMap::new(),
            weight: None,
            answer_seconds: None,
            prices: (None, None),
        });
        self.recipients.len() - 1
    }

    /// The sections of waarborg.toml.
    pub(super) fn settings(&self) -> String {
        let mut toml = "# waarborg.toml: taken over from LiteLLM.\n".to_owned();
        for recipient in &self.recipients {
            // Writing to a String does not fail.
            let _ = recipient.settings(&mut toml);
        }
        toml
    }

    /// The sections of register.toml. What only the organisation knows is left open, and `waarborg check` asks for it.
    pub(super) fn register(&self) -> String {
        let mut toml = "# register.toml: taken over from LiteLLM. Fill in what is left open, and name these recipients with the purposes that use them.\n".to_owned();
        for recipient in &self.recipients {
            let _ = recipient.register(&mut toml);
        }
        toml
    }
}

impl Recipient {
    fn settings(&self, toml: &mut String) -> std::fmt::Result {
        let models: Vec<String> = self.models.keys().map(|name| quoted(name)).collect();
        writeln!(
            toml,
            "\n[provider.{}]\nmodels = [{}]",
            self.name,
            models.join(", ")
        )?;
        let renamed = self
            .models
            .iter()
            .filter(|(name, known_as)| name != known_as);
        let names: Vec<String> = renamed
            .map(|(name, known_as)| format!("{} = {}", quoted(name), quoted(known_as)))
            .collect();
        if !names.is_empty() {
            writeln!(toml, "names = {{ {} }}", names.join(", "))?;
        }
        match &self.key {
            Key::None => {}
            Key::Environment(name) => writeln!(toml, "key_env = {}", quoted(name))?,
            Key::Written(line) => writeln!(
                toml,
                "key_file = {} # put the key in there that stands on line {line} of LiteLLM's file",
                quoted(&format!("keys/{}", self.name))
            )?,
        }
        for (name, number) in [
            ("weight", self.weight.map(|weight| weight.min(1000))),
            (
                "answer_seconds",
                self.answer_seconds.map(|seconds| seconds.clamp(1, 3600)),
            ),
            ("input_cents_per_million", self.prices.0),
            ("output_cents_per_million", self.prices.1),
        ] {
            if let Some(number) = number {
                writeln!(toml, "{name} = {number}")?;
            }
        }
        Ok(())
    }

    fn register(&self, toml: &mut String) -> std::fmt::Result {
        let name = quoted(&self.name);
        writeln!(
            toml,
            "\n[recipient.{}]\nlabel = {{ nl = {name}, en = {name} }}\nkind = \"llm\"",
            self.name
        )?;
        writeln!(
            toml,
            "provider = \"{}\"\nbase_url = {}\nfields = [\"prompt\"]",
            self.provider,
            quoted(&self.base_url)
        )?;
        toml.write_str(
            "# country =         where it stands\n# destination =     own, eu, outside-eu or public\n# dpa =             the evidence of the contract\n\
             # stores_input =    whether it keeps what it gets\n# trains =          whether it trains on that\n",
        )
    }
}

fn key(node: Option<&Node>) -> Key {
    match node.map(|node| (node.line, node.word().unwrap_or_default())) {
        None | Some((_, "" | "null" | "~")) => Key::None,
        Some((line, word)) => word
            .strip_prefix("os.environ/")
            .map_or(Key::Written(line), |name| Key::Environment(name.to_owned())),
    }
}

/// Keys that stand in the file are not compared: nobody sees whether they are the same.
fn same(one: &Key, other: &Key) -> bool {
    one == other && !matches!(one, Key::Written(_))
}

fn whole(number: f64) -> u64 {
    // A number that does not fit is none that anybody means; the settings refuse what is too large.
    format!("{:.0}", number.max(0.0))
        .parse()
        .unwrap_or_default()
}

/// A word as TOML writes it, which is as JSON does.
fn quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "
model_list:
  - model_name: klein
    litellm_params: {model: openai/gpt-4o-mini, api_key: os.environ/OPENAI_API_KEY, input_cost_per_token: 1.5e-07, output_cost_per_token: 0.0000006, rpm: 60}
  - model_name: groot
    litellm_params: {model: gpt-4o, api_key: os.environ/OPENAI_API_KEY, timeout: 30}
  - model_name: klein
    litellm_params: {model: hosted_vllm/klein, api_base: 'http://10.0.0.5:8000/v1', weight: 3}
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: sk-ant-heel-geheim}
  - model_name: elders
    litellm_params: {model: bedrock/anthropic.claude-v2}
litellm_settings: {callbacks: [langfuse]}
general_settings: {master_key: sk-1234}
";

    #[test]
    fn models_become_providers_and_recipients_and_the_rest_is_told() {
        let import = import(CONFIG).unwrap();
        assert_eq!(
            import.settings(),
            "# waarborg.toml: taken over from LiteLLM.

[provider.openai]
models = [\"groot\", \"klein\"]
names = { \"groot\" = \"gpt-4o\", \"klein\" = \"gpt-4o-mini\" }
key_env = \"OPENAI_API_KEY\"
answer_seconds = 30
input_cents_per_million = 15
output_cents_per_million = 60

[provider.hosted-vllm]
models = [\"klein\"]
weight = 3

[provider.anthropic]
models = [\"claude\"]
names = { \"claude\" = \"claude-sonnet-4-5\" }
key_file = \"keys/anthropic\" # put the key in there that stands on line 10 of LiteLLM's file
"
        );
        let register = import.register();
        assert!(register.contains("[recipient.hosted-vllm]"), "{register}");
        assert!(register.contains("base_url = \"http://10.0.0.5:8000/v1\""));
        let left: Vec<&str> = import.left.iter().map(|note| note.name.as_str()).collect();
        assert_eq!(
            left,
            [
                "klein.rpm",
                "elders",
                "litellm_settings",
                "general_settings"
            ]
        );
        let all = format!("{}{register}{:?}", import.settings(), import.left);
        assert!(!all.contains("geheim") && !all.contains("sk-1234"), "{all}");
    }

    #[test]
    fn what_is_no_config_gives_nothing_or_says_where() {
        assert!(import("model_list: [").is_err());
        assert!(import("model_list: []").unwrap().recipients.is_empty());
        for odd in [
            "model_list: [7, {model_name: x}]",
            "model_list: {model_name: [x], litellm_params: y}",
        ] {
            let import = import(odd).unwrap();
            assert!(
                import.recipients.is_empty() && !import.left.is_empty(),
                "{odd}"
            );
        }
    }
}
