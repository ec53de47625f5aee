//! Who may open which route: one table, and nothing outside it.

/// What a member of staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Handles requests and watches over the processing.
    Officer,
    /// Checks, and changes nothing.
    Auditor,
    /// Keeps the installation running; reads no content.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Officer, Self::Auditor, Self::Operator];

    /// May this role open the console page at this path?
    #[must_use]
    pub fn may_see(self, path: &str) -> bool {
        rule("GET", path).is_some_and(|rule| rule.who.admits(Some(self)))
    }
}

/// Who is admitted to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, also before the notice.
    Anyone,
    /// A person whose session has acknowledged the notice; it reaches that session's things only.
    Acknowledged,
    /// A person who holds the secret that belongs to the thing.
    SecretHolder,
    /// Staff in one of these roles.
    Staff(&'static [Role]),
}

impl Who {
    /// Is somebody with this role, or with none, admitted? What a person's own session may do
    /// is decided by the use case; the console's roles are decided here.
    #[must_use]
    pub fn admits(self, role: Option<Role>) -> bool {
        match self {
            Self::Anyone | Self::Acknowledged | Self::SecretHolder => true,
            Self::Staff(roles) => role.is_some_and(|role| roles.contains(&role)),
        }
    }
}

/// One route and who is admitted to it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{names}` for what varies.
    pub path: &'static str,
    /// Who is admitted.
    pub who: Who,
}

const fn rule_for(method: &'static str, path: &'static str, who: Who) -> Rule {
    Rule { method, path, who }
}

const STAFF: Who = Who::Staff(&Role::ALL);
const OVERSIGHT: Who = Who::Staff(&[Role::Officer, Role::Auditor]);

/// Every route of the people's side. A route that is not in this table does not exist.
pub const RULES: &[Rule] = &[
    rule_for("GET", "/", Who::Anyone),
    rule_for("POST", "/notice", Who::Anyone),
    rule_for("GET", "/consent", Who::Anyone),
    rule_for("POST", "/consent", Who::Acknowledged),
    rule_for("POST", "/chat", Who::Acknowledged),
    rule_for("GET", "/chat/{conversation}", Who::Acknowledged),
    rule_for("POST", "/chat/{conversation}", Who::Acknowledged),
    rule_for("POST", "/chat/{conversation}/step", Who::Acknowledged),
    rule_for("POST", "/chat/{conversation}/delete", Who::Acknowledged),
    rule_for("GET", "/privacy", Who::Anyone),
    rule_for("GET", "/cookies", Who::Anyone),
    rule_for("GET", "/accessibility", Who::Anyone),
    rule_for("GET", "/rights", Who::Anyone),
    rule_for("POST", "/rights", Who::Anyone),
    rule_for("GET", "/rights/{reference}", Who::Anyone),
    rule_for("POST", "/rights/{reference}", Who::SecretHolder),
    rule_for("GET", "/my-data", Who::Acknowledged),
    rule_for("GET", "/my-data/download", Who::Acknowledged),
    rule_for("GET", "/my-data/erase", Who::Acknowledged),
    rule_for("POST", "/my-data/erase", Who::Acknowledged),
    rule_for("POST", "/api/v1/notice", Who::Anyone),
    rule_for("POST", "/api/v1/preview", Who::Acknowledged),
    rule_for("GET", "/api/v1/chat", Who::Acknowledged),
    rule_for("POST", "/api/v1/chat", Who::Acknowledged),
    rule_for(
        "POST",
        "/api/v1/chat/{conversation}/messages",
        Who::Acknowledged,
    ),
    rule_for("DELETE", "/api/v1/chat/{conversation}", Who::Acknowledged),
    rule_for("GET", "/console/enter", Who::Anyone),
    rule_for("POST", "/console/enter", Who::SecretHolder),
    rule_for("POST", "/console/leave", STAFF),
    rule_for("GET", "/console", STAFF),
    rule_for("GET", "/console/requests", OVERSIGHT),
    rule_for("GET", "/console/register", STAFF),
    rule_for("GET", "/console/audit", STAFF),
    rule_for("POST", "/console/audit", STAFF),
    rule_for("GET", "/console/try", STAFF),
    rule_for("POST", "/console/try", STAFF),
    rule_for("GET", "/assets/{digest}/{name}", Who::Anyone),
    rule_for("GET", "/healthz", Who::Anyone),
    rule_for("GET", "/readyz", Who::Anyone),
    rule_for("GET", "/openapi.json", Who::Anyone),
    rule_for("GET", "/.well-known/gpc.json", Who::Anyone),
];

/// The rule for a method and a path pattern.
#[must_use]
pub fn rule(method: &str, path: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.method == method && rule.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_reads_no_requests() {
        let seen = |role: Role| {
            RULES
                .iter()
                .filter(|rule| {
                    matches!(rule.who, Who::Staff(_))
                        && rule.method == "GET"
                        && role.may_see(rule.path)
                })
                .map(|rule| rule.path)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            seen(Role::Operator),
            [
                "/console",
                "/console/register",
                "/console/audit",
                "/console/try"
            ]
        );
        assert_eq!(seen(Role::Auditor), seen(Role::Officer));
        assert_eq!(seen(Role::Officer).len(), 5);
    }

    #[test]
    fn no_console_page_admits_somebody_without_a_role() {
        for rule in RULES
            .iter()
            .filter(|rule| rule.path.starts_with("/console") && !rule.path.ends_with("enter"))
        {
            assert!(!rule.who.admits(None), "{} {}", rule.method, rule.path);
        }
    }

    #[test]
    fn a_route_stands_in_the_table_once() {
        for one in RULES {
            let same = RULES
                .iter()
                .filter(|other| other.method == one.method && other.path == one.path);
            assert_eq!(same.count(), 1, "{} {}", one.method, one.path);
        }
    }
}
