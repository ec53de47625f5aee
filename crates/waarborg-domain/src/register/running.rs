//! What runs but is not declared stops the start.

use super::{Fault, Register, Severity};

/// What the program would run: found in the store, the logger, the router and the gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    /// The tables of the store.
    pub tables: Vec<String>,
    /// The fields that log lines may have, as (stream, field).
    pub log_fields: Vec<(String, String)>,
    /// The routes that take data in, as (method, path).
    pub routes: Vec<(String, String)>,
    /// The fields that may leave, as (recipient, field).
    pub outgoing_fields: Vec<(String, String)>,
    /// The cookies that may be set.
    pub cookies: Vec<String>,
    /// The lengths of time for which the program waits.
    pub terms: Vec<String>,
}

impl Register {
    /// Everything that would run without a declaration; the start stops unless this is empty.
    #[must_use]
    pub fn undeclared(&self, running: &Running) -> Vec<Fault> {
        let mut faults = Vec::new();

        for table in &running.tables {
            if !self.parts.tables.contains_key(table) {
                faults.push(undeclared(
                    "undeclared-table",
                    format!("table {table} exists but is not declared"),
                    format!("add [table.{table}] with holder, keeps, categories and retention"),
                ));
            }
        }
        for (stream, field) in &running.log_fields {
            if !self
                .parts
                .logs
                .get(stream)
                .is_some_and(|log| log.fields.contains(field))
            {
                faults.push(undeclared(
                    "undeclared-log-field",
                    format!("log stream {stream} would write field {field}, which is not declared"),
                    format!("add \"{field}\" to fields of [log.{stream}], or stop writing it"),
                ));
            }
        }
        for (method, path) in &running.routes {
            if !self
                .parts
                .routes
                .iter()
                .any(|route| route.matches(method, path))
            {
                faults.push(undeclared(
                    "undeclared-route",
                    format!("route {method} {path} takes data in but is not declared"),
                    format!("add [[route]] with path = \"{path}\", methods = [\"{method}\"], service and collects"),
                ));
            }
        }
        for (recipient, field) in &running.outgoing_fields {
            if !self.outgoing_fields(recipient).contains(field) {
                faults.push(undeclared(
                    "undeclared-outgoing-field",
                    format!(
                        "field {field} would go to recipient {recipient}, which is not declared"
                    ),
                    format!(
                        "add \"{field}\" to fields of [recipient.{recipient}], or stop sending it"
                    ),
                ));
            }
        }
        for cookie in &running.cookies {
            if !self
                .parts
                .cookies
                .iter()
                .any(|declared| declared.name == *cookie)
            {
                faults.push(undeclared(
                    "undeclared-cookie",
                    format!("cookie {cookie} would be set but is not declared"),
                    format!("add [cookie.{cookie}] with class, max_age and label"),
                ));
            }
        }
        for term in &running.terms {
            if !self.parts.terms.contains_key(term) {
                faults.push(undeclared(
                    "undeclared-term",
                    format!("the program waits for {term}, and nothing says how long"),
                    format!("add [term.{term}] with period and why"),
                ));
            }
        }
        faults
    }
}

impl super::Route {
    /// Whether a running route falls under this declaration.
    #[must_use]
    pub fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = self
            .methods
            .iter()
            .any(|declared| declared == "*" || declared.eq_ignore_ascii_case(method));
        let path_fits = match self.path.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => same_path(&self.path, path),
        };

        method_fits && path_fits
    }
}

/// Whether two paths are the same but for the names of their variable parts.
fn same_path(declared: &str, running: &str) -> bool {
    let variable = |part: &str| part.starts_with('{') && part.ends_with('}');
    let mut declared = declared.split('/');
    let mut running = running.split('/');
    loop {
        match (declared.next(), running.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other || variable(one) => {}
            _ => return false,
        }
    }
}

fn undeclared(code: &'static str, message: String, mend: String) -> Fault {
    Fault {
        code,
        file: "register.toml".to_owned(),
        line: 1,
        column: 1,
        message,
        mend,
        severity: Severity::Error,
    }
}
