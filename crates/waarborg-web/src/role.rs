//! Who may open which route. The table of all routes stands in `route.rs`.

use crate::route::RULES;

pub use waarborg_domain::entry::Role;

/// May this role open the console page at this path?
#[must_use]
pub fn may_see(role: Role, path: &str) -> bool {
    rule("GET", path).is_some_and(|rule| rule.who.admits(Some(role)))
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
                        && may_see(role, rule.path)
                })
                .map(|rule| rule.path)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            seen(Role::Operator),
            [
                "/console",
                "/console/live",
                "/console/register",
                "/console/register/changes",
                "/console/register/changes/{id}",
                "/console/register/changes/{id}/notice",
                "/console/register/changes/{id}/text",
                "/console/register/changes/{id}/parts/{section}",
                "/console/register/changes/{id}/parts/{section}/{item}",
                "/console/audit",
                "/console/try"
            ]
        );
        assert_eq!(seen(Role::Auditor).len(), 14);
        assert!(seen(Role::Auditor).contains(&"/console/requests"));
        assert_eq!(seen(Role::Officer).len(), 21);
    }

    #[test]
    fn only_an_officer_reads_what_a_request_says_and_closes_it() {
        let path = "/console/requests/{reference}";
        for method in ["GET", "POST"] {
            let who = rule(method, path).unwrap().who;
            assert!(who.admits(Some(Role::Officer)));
            assert!(!who.admits(Some(Role::Auditor)) && !who.admits(Some(Role::Operator)));
        }
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
